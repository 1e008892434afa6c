import type { RunView } from '../../../contract/runs.ts';
import { silentLog } from '../../../server/foundation/log.ts';
import { RunStore } from '../../../server/jobs/run-store.ts';
import { Mailer } from '../../../server/notifications/mailer.ts';
import { describeJobEnd, describeJobStart } from '../../../server/notifications/message.ts';
import { Outbox } from '../../../server/notifications/outbox.ts';
import { InMemoryConfiguration } from '../../support/in-memory-configuration.ts';
import { openMailCatcher } from '../../support/mail-catcher.ts';
import { MemoryTable } from '../../support/table-memory.ts';

let catcher: Awaited<ReturnType<typeof openMailCatcher>>;
let configuration: InMemoryConfiguration;
let table: MemoryTable;
let outbox: Outbox;
let mailer: Mailer;
/** By recipient. */
let refusals: Map<string, number>;

const at = '2026-11-22T02:30:00.000Z';
const run: RunView = {
  id: 'run-1',
  dataflow: 'clean',
  version: 3,
  state: 'failed',
  submittedBy: 'schedule nightly',
  submittedAt: at,
  startedAt: at,
  endedAt: at,
  epoch: 2,
  error: 'file: gone.csv is not there',
  stages: [
    {
      stage: 'r',
      label: 'Customers',
      type: 'ReadFromFile',
      recordsRead: 10,
      recordsWritten: { output_port: 9 },
      malformedRecords: 1,
      busyMs: 5,
      isFinished: true,
    },
  ],
};

beforeEach(async () => {
  refusals = new Map();
  catcher = await openMailCatcher((recipient) => refusals.get(recipient));
  configuration = new InMemoryConfiguration();
  table = new MemoryTable();
  const snapshot = () => configuration.snapshot();
  outbox = new Outbox({ table, clusterName: 'test', snapshot, nowMs: () => Date.parse(at) });
  const resolveSecret = async (reference: string) => `what ${reference} stands for`;
  mailer = new Mailer({ outbox, snapshot, resolveSecret, clusterName: 'test', log: silentLog });
  await serve({});
  await rule('stewards', {});
});
afterEach(() => catcher.close());

function serve(more: object): Promise<void> {
  const value = {
    host: '127.0.0.1',
    port: catcher.port,
    encryption: 'none',
    from: 'Spectrum <jobs@example.com>',
    ...more,
  };
  return configuration.put('setting', 'mail-server', { value });
}

function rule(name: string, more: object): Promise<void> {
  const value = {
    event: 'job-end',
    recipients: ['steward@example.com'],
    outcomes: ['failed'],
    malformedOver: 0,
    ...more,
  };
  return configuration.put('notification', name, value);
}

const subjects = () => catcher.mails.map(({ data }) => /^Subject: (.*)$/m.exec(data)?.[1]?.trim());

test('tells the recipients how the run ended', async () => {
  await rule('stewards', { recipients: ['a@example.com', 'b@example.com'] });
  await outbox.tell(describeJobEnd(run));
  await mailer.sendWaiting();
  await mailer.sendWaiting();
  expect(catcher.mails).toHaveLength(1);
  const [{ from, to, data } = { from: '', to: [], data: '' }] = catcher.mails;
  expect([from, to]).toEqual(['jobs@example.com', ['a@example.com', 'b@example.com']]);
  expect(subjects()).toEqual(['[spectrum test] clean failed, 1 malformed records']);
  expect(data).toContain('Error: file: gone.csv is not there');
  expect(data).toContain('Customers (ReadFromFile): 10 records read, 9 written');
});

test.each<[object, Partial<RunView>, boolean]>([
  [{}, {}, true],
  [{}, { state: 'succeeded' }, false],
  [{ outcomes: ['succeeded'] }, { state: 'succeeded' }, true],
  [{ outcomes: ['malformed'] }, { state: 'succeeded' }, true],
  [{ outcomes: ['malformed'], malformedOver: 1 }, { state: 'succeeded' }, false],
  [{ outcomes: ['cancelled'] }, { state: 'cancelled' }, true],
  [{ flow: 'clean' }, {}, true],
  [{ flow: 'other' }, {}, false],
  [{ event: 'node-down' }, {}, false],
])('the rule %j about the end %j is told: %p', async (given, end, isTold) => {
  await rule('stewards', given);
  await outbox.tell(describeJobEnd({ ...run, ...end }));
  expect(await outbox.list()).toHaveLength(isTold ? 1 : 0);
});

test('an end that is told again, as after a take-over, waits once', async () => {
  await outbox.tell(describeJobEnd(run));
  await outbox.tell(describeJobEnd(run));
  expect(await outbox.list()).toHaveLength(1);
});

