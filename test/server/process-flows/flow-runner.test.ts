import { tmpdir } from 'node:os';
import type { ProcessFlowRunView } from '../../../contract/process-flows.ts';
import type { RunRequest } from '../../../contract/runs.ts';
import { createLease } from '../../../server/cluster/index.ts';
import { systemTiming } from '../../../server/configuration/index.ts';
import { SpectrumError } from '../../../server/foundation/errors.ts';
import { silentLog } from '../../../server/foundation/log.ts';
import { FlowRunStore } from '../../../server/process-flows/flow-run-store.ts';
import { FlowRunner } from '../../../server/process-flows/flow-runner.ts';
import { type FlowJobs, OwnedFlow, type OwnedFlowProps } from '../../../server/process-flows/owned-flow.ts';
import { ProcessFlows } from '../../../server/process-flows/process-flows.ts';
import { createProgramStarter } from '../../../server/process-flows/program.ts';
import { InMemoryConfiguration } from '../../support/in-memory-configuration.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const leaseMs = 600;
/** As documents name one. */
const variable = (name: string) => `\${${name}}`;
const job = (id: string, more: object = {}) => ({ id, type: 'job', dataflow: id, ...more });

let table: MemoryTable;
let store: FlowRunStore;
let flows: ProcessFlows;
let configuration: InMemoryConfiguration;
let runners: FlowRunner[];
let told: ProcessFlowRunView[];
/** By key: jobs as they were asked for. */
let asked: Map<string, RunRequest>;
/** Jobs that end, by dataflow; others go on. */
let ends: Map<string, 'succeeded' | 'failed' | 'cancelled'>;

beforeEach(() => {
  table = new MemoryTable();
  [runners, told, asked, ends, asks] = [[], [], new Map(), new Map(), []];
  configuration = new InMemoryConfiguration();
  const ended = async (run: ProcessFlowRunView) => void told.push(run);
  store = new FlowRunStore({ table, clusterName: 'test', nowMs: Date.now, ended });
  const snapshot = () => configuration.snapshot();
  flows = new ProcessFlows({ store, snapshot, catchUp: async () => undefined, nowMs: Date.now });
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
});

const jobs: FlowJobs = {
  async submit(request, _, key) {
    if (request.dataflow === 'gone') throw new SpectrumError('UNKNOWN_OBJECT', 'There is no dataflow gone');
    if (!asked.has(key)) asked.set(key, request);
    return { id: `run ${key}` };
  },
  async get(id) {
    const state = ends.get(asked.get(id.slice(4))?.dataflow ?? '');
    if (state === undefined) return { state: 'running' };
    return { state, endedAt: '2026-11-22T00:00:00.000Z', ...(state === 'failed' && { error: 'it broke' }) };
  },
  async cancel(id) {
    ends.set(asked.get(id.slice(4))?.dataflow ?? '', 'cancelled');
  },
};

/** Statements and caches that were asked for. */
let asks: unknown[];
const work: Omit<OwnedFlowProps['work'], 'startProgram'> = {
  async startStatement(statement) {
    asks.push(statement);
    if (statement.connection === 'gone') throw new SpectrumError('UNKNOWN_OBJECT', 'There is no connection gone');
    const isGood = statement.connection === 'warehouse';
    const ended = Promise.resolve(isGood ? { code: 0 } : { code: 1, error: 'connection other: no such table' });
    return { ended, stop: () => undefined };
  },
  async clearCache(name) {
    asks.push(name);
  },
};

function startNode(owner: string, own: FlowJobs = jobs): FlowRunner {
  const runner = new FlowRunner({
    store,
    jobs: own,
    work: {
      ...work,
      startProgram: createProgramStarter({ node: process.execPath }, tmpdir()),
    },
    createLease: (name) =>
      createLease({ table, clusterName: 'test', name, owner, durationMs: leaseMs, timing: systemTiming }),
    mayOwn: () => true,
    owner,
    leaseMs,
    timing: systemTiming,
    log: silentLog,
  });
  runner.start();
  runners.push(runner);
  return runner;
}

