import type { SourceBatch, Stage, StageType } from '../../../../server/dataflow/definition.ts';
import { Layout } from '../../../../server/dataflow/layout.ts';
import type { Row } from '../../../../server/dataflow/values.ts';
import { integer, preset, record, text } from '../../../../server/foundation/fields.ts';

const one = (name: string) => ({ fixed: [{ name, description: name }] });
const none = { fixed: [] };
const numbers = new Layout([{ name: 'n', type: 'integer' }]);

/** Counts from 0; a position is the next number. */
const counting: StageType<{ readonly rows: number; readonly batch: number }> = {
  definition: {
    name: 'Counting',
    label: 'Counting',
    group: 'sources',
    description: 'Gives numbers',
    inputs: none,
    outputs: one('output_port'),
    settings: record('Settings', {
      rows: preset(integer('Rows', 0, 1_000_000), 10),
      batch: preset(integer('Rows of a batch', 1, 10_000), 3),
    }),
  },
  plan: ({ settings }) => ({
    outputs: new Map([['output_port', numbers]]),
    problems: [],
    flow: 'streaming',
    canResume: true,
    open: ({ restored }) => ({
      async *batches(): AsyncGenerator<SourceBatch> {
        for (let from = Number(restored ?? 0); from < settings.rows; from += settings.batch) {
          const count = Math.min(settings.batch, settings.rows - from);
          yield { rows: Array.from({ length: count }, (_, index) => [from + index]), position: from + count };
        }
      },
    }),
  }),
};

/** Even numbers to one port, odd ones to the other. */
const parity: StageType = {
  definition: {
    name: 'Parity',
    label: 'Parity',
    group: 'control',
    description: 'Splits numbers',
    inputs: one('input_port'),
    outputs: {
      fixed: [
        { name: 'even', description: 'Even numbers' },
        { name: 'odd', description: 'Odd numbers', isOptional: true },
      ],
    },
    settings: record('Settings', {}),
  },
  plan: ({ inputs }) => {
    const layout = inputs.get('input_port') as Layout;
    const missing = layout.positionOf('n') < 0;
    return {
      outputs: new Map(['even', 'odd'].map((port) => [port, layout])),
      problems: missing ? [{ port: 'input_port', field: 'n', sentence: 'the field n is missing' }] : [],
      flow: 'streaming',
      canResume: true,
      open: ({ outputs }) => ({
        async process(rows: Row[]) {
          await outputs.get('even')?.write(rows.filter(([n]) => Number(n) % 2 === 0));
          await outputs.get('odd')?.write(rows.filter(([n]) => Number(n) % 2 === 1));
        },
      }),
    };
  },
};

/** What a sink of a test got, and how it should behave. */
export interface Collected {
  readonly rows: Row[];
  delayMs?: number;
  failAt?: number;
  closed?: boolean;
}

/** Keeps rows in `collected` under the name in its settings; a checkpoint is the number of rows. */
function collecting(collected: Map<string, Collected>): StageType<{ readonly name: string }> {
  return {
    definition: {
      name: 'Collecting',
      label: 'Collecting',
      group: 'sinks',
      description: 'Keeps rows',
      inputs: { fixed: [], variable: { minimum: 1, maximum: 9 } },
      outputs: none,
      settings: record('Settings', { name: preset(text('Where to'), 'all') }),
    },
    plan: ({ settings }) => ({
      outputs: new Map(),
      problems: [],
      flow: 'streaming',
      canResume: true,
      open: ({ restored }) => open(collected.get(settings.name), restored, collected, settings.name),
    }),
  };
}

function open(known: Collected | undefined, restored: unknown, all: Map<string, Collected>, name: string): Stage {
  const target: Collected = known ?? { rows: [] };
  all.set(name, target);
  // Rows behind the checkpoint were written by an owner that is gone; the next one goes on at the checkpoint.
  target.rows.length = Math.min(target.rows.length, Number(restored ?? 0));
  return {
    async process(rows) {
      if (target.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, target.delayMs));
      target.rows.push(...rows);
      if (target.failAt !== undefined && target.rows.length >= target.failAt) throw new Error('the disk is full');
    },
    checkpoint: () => target.rows.length,
    close() {
      target.closed = true;
    },
  };
}

/** Stage types for tests of the engine, and what their sinks have collected by name. */
export function createStageTypes() {
  const collected = new Map<string, Collected>();
  const types: readonly StageType[] = [counting, parity, collecting(collected)];
  const byName = new Map(types.map((type) => [type.definition.name, type]));
  return { types: byName, collected };
}

/** A channel as documents write it: `a.port > b.port`. */
export function channel(text: string) {
  const [from = '', to = ''] = text.split(' > ');
  const end = (part: string) => ({ stage: part.split('.')[0], port: part.split('.')[1] });
  return { from: end(from), to: end(to) };
}