test('a node that dies after sending leaves the mail to be sent again under the same id', async () => {
  await outbox.tell(describeJobEnd(run));
  const [mail] = await outbox.list();
  await mailer.sendWaiting();
  await outbox.tell(describeJobEnd(run));
  expect(await outbox.list()).toEqual([mail]);
  await mailer.sendWaiting();
  const ids = catcher.mails.map(({ data }) => /^Message-ID: (.*)$/m.exec(data)?.[1]);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('a mail waits while the server refuses it for now, and is forgotten when it refuses it for good', async () => {
  await outbox.tell(describeJobEnd(run));
  refusals.set('steward@example.com', 451);
  await mailer.sendWaiting();
  expect(await outbox.list()).toHaveLength(1);
  refusals.set('steward@example.com', 550);
  await mailer.sendWaiting();
  expect(await outbox.list()).toHaveLength(0);
  expect(catcher.mails).toEqual([]);
});

test('nothing is lost while there is no server, or none that answers', async () => {
  await serve({ host: '' });
  await outbox.tell(describeJobEnd(run));
  await mailer.sendWaiting();
  await serve({ port: 1 });
  await mailer.sendWaiting();
  expect(await outbox.list()).toHaveLength(1);
  await serve({});
  await mailer.sendWaiting();
  expect(catcher.mails).toHaveLength(1);
});

test('a server that does not answer is asked once, however many mails wait; a refusal of one mail is its own', async () => {
  const warn = jest.spyOn(silentLog, 'warn');
  await rule('stewards', { recipients: ['a@example.com'] });
  await rule('others', { recipients: ['b@example.com'] });
  await outbox.tell(describeJobEnd(run));
  await serve({ port: 1 });
  await mailer.sendWaiting();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(await outbox.list()).toHaveLength(2);
  await serve({});
  refusals.set('b@example.com', 451);
  await mailer.sendWaiting();
  expect(catcher.mails.map(({ to }) => to)).toEqual([['a@example.com']]);
  warn.mockRestore();
});

test('logs in with the secret that the setting refers to', async () => {
  await serve({ user: 'relay', secret: 'secret:mail' });
  await outbox.tell(describeJobEnd(run));
  await mailer.sendWaiting();
  expect(catcher.mails[0]?.login).toBe('relay what secret:mail stands for');
});

test('a server that cannot encrypt is given nothing when it should', async () => {
  await serve({ encryption: 'starttls' });
  await outbox.tell(describeJobEnd(run));
  await mailer.sendWaiting();
  expect(catcher.mails).toEqual([]);
  expect(await outbox.list()).toHaveLength(1);
});

test('names of flows cannot write headers of the mail', async () => {
  await outbox.tell(describeJobEnd({ ...run, dataflow: 'x\r\nBcc: eve@example.com' }));
  await mailer.sendWaiting();
  expect(catcher.mails[0]?.to).toEqual(['steward@example.com']);
  expect(catcher.mails[0]?.data.split('\r\n\r\n')[0]).not.toMatch(/^Bcc/m);
});

test('a run leaves those that go on only when its end is told', async () => {
  let fails = true;
  const ended = async (view: RunView) => {
    if (fails) throw new Error('no table');
    await outbox.tell(describeJobEnd(view));
  };
  const store = new RunStore({ table, clusterName: 'test', nowMs: () => Date.parse(at), ended });
  const order = {
    id: 'r',
    dataflow: 'clean',
    version: 1,
    document: {},
    options: {},
    submittedBy: 'x',
    submittedAt: at,
  };
  const record = await store.submit({ ...order, databases: {}, defaultDatabases: {}, savedOptions: {} });
  const over = await store.advance(record, { ...record.progress, state: 'failed', endedAt: at });
  if (over === undefined) throw new Error('nobody else writes');
  await expect(store.archive(over)).rejects.toThrow('no table');
  expect(await store.listActive()).toEqual(['r']);
  fails = false;
  await store.archive(over);
  expect(await store.listActive()).toEqual([]);
  expect(await outbox.list()).toHaveLength(1);
});

test('tells of a start by a rule of its own, and of the end by another', async () => {
  await rule('early', { event: 'job-start', flow: 'clean', recipients: ['early@example.com'] });
  await outbox.tell(describeJobStart({ ...run, state: 'running' }));
  await outbox.tell(describeJobStart({ ...run, dataflow: 'other', id: 'run-2', state: 'running' }));
  await outbox.tell(describeJobEnd(run));
  await mailer.sendWaiting();
  expect(catcher.mails.map(({ to }) => to[0]).sort()).toEqual(['early@example.com', 'steward@example.com']);
  expect(subjects()).toContain('[spectrum test] clean started');
  expect(catcher.mails.find(({ to }) => to[0] === 'early@example.com')?.data).toContain('The job clean started.');
});

test('a run tells of its start once, when its first owner begins, and none that was cancelled before', async () => {
  const told: string[] = [];
  const started = async ({ id }: RunView) => void told.push(id);
  const store = new RunStore({ table, clusterName: 'test', nowMs: Date.now, started });
  const order = { dataflow: 'clean', version: 1, document: {}, options: {}, submittedBy: 'ann', submittedAt: at };
  const shared = { databases: {}, defaultDatabases: {}, savedOptions: {} };
  const submit = (id: string) => store.submit({ ...order, ...shared, id });
  const first = await submit('first');
  const begun = await store.advance(first, { ...first.progress, state: 'running', epoch: 1, startedAt: at });
  await store.advance(begun as typeof first, { ...first.progress, state: 'running', epoch: 2, startedAt: at });
  const second = await submit('second');
  await store.advance(second, { ...second.progress, state: 'cancelled', epoch: 1, endedAt: at });
  expect(told).toEqual(['first']);
});

test('a test mail goes out at once and tells who got it, or what the server said', async () => {
  expect(await mailer.sendTest(['ann@example.com'])).toEqual(['ann@example.com']);
  expect(subjects()).toEqual(['[spectrum test] test']);
  refusals.set('bob@example.com', 550);
  expect(await mailer.sendTest(['ann@example.com', 'bob@example.com'])).toEqual(['ann@example.com']);
  await expect(mailer.sendTest(['bob@example.com'])).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringMatching(/^The mail server 127\.0\.0\.1:\d+ did not take the mail: .*550/),
  });
  await serve({ port: 1 });
  await expect(mailer.sendTest(['ann@example.com'])).rejects.toThrow('check the setting mail-server');
  await serve({ host: '' });
  await expect(mailer.sendTest(['ann@example.com'])).rejects.toThrow('There is no mail server');
});
