import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunView } from '../../../contract/runs.ts';
import { createLease } from '../../../server/cluster/index.ts';
import type { ConfigurationSnapshot } from '../../../server/configuration/index.ts';
import { systemTiming } from '../../../server/configuration/index.ts';
import { silentLog } from '../../../server/foundation/log.ts';
import { JobRunner } from '../../../server/jobs/job-runner.ts';
import { JobWork, type StartWork } from '../../../server/jobs/job-worker.ts';
import { Jobs } from '../../../server/jobs/jobs.ts';
import { RunStore } from '../../../server/jobs/run-store.ts';
import { createServiceAccess } from '../../../server/jobs/service-access.ts';
import { Work } from '../../../server/jobs/work.ts';
import type { WorkerMessage, WorkerTask } from '../../../server/jobs/worker-protocol.ts';
import { openSecrets } from '../../../server/secrets/index.ts';
import { stageTypes } from '../../../server/stages/index.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const end = (text: string) => ({ stage: text.split('.')[0], port: text.split('.')[1] });
const document = {
  type: 'job',
  stages: [
    { id: 'read', label: 'Customers', type: 'ReadFromFile', settings: { file: 'in.csv', fields: [{ name: 'Id' }] } },
    {
      id: 'change',
      type: 'Transformer',
      settings: { transforms: [{ kind: 'custom', to: 'Name', expression: "'n' + Id" }] },
    },
    { id: 'write', type: 'WriteToFile', settings: { file: 'out.csv' } },
  ],
  channels: [
    { from: end('read.output_port'), to: end('change.input_port') },
    { from: end('change.output_port'), to: end('write.input_port') },
  ],
};

const leaseMs = 600;
let folder = '';
let table: MemoryTable;
let store: RunStore;
let jobs: Jobs;
let runners: TestNode[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
  table = new MemoryTable();
  store = new RunStore({ table, clusterName: 'test', nowMs: Date.now });
  const dataflow = { exposedVersion: 1, versions: [{ number: 1, document }] };
  const objects = [{ kind: 'dataflow', name: 'copy', value: dataflow, revision: 1 }];
  const snapshot = {
    find: (_: string, name: string) => objects.find((object) => object.name === name),
    list: (kind: string) => objects.filter((object) => object.kind === kind),
  } as unknown as ConfigurationSnapshot;
  jobs = new Jobs({ store, stageTypes, snapshot: () => snapshot, catchUp: async () => undefined, nowMs: Date.now });
});
afterEach(async () => {
  for (const { wake } of runners) wake();
  await Promise.all(runners.map(({ runner }) => runner.close()));
  runners = [];
  rmSync(folder, { recursive: true, force: true });
});

interface TestNode {
  readonly runner: JobRunner;
  /** Lets the process hang: its work and its lease stand still. */
  hang(): void;
  wake(): void;
  readonly tasks: WorkerTask[];
}

/** One that `holds` gets no answer to its second checkpoint, so that its run cannot end before the test says so. */
function startNode(owner: string, { holds = false } = {}): TestNode {
  const tasks: WorkerTask[] = [];
  let isHanging = false;
  let wake = () => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const startWork: StartWork = (task, keeper) => {
    tasks.push(task);
    return new JobWork(
      inThisProcess(task, () => isHanging, holds ? 1 : Number.POSITIVE_INFINITY),
      keeper,
    );
  };
  const runner = new JobRunner({
    store,
    createLease(name) {
      const lease = createLease({ table, clusterName: 'test', name, owner, durationMs: leaseMs, timing: systemTiming });
      return {
        ...lease,
        attempt: async () => {
          if (isHanging) await woken;
          return lease.attempt();
        },
      };
    },
    mayOwn: () => true,
    owner,
    startWork,
    settings: {
      referenceData: '',
      fileRoots: [folder],
      secrets: '',
      spillRoot: folder,
      memoryMiB: 128,
      checkpointRows: 5_000,
      checkpointMs: 0,
    },
    maximumRuns: 1,
    leaseMs,
    timing: systemTiming,
    log: silentLog,
  });
  runner.start();
  const node = {
    runner,
    tasks,
    hang() {
      isHanging = true;
    },
    wake() {
      isHanging = false;
      wake();
    },
  };
  runners.push(node);
  return node;
}

