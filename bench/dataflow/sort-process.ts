import {
  compileDataflow,
  Layout,
  type Row,
  Run,
  type StageResources,
  type StageType,
} from '../../server/dataflow/index.ts';
import { integer, preset, record } from '../../server/foundation/fields.ts';
import { silentLog } from '../../server/foundation/log.ts';
import { recordJoiner } from '../../server/stages/record-joiner/stage.ts';
import { sorter } from '../../server/stages/sorter/stage.ts';
import { channel, cpuSeconds } from './measuring.ts';

const rows = 5_000_000;
const batchRows = 1_000;

/** Sorts, then joins, and tells as JSON what it took. Run in a process of its own, whose peak of memory counts. */
async function main(folder: string): Promise<void> {
  const sortSeconds = await cpuSeconds(() => run(folder, sortJob, rows));
  // Keys of the right side are multiples of 3, those of the left side every number.
  const joinSeconds = await cpuSeconds(() => run(folder, joinJob, Math.ceil(rows / 3)));
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ peakMiB, sortSeconds, joinSeconds }));
}

const address = ['line', 'city', 'zip'];

/** Every number below the count of rows once, times a step, in an order without pattern. */
const scattering: StageType<{ readonly step: number }> = {
  definition: {
    name: 'Scattering',
    label: 'Scattering',
    group: 'sources',
    description: 'Gives rows in no order',
    inputs: { fixed: [] },
    outputs: { fixed: [{ name: 'output_port', description: 'Rows' }] },
    settings: record('Settings', { step: preset(integer('Step between keys', 1, 9), 1) }),
  },
  plan: ({ settings: { step } }) => ({
    outputs: new Map([
      [
        'output_port',
        new Layout([
          { name: 'key', type: 'integer' },
          ...address.map((name) => ({ name: `${name}${step}`, type: 'string' as const })),
        ]),
      ],
    ]),
    problems: [],
    flow: 'streaming',
    canResume: false,
    open: () => ({
      async *batches() {
        for (let from = 0; from < rows; from += batchRows) {
          yield {
            rows: Array.from({ length: batchRows }, (_, at) => createRow(((from + at) * 1_234_577) % rows, step)),
          };
        }
      },
    }),
  }),
};

function createRow(number: number, step: number): Row {
  return [
    number * step,
    `${number % 9_000} North Main Street`,
    `Springfield ${number % 100}`,
    String(10_000 + (number % 89_999)),
  ];
}

/** Counts rows and fails when they do not come in the order of their keys. */
function checking(expected: number): StageType {
  return {
    definition: {
      name: 'Checking',
      label: 'Checking',
      group: 'sinks',
      description: 'Checks the order of rows',
      inputs: { fixed: [{ name: 'input_port', description: 'Rows' }] },
      outputs: { fixed: [] },
      settings: record('Settings', {}),
    },
    plan: () => ({
      outputs: new Map(),
      problems: [],
      flow: 'streaming',
      canResume: false,
      open: () => {
        let count = 0;
        let previous = -1;
        return {
          process(given) {
            for (const [key] of given) {
              if (Number(key) <= previous) throw new Error(`${key} comes behind ${previous}`);
              previous = Number(key);
              count++;
            }
          },
          finish() {
            if (count !== expected) throw new Error(`${count} rows came, not ${expected}`);
          },
        };
      },
    }),
  };
}

const sortJob = {
  stages: [
    { id: 'read', type: 'Scattering' },
    { id: 'sort', type: 'Sorter', settings: { keys: [{ field: 'key' }] } },
    { id: 'check', type: 'Checking' },
  ],
  channels: [channel('read.output_port > sort.input_port'), channel('sort.output_port > check.input_port')],
};

const joinJob = {
  stages: [
    { id: 'left', type: 'Scattering' },
    { id: 'right', type: 'Scattering', settings: { step: 3 } },
    {
      id: 'join',
      type: 'RecordJoiner',
      settings: { leftPort: 'a', joins: [{ port: 'b', type: 'inner', keys: [{ left: 'key', right: 'key' }] }] },
    },
    { id: 'check', type: 'Checking' },
  ],
  channels: ['left.output_port > join.a', 'right.output_port > join.b', 'join.output_port > check.input_port'].map(
    channel,
  ),
};

async function run(spillFolder: string, document: object, expected: number): Promise<void> {
  const types: readonly StageType[] = [scattering, checking(expected), sorter, recordJoiner];
  const byName = new Map(types.map((type) => [type.definition.name, type]));
  const plan = compileDataflow('bench', { type: 'job', ...document }, byName);
  const outcome = await new Run({ plan, resources: {} as StageResources, log: silentLog, spillFolder }).execute();
  if (outcome.status === 'failed') throw outcome.error;
}

void main(process.argv[2] ?? '');
