import type { Checkpoint } from '../../../server/dataflow/checkpoint.ts';
import { compileDataflow } from '../../../server/dataflow/compile.ts';
import type { StageType } from '../../../server/dataflow/definition.ts';
import { Run, type RunProps } from '../../../server/dataflow/run.ts';
import { record } from '../../../server/foundation/fields.ts';
import { silentLog } from '../../../server/foundation/log.ts';
import { channel, createStageTypes } from './support/stage-types.ts';

const channels = [
  channel('read.output_port > split.input_port'),
  channel('split.even > write.a'),
  channel('split.odd > write.b'),
];

function createRun(rows: number, props: Partial<RunProps> = {}, stageTypes = createStageTypes()) {
  const stages = [
    { id: 'read', type: 'Counting', settings: { rows } },
    { id: 'split', type: 'Parity' },
    { id: 'write', type: 'Collecting' },
  ];
  const plan = compileDataflow('numbers', { type: 'job', stages, channels }, stageTypes.types);
  const resources = {} as RunProps['resources'];
  return { ...stageTypes, run: new Run({ plan, resources, log: silentLog, spillFolder: '', ...props }) };
}

test('rows flow from the source through every stage to the sink, and are counted', async () => {
  const { run, collected } = createRun(10);
  expect(await run.execute()).toEqual({ status: 'succeeded' });
  const sink = collected.get('all');
  expect(sink?.rows.map(([n]) => n).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(sink?.closed).toBe(true);
  expect(run.counters()).toMatchObject([
    { stage: 'read', recordsRead: 10, recordsWritten: { output_port: 10 }, isFinished: true },
    { stage: 'split', recordsRead: 10, recordsWritten: { even: 5, odd: 5 }, isFinished: true },
    { stage: 'write', recordsRead: 10, isFinished: true },
  ]);
});

test('a slow sink holds the source back', async () => {
  const stageTypes = createStageTypes();
  stageTypes.collected.set('all', { rows: [], delayMs: 1 });
  const { run } = createRun(3_000, {}, stageTypes);
  const done = run.execute();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const [read, , write] = run.counters();
  // Four batches may wait in each of the channels, and one is in the hands of each stage.
  expect(Number(read?.recordsRead) - Number(write?.recordsRead)).toBeLessThanOrEqual(3 * 12);
  run.cancel();
  expect(await done).toEqual({ status: 'cancelled' });
});

test('a stage that fails ends the run, and every stage is closed', async () => {
  const stageTypes = createStageTypes();
  stageTypes.collected.set('all', { rows: [], failAt: 20 });
  const { run, collected } = createRun(1_000, {}, stageTypes);
  expect(await run.execute()).toMatchObject({ status: 'failed', error: { message: 'the disk is full' } });
  expect(collected.get('all')?.closed).toBe(true);
});

test('a paused run reads nothing more until it is resumed', async () => {
  const { run, collected } = createRun(30);
  run.pause();
  const done = run.execute();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(collected.get('all')?.rows ?? []).toHaveLength(0);
  run.resume();
  expect(await done).toEqual({ status: 'succeeded' });
  expect(collected.get('all')?.rows).toHaveLength(30);
});

test('a run goes on from any of its checkpoints, and nothing is lost or doubled', async () => {
  const checkpoints: Checkpoint[] = [];
  const onCheckpoint = async (checkpoint: Checkpoint) => {
    checkpoints.push(checkpoint);
  };
  const first = createRun(500, { checkpointRows: 20, onCheckpoint });
  await first.run.execute();
  const expected = first.collected.get('all')?.rows.map(([n]) => n) ?? [];
  expect(checkpoints.length).toBeGreaterThan(5);
  for (const checkpoint of checkpoints) {
    const restored = JSON.parse(JSON.stringify(checkpoint)) as Checkpoint;
    const stageTypes = createStageTypes();
    stageTypes.collected.set('all', { rows: expected.map((n) => [n as number]) });
    const { run, collected } = createRun(500, { restored }, stageTypes);
    expect(await run.execute()).toEqual({ status: 'succeeded' });
    const numbers = collected.get('all')?.rows.map(([n]) => Number(n)) ?? [];
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    expect(run.counters()[2]?.recordsRead).toBe(500);
  }
});

test('a checkpoint that cannot be kept fails the run', async () => {
  const onCheckpoint = () => Promise.reject(new Error('the lease is lost'));
  const { run } = createRun(500, { checkpointRows: 20, onCheckpoint });
  expect(await run.execute()).toMatchObject({ status: 'failed', error: { message: 'the lease is lost' } });
});

/** Finds every hundredth number malformed. */
const refusing: StageType = {
  definition: {
    name: 'Refusing',
    label: 'Refusing',
    group: 'control',
    description: 'Finds numbers malformed',
    inputs: { fixed: [{ name: 'input_port', description: 'Numbers' }] },
    outputs: { fixed: [] },
    settings: record('None', {}),
  },
  plan: () => ({
    outputs: new Map(),
    problems: [],
    flow: 'streaming',
    canResume: true,
    open: ({ malformed }) => ({
      process(rows) {
        const wrong = rows.filter(([n]) => Number(n) % 100 === 99);
        for (const [n] of wrong) malformed({ place: `number ${n}`, reason: 'it is refused', text: String(n) });
      },
    }),
  }),
};

test('malformed records of an earlier owner count towards the limit of the run', async () => {
  const { types } = createStageTypes();
  const document = {
    type: 'job',
    stages: [
      { id: 'read', type: 'Counting', settings: { rows: 1_000 } },
      { id: 'refuse', type: 'Refusing' },
    ],
    channels: [channel('read.output_port > refuse.input_port')],
    malformed: { stopAt: 8 },
  };
  const plan = compileDataflow('numbers', document, new Map([...types, ['Refusing', refusing]]));
  const props = { plan, resources: {} as RunProps['resources'], log: silentLog, spillFolder: '' };
  const checkpoints: Checkpoint[] = [];
  const onCheckpoint = async (checkpoint: Checkpoint) => void checkpoints.push(checkpoint);
  const first = new Run({ ...props, checkpointRows: 50, onCheckpoint });
  const stopped = {
    message: expect.stringContaining('number 799: it is refused; the run stops at 8 malformed records'),
  };
  expect(await first.execute()).toMatchObject({ status: 'failed', error: stopped });
  const counted = checkpoints.map(({ stages }) => stages.refuse?.counters.malformedRecords);
  expect(new Set(counted).size).toBeGreaterThan(2);
  for (const checkpoint of checkpoints) {
    const restored = JSON.parse(JSON.stringify(checkpoint)) as Checkpoint;
    const run = new Run({ ...props, restored });
    expect(await run.execute()).toMatchObject({ status: 'failed', error: stopped });
    expect(run.counters()[1]?.malformedRecords).toBe(8);
  }
});