function inThisProcess(task: WorkerTask, isHanging: () => boolean, mostCheckpoints: number) {
  let checkpoints = 0;
  const isHeld = (message: WorkerMessage) =>
    message.kind === 'question' && message.about.kind === 'checkpoint' && ++checkpoints > mostCheckpoints;
  let isStopped = false;
  let receive: (message: WorkerMessage) => void = () => undefined;
  let tell: (why: string) => void = () => undefined;
  const services = createServiceAccess({
    services: [],
    savedOptions: () => ({}),
    databases: () => ({
      database: () => {
        throw new Error('none');
      },
    }),
  });
  const work = new Work({
    task,
    stageTypes,
    services,
    secrets: openSecrets({ folder: undefined }),
    send: (message) => !isHeld(message) && !isStopped && !isHanging() && receive(message),
  });
  setImmediate(() => void work.run());
  return {
    send: (command: Parameters<Work['receive']>[0]) => work.receive(command),
    onMessage(give: typeof receive) {
      receive = give;
    },
    onEnd(give: typeof tell) {
      tell = give;
    },
    async stop() {
      isStopped = true;
      work.receive({ kind: 'cancel' });
      tell('stopped');
    },
  };
}

function writeInput(rows: number): string {
  const ids = Array.from({ length: rows }, (_, index) => String(index));
  writeFileSync(join(folder, 'in.csv'), `Id\n${ids.join('\n')}\n`);
  return `Id,Name\n${ids.map((id) => `${id},n${id}`).join('\n')}\n`;
}

async function until(id: string, isReached: (view: RunView) => boolean): Promise<RunView> {
  let view = await jobs.get(id);
  await reached(async () => {
    view = await jobs.get(id);
    return isReached(view);
  });
  return view;
}

