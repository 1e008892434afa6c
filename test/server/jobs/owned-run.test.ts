import { createLease } from '../../../server/cluster/index.ts';
import { TableError } from '../../../server/configuration/index.ts';
import { silentLog } from '../../../server/foundation/log.ts';
import type { RunKeeper, RunWork } from '../../../server/jobs/job-worker.ts';
import { OwnedRun } from '../../../server/jobs/owned-run.ts';
import type { RunOrder, RunProgress } from '../../../server/jobs/run-record.ts';
import { RunStore } from '../../../server/jobs/run-store.ts';
import type { WorkerOutcome, WorkerTask } from '../../../server/jobs/worker-protocol.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

const order: RunOrder = {
  id: 'run-1',
  dataflow: 'copy',
  version: 1,
  document: {},
  options: {},
  submittedBy: 'steward',
  submittedAt: '2026-01-01T00:00:00.000Z',
  databases: {},
  defaultDatabases: {},
  savedOptions: {},
};
const settings: Omit<WorkerTask, 'order' | 'epoch' | 'restored'> = {
  referenceData: '',
  fileRoots: [],
  secrets: '',
  spillRoot: '',
  memoryMiB: 128,
  checkpointRows: 1,
  checkpointMs: 0,
};
const [leaseMs, renewMs] = [12_000, 2_000];

/** A table whose writes of progress can be held up, and which can be away. */
class SlowTable extends MemoryTable {
  isAway = false;
  #gate: Promise<void> = Promise.resolve();
  #open = () => {};

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#open();
    this.#gate = Promise.resolve();
  }

  override async get(...words: Parameters<MemoryTable['get']>) {
    this.#assertHere();
    return await super.get(...words);
  }

  override async put(...words: Parameters<MemoryTable['put']>) {
    this.#assertHere();
    const [key] = words;
    if (key.sort === order.id) await this.#gate;
    return await super.put(...words);
  }

  #assertHere(): void {
    if (this.isAway) throw new TableError('unreachable', 'the table is away');
  }
}

/** Work that does what the test says. */
class ToldWork implements RunWork {
  readonly outcome: Promise<WorkerOutcome>;
  end: (outcome: WorkerOutcome) => void = () => {};
  readonly calls: string[] = [];

  constructor() {
    this.outcome = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  counters = () => [];
  targets = () => [];
  pause = () => void this.calls.push('pause');
  resume = () => void this.calls.push('resume');
  cancel = () => void this.calls.push('cancel');
  async stop() {
    this.calls.push('stop');
    this.end({ status: 'cancelled' });
  }
}

/** An owner of a run whose earlier owner came so far. */
async function own(earlier?: Partial<RunProgress>) {
  const [table, timing, work] = [new SlowTable(), new VirtualTiming(), new ToldWork()];
  const store = new RunStore({ table, clusterName: 'test', nowMs: timing.nowMs });
  const submitted = await store.submit(order);
  const record = earlier ? await store.advance(submitted, { ...submitted.progress, ...earlier }) : submitted;
  const lease = createLease({ table, clusterName: 'test', name: 'run#run-1', owner: 'a', durationMs: leaseMs, timing });
  const epoch = (await timing.until(lease.attempt())) as number;
  const startWork = (task: WorkerTask, given: RunKeeper) => {
    told.keeper = given;
    told.task = task;
    return work;
  };
  const told: { keeper?: RunKeeper; task?: WorkerTask } = {};
  const run = new OwnedRun(record ?? submitted, {
    store,
    lease,
    epoch,
    owner: 'a',
    startWork,
    settings,
    timing,
    renewMs,
    log: silentLog,
  });
  const over = run.execute();
  await timing.pass(1);
  const progress = async () => (await store.find(order.id))?.progress as RunProgress;
  return { table, timing, store, work, over, progress, keeper: told.keeper as RunKeeper, task: told.task };
}

test('progress that was on its way when the run began to finish does not set it back', async () => {
  const { table, timing, over, work, progress, keeper } = await own();
  const targets = [{ path: '/gone', temporary: '/gone.tmp', mode: 'overwrite' as const }];
  table.hold();
  const finishing = keeper.beginFinishing(targets);
  // The watch tells its progress meanwhile: it waits behind the write that is under way.
  await timing.pass(renewMs);
  table.release();
  await finishing;
  await timing.pass(10);
  expect(await progress()).toMatchObject({ state: 'finishing', targets });
  await keeper.keepCheckpoint({ stages: {} });
  expect((await progress()).checkpoint).toBeUndefined();
  work.end({ status: 'succeeded' });
  await timing.until(over);
  expect(await progress()).toMatchObject({ state: 'succeeded', endedAt: expect.any(String) });
});

test('files for a server are left to the worker, also when an earlier owner had done everything else', async () => {
  const upload = { server: 'partner', path: 'out.csv' };
  const targets = [{ path: '/gone', temporary: '/gone.tmp', mode: 'overwrite' as const, upload }];
  const { timing, over, work, progress, task, store } = await own({ state: 'finishing', targets });
  expect(task?.finish).toEqual(targets);
  // Longer than the lease: it is renewed while files are on their way.
  await timing.pass(2 * leaseMs);
  work.end({ status: 'succeeded' });
  await timing.until(over);
  expect(await progress()).toMatchObject({ state: 'succeeded', endedAt: expect.any(String) });
  expect(await store.listActive()).toEqual([]);
});

test('nothing is written of a run behind its end', async () => {
  const { table, timing, over, work, progress, keeper, store } = await own();
  table.hold();
  work.end({ status: 'failed', error: 'the disk is full' });
  await timing.pass(renewMs);
  const late = keeper.keepCheckpoint({ stages: {} });
  table.release();
  await timing.until(over);
  await late;
  expect(await progress()).toMatchObject({ state: 'failed', error: 'the disk is full' });
  expect(await store.listActive()).toEqual([]);
});

test('an owner that cannot reach the table stops before its lease runs out, and writes nothing when it is back', async () => {
  const { table, timing, over, work, progress, keeper } = await own();
  const before = await progress();
  table.isAway = true;
  await timing.pass(leaseMs);
  expect(work.calls).toContain('stop');
  table.isAway = false;
  await expect(keeper.beginFinishing([])).rejects.toThrow('another node has taken the run over');
  await timing.until(over);
  expect(await progress()).toEqual(before);
});

test('a checkpoint that the table does not take leaves the run at work', async () => {
  const { table, timing, over, work, progress, keeper } = await own();
  table.isAway = true;
  await keeper.keepCheckpoint({ stages: {} });
  table.isAway = false;
  await timing.pass(2 * renewMs);
  expect(work.calls).toEqual([]);
  await keeper.keepCheckpoint({ stages: {} });
  expect((await progress()).checkpoint).toEqual({ stages: {} });
  work.end({ status: 'succeeded' });
  await timing.until(over);
});

test.each(['pause', 'resume', 'cancel'] as const)('the command %s comes to the work', async (command) => {
  const { timing, over, work, progress, store } = await own();
  if (command === 'resume') {
    await store.command(order.id, 'pause');
    await timing.pass(2 * renewMs);
    expect((await progress()).state).toBe('paused');
  }
  await store.command(order.id, command);
  await timing.pass(2 * renewMs);
  expect(work.calls.at(-1)).toBe(command);
  work.end({ status: 'cancelled' });
  await timing.until(over);
  expect((await progress()).state).toBe('cancelled');
});
