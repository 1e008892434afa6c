import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkDataflow,
  compileDataflow,
  describeProblem,
  Layout,
  type LayoutField,
  type Row,
  Run,
  type RunCheckpoint,
  type StageResources,
  type StageType,
} from '../../../../server/dataflow/index.ts';
import { record } from '../../../../server/foundation/fields.ts';
import { silentLog } from '../../../../server/foundation/log.ts';
import { stageTypes } from '../../../../server/stages/index.ts';
import { createRowCodec } from '../../../../server/stages/spilling/row-codec.ts';

/** Rows at one port of the stage under test. */
interface GivenRows {
  readonly fields: readonly LayoutField[];
  readonly rows: readonly Row[];
}

export interface StageUnderTest {
  readonly type: string;
  readonly settings: object;
  /** By input port. */
  readonly inputs: Readonly<Record<string, GivenRows>>;
  readonly outputs?: readonly string[];
  readonly batchRows?: number;
  readonly checkpointRows?: number;
  readonly restored?: RunCheckpoint;
  readonly resources?: Partial<StageResources>;
}

export interface StageAnswer {
  /** Rows by output port. */
  readonly rows: Readonly<Record<string, Row[]>>;
  readonly layouts: Readonly<Record<string, readonly LayoutField[]>>;
  readonly checkpoints: readonly RunCheckpoint[];
}

/** Runs one stage in the real engine: sources give the rows, sinks keep what comes out. Throws what failed the run. */
export async function runStage(test: StageUnderTest): Promise<StageAnswer> {
  const rows: Record<string, Row[]> = {};
  const layouts: Record<string, readonly LayoutField[]> = {};
  const { document, types } = surround(test, rows, layouts);
  const plan = compileDataflow('test', document, types);
  const spillFolder = mkdtempSync(join(tmpdir(), 'spill-'));
  const checkpoints: RunCheckpoint[] = [];
  try {
    const run = new Run({
      plan,
      resources: { ...test.resources } as StageResources,
      log: silentLog,
      spillFolder,
      ...(test.checkpointRows !== undefined && { checkpointRows: test.checkpointRows }),
      ...(test.restored && { restored: test.restored }),
      onCheckpoint: async (checkpoint) => {
        checkpoints.push(JSON.parse(JSON.stringify(checkpoint)) as RunCheckpoint);
      },
    });
    const outcome = await run.execute();
    if (outcome.status === 'failed') throw outcome.error;
    expect(readdirSync(spillFolder)).toEqual([]);
    return { rows, layouts, checkpoints };
  } finally {
    rmSync(spillFolder, { recursive: true, force: true });
  }
}

/** What is wrong with a stage, as lines. */
export function problemsOf(test: StageUnderTest): readonly string[] {
  const { document, types } = surround(test, {}, {});
  return checkDataflow('test', document, types).problems.map(describeProblem);
}

function surround(test: StageUnderTest, rows: Record<string, Row[]>, layouts: Record<string, readonly LayoutField[]>) {
  const { type, settings, inputs, outputs = ['output_port'], batchRows = 7 } = test;
  const sources = Object.entries(inputs).map(([port, given]) => givingType(port, given, batchRows));
  const sinks = outputs.map((port) => keepingType(port, rows, layouts));
  const types = new Map([...stageTypes, ...[...sources, ...sinks].map((one) => [one.definition.name, one] as const)]);
  const stages = [
    ...sources.map(({ definition }) => ({ id: definition.name, type: definition.name })),
    { id: 'stage', type, settings },
    ...sinks.map(({ definition }) => ({ id: definition.name, type: definition.name })),
  ];
  const channels = [
    ...Object.keys(inputs).map((port) => ({
      from: { stage: `give ${port}`, port: 'output_port' },
      to: { stage: 'stage', port },
    })),
    ...outputs.map((port) => ({ from: { stage: 'stage', port }, to: { stage: `keep ${port}`, port: 'input_port' } })),
  ];
  return { document: { type: 'job', stages, channels }, types };
}

const one = (name: string) => ({ fixed: [{ name, description: name }] });

function givingType(port: string, { fields, rows }: GivenRows, batchRows: number): StageType {
  const name = `give ${port}`;
  return {
    definition: {
      name,
      label: name,
      group: 'sources',
      description: 'Gives rows',
      inputs: { fixed: [] },
      outputs: one('output_port'),
      settings: record('None', {}),
    },
    plan: () => ({
      outputs: new Map([['output_port', new Layout(fields)]]),
      problems: [],
      flow: 'streaming',
      canResume: true,
      open: ({ restored }) => ({
        async *batches() {
          for (let from = Number(restored ?? 0); from < rows.length; from += batchRows) {
            const batch = rows.slice(from, from + batchRows).map((row) => [...row]);
            yield { rows: batch, position: from + batch.length };
          }
        },
      }),
    }),
  };
}

function keepingType(
  port: string,
  rows: Record<string, Row[]>,
  layouts: Record<string, readonly LayoutField[]>,
): StageType {
  const name = `keep ${port}`;
  return {
    definition: {
      name,
      label: name,
      group: 'sinks',
      description: 'Keeps rows',
      inputs: one('input_port'),
      outputs: { fixed: [] },
      settings: record('None', {}),
    },
    plan: ({ inputs }) => {
      layouts[port] = inputs.get('input_port')?.fields ?? [];
      return {
        outputs: new Map(),
        problems: [],
        flow: 'streaming',
        canResume: true,
        open: ({ restored }) => {
          const codec = createRowCodec(layouts[port] ?? []);
          const kept = typeof restored === 'string' ? codec.decode(restored) : [];
          rows[port] = kept;
          return { process: (given) => void kept.push(...given), checkpoint: () => codec.encode(kept) };
        },
      };
    },
  };
}