/** Fails in words, before the time of the test is over. */
async function reached(isReached: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 25_000;
  while (!(await isReached())) {
    if (performance.now() > untilMs) throw new Error('what the test waits for did not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const hasEnded = ({ endedAt }: RunView) => endedAt !== undefined;
const output = (name = 'out.csv') => readFileSync(join(folder, name), 'utf8');

test('a run is taken by one node, and its history stays', async () => {
  const expected = writeInput(100);
  const nodes = [startNode('a'), startNode('b')];
  const { id, state } = await jobs.submit({ dataflow: 'copy' }, 'steward');
  expect(state).toBe('queued');
  const ended = await until(id, hasEnded);
  expect(ended).toMatchObject({ state: 'succeeded', dataflow: 'copy', version: 1, submittedBy: 'steward', epoch: 1 });
  expect(ended.stages.map(({ label, recordsRead }) => [label, recordsRead])).toEqual([
    ['Customers', 100],
    ['change', 100],
    ['write', 100],
  ]);
  expect(output()).toBe(expected);
  expect(await jobs.report(id)).toMatchObject({
    recordsRead: 100,
    recordsWritten: 100,
    malformedRecords: 0,
    files: [
      { label: 'Customers', type: 'ReadFromFile', file: 'in.csv' },
      { label: 'write', type: 'WriteToFile', file: 'out.csv' },
    ],
    durationMs: expect.any(Number),
  });
  expect(nodes.flatMap(({ tasks }) => tasks)).toHaveLength(1);
  await reached(async () => (await store.listActive()).length === 0);
  expect((await jobs.list(10)).map((run) => run.id)).toEqual([id]);
});

test('another node goes on with the run of one that hangs, to the same bytes, and the one that wakes changes nothing', async () => {
  const expected = writeInput(20_000);
  const first = startNode('a', { holds: true });
  const { id } = await jobs.submit({ dataflow: 'copy' }, 'steward');
  await reached(async () => (await store.find(id))?.progress.checkpoint !== undefined);
  first.hang();
  const second = startNode('b');
  const ended = await until(id, hasEnded);
  expect(ended).toMatchObject({ state: 'succeeded', owner: 'b', epoch: 2 });
  expect(second.tasks[0]?.restored).toBeDefined();
  expect(output()).toBe(expected);
  expect(readdirSync(folder).filter((name) => name.startsWith('.out.csv') && name.includes('-2.'))).toEqual([]);
});

test('a node that leaves hands its runs over at once', async () => {
  const expected = writeInput(20_000);
  const first = startNode('a', { holds: true });
  const { id } = await jobs.submit({ dataflow: 'copy' }, 'steward');
  await reached(async () => (await store.find(id))?.progress.checkpoint !== undefined);
  await first.runner.close();
  startNode('b');
  expect(await until(id, hasEnded)).toMatchObject({ state: 'succeeded', owner: 'b' });
  expect(output()).toBe(expected);
});

test('files are given their names by another node when the owner dies between settling and doing it', async () => {
  writeInput(10);
  const { id } = await jobs.submit({ dataflow: 'copy' }, 'steward');
  const record = await store.find(id);
  const temporary = join(folder, '.out.csv.made');
  writeFileSync(temporary, 'whole');
  const targets = [{ path: join(folder, 'out.csv'), temporary, mode: 'overwrite' as const }];
  await store.advance(record as NonNullable<typeof record>, { state: 'finishing', epoch: 1, counters: [], targets });
  startNode('b');
  expect((await until(id, hasEnded)).state).toBe('succeeded');
  expect(output()).toBe('whole');
});

test('a run is paused, resumed and cancelled', async () => {
  writeInput(400_000);
  startNode('a');
  const { id } = await jobs.submit({ dataflow: 'copy' }, 'steward');
  await until(id, ({ state }) => state === 'running');
  await jobs.command(id, 'pause');
  await until(id, ({ state }) => state === 'paused');
  await jobs.command(id, 'resume');
  await until(id, ({ state }) => state !== 'paused');
  await jobs.command(id, 'cancel');
  const ended = await until(id, hasEnded);
  expect(['cancelled', 'succeeded']).toContain(ended.state);
  await expect(jobs.command(id, 'cancel')).rejects.toThrow(`The run ${id} has ${ended.state} already`);
});

test('a run that fails says why, in words of its dataflow', async () => {
  startNode('a');
  const { id } = await jobs.submit({ dataflow: 'copy', files: { Customers: 'gone.csv' } }, 'steward');
  expect(await until(id, hasEnded)).toMatchObject({
    state: 'failed',
    error: 'file: gone.csv is not there; put it below the folder for files of jobs',
  });
});

test('what cannot run is refused at once', async () => {
  await expect(jobs.submit({ dataflow: 'copi' }, 'x')).rejects.toThrow('There is no dataflow copi; did you mean copy?');
  await expect(jobs.submit({ dataflow: 'copy', files: { Clients: 'a' } }, 'x')).rejects.toThrow(
    'files: copy has no stage Clients; use Customers, change, write',
  );
  await expect(jobs.submit({ dataflow: 'copy', options: { X: 1 } }, 'x')).rejects.toThrow('option X does not exist');
  await expect(jobs.get('nope')).rejects.toThrow('There is no run nope');
});

test('a request that is sent again under its key makes one run', async () => {
  const first = await jobs.submit({ dataflow: 'copy' }, 'steward', 'steward/k1');
  const again = await jobs.submit({ dataflow: 'copy' }, 'steward', 'steward/k1');
  const other = await jobs.submit({ dataflow: 'copy' }, 'steward', 'steward/k2');
  expect(again.id).toBe(first.id);
  expect(other.id).not.toBe(first.id);
  expect(await store.listActive()).toHaveLength(2);
});

test('a key that a client has used for another request is refused, and nothing is run', async () => {
  const key = { name: 'request/ann/k', given: 'k', digest: 'one' };
  const first = await jobs.submit({ dataflow: 'copy' }, 'ann', key);
  expect((await jobs.submit({ dataflow: 'copy' }, 'ann', key)).id).toBe(first.id);
  await expect(jobs.submit({ dataflow: 'copy' }, 'ann', { ...key, digest: 'two' })).rejects.toThrow(
    `Idempotency key k was used for another request, which made the run ${first.id}; send a fresh one`,
  );
  expect(await store.listActive()).toEqual([first.id]);
});

test('a run that is cancelled before a node takes it writes nothing', async () => {
  writeInput(10);
  const { id } = await jobs.submit({ dataflow: 'copy' }, 'steward');
  await jobs.command(id, 'cancel');
  await jobs.command(id, 'resume');
  const { tasks } = startNode('a');
  expect((await until(id, hasEnded)).state).toBe('cancelled');
  expect(tasks).toEqual([]);
});