async function submit(document: object, more: object = {}, key?: string): Promise<string> {
  await configuration.put('process-flow', 'night', { exposedVersion: 1, versions: [{ number: 1, document }] });
  return (await flows.submit({ processFlow: 'night', ...more }, 'steward', key)).id;
}

async function until(id: string, isReached: (run: ProcessFlowRunView) => boolean): Promise<ProcessFlowRunView> {
  for (let tries = 0; tries < 1_500; tries++) {
    const run = await flows.get(id);
    if (isReached(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(JSON.stringify(await flows.get(id)));
}
const hasEnded = ({ endedAt }: ProcessFlowRunView) => endedAt !== undefined;
const statesOf = ({ activities }: ProcessFlowRunView) =>
  Object.fromEntries(activities.map(({ id, state }) => [id, state]));

test('activities follow each other, with variables and files, and the history stays', async () => {
  ends.set('load', 'succeeded').set('report', 'succeeded');
  startNode('a');
  const id = await submit(
    {
      variables: { day: 'today' },
      activities: [
        job('load', { files: { In: `in/${variable('day')}.csv` }, options: { Day: variable('day') } }),
        job('repair'),
        job('report'),
      ],
      transitions: [
        { from: 'load', to: 'report' },
        { from: 'load', to: 'repair', when: 'conditional', outcomes: ['failed'] },
      ],
    },
    { variables: { day: 'sunday' }, files: { 'report|Out': 'out.csv' } },
  );
  const ended = await until(id, hasEnded);
  expect(ended).toMatchObject({
    state: 'succeeded',
    processFlow: 'night',
    version: 1,
    submittedBy: 'steward',
    epoch: 1,
  });
  expect(statesOf(ended)).toEqual({ load: 'succeeded', repair: 'skipped', report: 'succeeded' });
  expect([...asked.values()]).toEqual([
    { dataflow: 'load', options: { Day: 'sunday' }, files: { In: 'in/sunday.csv' } },
    { dataflow: 'report', options: {}, files: { Out: 'out.csv' } },
  ]);
  while ((await store.listActive()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(told.map((run) => run.id)).toEqual([id]);
  expect((await flows.list(10)).map((run) => run.id)).toEqual([id]);
}, 30_000);

test('what cannot be submitted fails its activity, and with it the flow', async () => {
  startNode('a');
  const id = await submit({ activities: [job('gone')] });
  expect(await until(id, hasEnded)).toMatchObject({
    state: 'failed',
    activities: [{ state: 'failed', returnCode: 1, error: 'There is no dataflow gone' }],
  });
}, 30_000);

test('another node goes on after a death between submitting a job and writing that down, with the same job', async () => {
  let revive = () => {};
  const revived = new Promise<void>((resolve) => {
    revive = resolve;
  });
  const dying: FlowJobs = {
    ...jobs,
    async submit(request, by, key) {
      const submitted = await jobs.submit(request, by, key);
      await revived;
      return submitted;
    },
  };
  startNode('a', dying);
  const id = await submit({ activities: [job('load')] });
  while (asked.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  startNode('b');
  ends.set('load', 'succeeded');
  expect(await until(id, hasEnded)).toMatchObject({ state: 'succeeded', owner: 'b', epoch: 2 });
  revive();
  expect(asked.size).toBe(1);
}, 30_000);

test('a node that leaves hands over at once, and the next one waits for the same job', async () => {
  const first = startNode('a');
  const id = await submit({ activities: [job('load')] });
  await until(id, ({ activities }) => activities[0]?.run !== undefined);
  await first.close();
  startNode('b');
  ends.set('load', 'failed');
  expect(await until(id, hasEnded)).toMatchObject({
    state: 'failed',
    owner: 'b',
    activities: [{ state: 'failed', error: 'it broke' }],
  });
  expect(asked.size).toBe(1);
}, 30_000);

test('a cancelled flow cancels what runs and begins nothing more', async () => {
  startNode('a');
  const id = await submit({ activities: [job('load'), job('report')], transitions: [{ from: 'load', to: 'report' }] });
  await until(id, ({ activities }) => activities[0]?.run !== undefined);
  await flows.cancel(id);
  const ended = await until(id, hasEnded);
  expect([ended.state, statesOf(ended)]).toEqual(['cancelled', { load: 'cancelled', report: 'skipped' }]);
  await expect(flows.cancel(id)).rejects.toThrow(`The run ${id} has cancelled already`);
}, 30_000);

test('programs run with their arguments and tell their return code; those that are not allowed do not', async () => {
  startNode('a');
  const program = (id: string, script: string, more: object = {}) => ({
    id,
    type: 'run-program',
    program: 'node',
    arguments: ['-e', script],
    ...more,
  });
  const id = await submit({
    variables: { code: '3' },
    activities: [
      program('fails', `console.error("no luck"); process.exit(${variable('code')})`),
      program('works', 'process.exit(process.env.CODE === "7" && process.env.HOME === undefined ? 7 : 1)', {
        environment: { CODE: '7' },
        successCodes: ['5-8'],
      }),
      program('hangs', 'setInterval(() => 0, 1000)', { timeoutSeconds: 1 }),
      { id: 'shell', type: 'run-program', program: '/bin/sh', arguments: [] },
      { id: 'done', type: 'success' },
    ],
    transitions: [{ from: 'fails', to: 'done', when: 'conditional', returnCodes: ['3'] }],
  });
  const ended = await until(id, hasEnded);
  expect(ended.state).toBe('succeeded');
  expect(ended.activities).toMatchObject([
    { id: 'fails', state: 'failed', returnCode: 3, error: 'no luck' },
    { id: 'works', state: 'succeeded', returnCode: 7 },
    { id: 'hangs', state: 'failed', error: expect.stringContaining('was ended by SIGKILL') },
    { id: 'shell', state: 'failed', error: expect.stringContaining('the node may not run it; it may run') },
    { id: 'done', state: 'succeeded' },
  ]);
}, 30_000);

test('a program whose node is gone is not begun again: whether it had finished is not known', async () => {
  const first = startNode('a');
  const script = 'setInterval(() => 0, 1000)';
  const id = await submit({
    activities: [{ id: 'load', type: 'run-program', program: 'node', arguments: ['-e', script] }],
  });
  await until(id, ({ activities }) => activities[0]?.state === 'running');
  await first.close();
  startNode('b');
  expect((await until(id, hasEnded)).activities).toMatchObject([
    { state: 'failed', error: expect.stringContaining('whether its work was finished is not known') },
  ]);
}, 30_000);

test('a program whose beginning could not be written down is not begun', async () => {
  const id = await submit({ activities: [{ id: 'load', type: 'run-program', program: 'node', arguments: [] }] });
  const begun: string[] = [];
  const record = await store.find(id);
  if (record === undefined) throw new Error('it was submitted');
  const lease = { token: () => 1, attempt: async () => 1, release: async () => undefined };
  // Another owner writes between its look at the run and what it writes itself.
  const raced = Object.assign(Object.create(store) as FlowRunStore, {
    advance: async (known: typeof record, run: typeof record.run) => {
      if (run.progress.load?.state === 'running') await FlowRunStore.prototype.advance.call(store, known, known.run);
      return store.advance(known, run);
    },
    isCancelled: (run: string) => store.isCancelled(run),
  });
  const flow = new OwnedFlow(record, {
    store: raced,
    jobs,
    work: {
      ...work,
      startProgram: async ({ id: activity }) => {
        begun.push(activity);
        return { ended: new Promise(() => undefined), stop: () => undefined };
      },
    },
    lease,
    epoch: 1,
    owner: 'a',
    leaseMs,
    timing: systemTiming,
    log: silentLog,
  });
  await flow.execute();
  expect(begun).toEqual([]);
  expect((await store.find(id))?.run.progress.load?.state).toBe('waiting');
});

test('a statement has the variables as its parameters, and its failure is one to lead on from', async () => {
  startNode('a');
  const sql = (id: string, connection: string, statement: string) => ({
    id,
    type: 'execute-sql',
    connection,
    sql: statement,
  });
  const id = await submit(
    {
      variables: { day: 'today', state: "O'Hara" },
      activities: [
        sql('load', 'warehouse', `CALL load(${variable('day')}, ${variable('state')})`),
        sql('index', 'other', 'ANALYZE t'),
        sql('none', 'gone', 'SELECT 1'),
        { id: 'clear', type: 'clear-cache', cache: 'customers' },
        { id: 'done', type: 'success' },
      ],
      transitions: [
        { from: 'load', to: 'clear' },
        { from: 'index', to: 'done', when: 'conditional', returnCodes: ['1'] },
      ],
    },
    { variables: { day: 'sunday' } },
  );
  const ended = await until(id, hasEnded);
  expect(ended.activities).toMatchObject([
    { id: 'load', state: 'succeeded', returnCode: 0 },
    { id: 'index', state: 'failed', returnCode: 1, error: 'connection other: no such table' },
    { id: 'none', state: 'failed', error: 'There is no connection gone' },
    { id: 'clear', state: 'succeeded' },
    { id: 'done', state: 'succeeded' },
  ]);
  expect(asks).toContainEqual({
    connection: 'warehouse',
    texts: ['CALL load(', ', ', ')'],
    values: ['sunday', "O'Hara"],
  });
  expect(asks.at(-1)).toBe('customers');
}, 30_000);

test('programs are off until a node names some', async () => {
  const start = createProgramStarter({}, tmpdir());
  const activity = { program: 'node' } as Parameters<typeof start>[0];
  await expect(start(activity, [])).rejects.toThrow('name those they may run in SPECTRUM_PROGRAMS');
});

test('a request that is sent again under its key makes one run, also after its end', async () => {
  const document = { activities: [{ id: 'done', type: 'success' }] };
  const id = await submit(document, {}, 'k');
  startNode('a');
  await until(id, hasEnded);
  while ((await store.listActive()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await submit(document, {}, 'k')).toBe(id);
  expect(await submit(document, {}, 'other')).not.toBe(id);
}, 30_000);

test('a key that a client has used for another request is refused', async () => {
  const key = { name: 'request/ann/k', given: 'k', digest: 'one' };
  const document = { activities: [{ id: 'done', type: 'success' }] };
  await configuration.put('process-flow', 'night', { exposedVersion: 1, versions: [{ number: 1, document }] });
  const first = await flows.submit({ processFlow: 'night' }, 'ann', key);
  expect((await flows.submit({ processFlow: 'night' }, 'ann', key)).id).toBe(first.id);
  await expect(flows.submit({ processFlow: 'night' }, 'ann', { ...key, digest: 'two' })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  expect(await store.listActive()).toEqual([first.id]);
});

test('what cannot run is refused at once', async () => {
  const document = { variables: { day: '' }, activities: [job('load')] };
  await submit(document);
  const ask = (more: object) => flows.submit({ processFlow: 'night', ...more }, 'x');
  await expect(ask({ processFlow: 'nigth' })).rejects.toThrow('There is no process flow nigth; did you mean night?');
  await expect(ask({ variables: { dya: '' } })).rejects.toThrow('variables: "dya" is not in the process flow; use day');
  await expect(ask({ files: { 'lood|In': 'x' } })).rejects.toThrow(
    'files: "lood" is not in the process flow; use load',
  );
  await expect(submit({ activities: [{ id: 'a', type: 'job' }] })).rejects.toThrow('activity a: dataflow is missing');
  await expect(flows.get('nope')).rejects.toThrow('There is no run nope of a process flow');
});
