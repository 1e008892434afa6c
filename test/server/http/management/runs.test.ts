import { type RunCommand, type RunView, runCommands } from '../../../../contract/runs.ts';
import { SpectrumError } from '../../../../server/foundation/errors.ts';
import type { JobService } from '../../../../server/http/index.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { adminAuthorization, basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
let runs: readonly RunView[];
/** What reached the jobs. */
let commands: (readonly [string, RunCommand])[];
let keys: Parameters<JobService['submit']>[2][];

const hours = Array.from({ length: 20 }, (_, hour) => String(hour).padStart(2, '0'));

beforeEach(async () => {
  runs = [toRun('open-1', 'open'), toRun('closed-1', 'closed')];
  [commands, keys] = [[], []];
  gateway = await openTestGateway({ jobs: fakeJobs() });
  await addUser('operator', { Jobs: ['view', 'execute'] });
  await addUser('viewer', { Jobs: ['view'] });
  await addUser('stranger', {});
  for (const user of ['operator', 'viewer']) await override(user, 'closed', []);
});
afterEach(() => gateway.close());

function toRun(id: string, dataflow: string): RunView {
  const submittedAt = '2026-10-01T00:00:00.000Z';
  return { id, dataflow, version: 1, state: 'running', submittedBy: 'admin', submittedAt, epoch: 1, stages: [] };
}

function fakeJobs(): JobService {
  const get = async (id: string) => {
    const run = runs.find((candidate) => candidate.id === id);
    if (run !== undefined) return run;
    throw new SpectrumError('UNKNOWN_OBJECT', `There is no run ${id}`);
  };
  return {
    get,
    report: async (id) => toReport(await get(id)),
    async submit({ dataflow }, _, key) {
      keys.push(key);
      return toRun('new', dataflow);
    },
    list: async (limit) => runs.slice(0, limit),
    async command(id, command) {
      commands.push([id, command]);
      return get(id);
    },
    stages: neverAsked,
    check: neverAsked,
  };
}

const hostile = '<script>alert("1")</script>\'&\u0000';

function toReport(run: RunView) {
  const counts = {
    recordsRead: 10,
    recordsWritten: { output_port: 9 },
    malformedRecords: 1,
    busyMs: 5,
    isFinished: true,
  };
  return {
    run: { ...run, error: hostile, stages: [{ stage: 'r', label: hostile, type: 'ReadFromFile', ...counts }] },
    durationMs: 7,
    options: { [hostile]: { deep: hostile } },
    files: [{ label: hostile, type: 'ReadFromFile', file: hostile }],
    databases: { us: 'us/2026.10' },
    recordsRead: 10,
    recordsWritten: 9,
    malformedRecords: 1,
  };
}

function neverAsked(): never {
  throw new Error('no test asks for this');
}

async function addUser(name: string, permissions: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await gateway.configuration.put('role', name, { description: '', permissions });
  await gateway.configuration.put('user', name, { roles: [name], passwordHash: await cheapHash('x') });
}

function override(user: string, entity: string, permissions: readonly string[]): Promise<void> {
  const value = { user, entityType: 'Jobs', entity, permissions };
  return gateway.configuration.put('access-control', `${user} ${entity}`, value);
}

async function call(user: string, method: string, path: string, body?: object) {
  const authorization = user === 'admin' ? adminAuthorization : basic(user, 'x');
  const response = await fetch(`${gateway.origin}/api/v1/runs${path}`, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: (await response.json()) as Answer };
}

interface Answer {
  readonly id?: string;
  readonly code?: string;
  readonly items?: readonly RunView[];
}

const listIds = async (user: string, query = '') => (await call(user, 'GET', query)).answer.items?.map(({ id }) => id);

test.each([
  ['operator', 'open-1', 200],
  ['operator', 'closed-1', 403],
  ['viewer', 'open-1', 200],
  ['stranger', 'open-1', 403],
  ['admin', 'closed-1', 200],
  ['admin', 'missing', 404],
])('to %s the run %s answers %p', async (user, id, status) => {
  expect((await call(user, 'GET', `/${id}`)).status).toBe(status);
});

test('a right to one dataflow shows its runs to whoever has none to the others', async () => {
  await override('stranger', 'open', ['view']);
  expect((await call('stranger', 'GET', '/open-1')).status).toBe(200);
  expect((await call('stranger', 'GET', '/closed-1')).status).toBe(403);
  expect(await listIds('stranger')).toEqual(['open-1']);
});

describe.each(runCommands)('%s', (command) => {
  test.each([
    ['operator', 'open-1', 202],
    ['operator', 'closed-1', 403],
    ['viewer', 'open-1', 403],
    ['stranger', 'open-1', 403],
    ['admin', 'closed-1', 202],
    ['admin', 'missing', 404],
  ])('asked by %s of %s answers %p, and only what is permitted reaches the run', async (user, id, status) => {
    expect((await call(user, 'POST', `/${id}/${command}`)).status).toBe(status);
    expect(commands).toEqual(status === 202 ? [[id, command]] : []);
  });
});

test.each([
  ['open', 202],
  ['closed', 403],
])('a run of the dataflow %s is asked for with the answer %p', async (dataflow, status) => {
  expect((await call('operator', 'POST', '', { dataflow })).status).toBe(status);
});

test('the list leaves out what the caller may not view, and is refused to whoever may view nothing', async () => {
  expect(await listIds('admin')).toEqual(['open-1', 'closed-1']);
  expect(await listIds('viewer')).toEqual(['open-1']);
  expect((await call('stranger', 'GET', '')).status).toBe(403);
  runs = [];
  expect(await listIds('viewer')).toEqual([]);
});

test('runs that the caller may not view take no places of the list', async () => {
  runs = [
    ...hours.map((hour) => toRun(`closed-${hour}`, 'closed')),
    ...hours.map((hour) => toRun(`open-${hour}`, 'open')),
  ];
  expect(await listIds('viewer', '?limit=3')).toEqual(['open-00', 'open-01', 'open-02']);
  expect(await listIds('admin', '?limit=3')).toEqual(['closed-00', 'closed-01', 'closed-02']);
});

test.each([
  ['viewer', 'open-1', 200],
  ['viewer', 'closed-1', 403],
  ['stranger', 'open-1', 403],
  ['admin', 'missing', 404],
])('to %s the report of %s answers %p', async (user, id, status) => {
  expect((await call(user, 'GET', `/${id}/report`)).status).toBe(status);
});

test('a report is JSON, or a page in which nothing of a dataflow is markup', async () => {
  expect((await call('admin', 'GET', '/open-1/report')).answer).toMatchObject({ recordsRead: 10, durationMs: 7 });
  const headers = { authorization: adminAuthorization, accept: 'text/html,*/*' };
  const page = await fetch(`${gateway.origin}/api/v1/runs/open-1/report`, { headers });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const text = await page.text();
  expect(text).not.toContain('<script');
  expect(text).not.toContain('\u0000');
  expect(text.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;\ufffd')).toHaveLength(6);
  expect((await call('admin', 'GET', '/open-1/report?format=pdf')).status).toBe(400);
});

describe('the key of a request', () => {
  const submit = async (key: string, body: object) => {
    const response = await fetch(`${gateway.origin}/api/v1/runs`, {
      method: 'POST',
      headers: { authorization: adminAuthorization, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    return [response.status, ((await response.json()) as { readonly message?: string }).message] as const;
  };

  test('comes with a digest of what is asked, whatever the order of its members', async () => {
    await submit('k', { dataflow: 'open', options: { a: 1, b: 2 } });
    await submit('k', { options: { b: 2, a: 1 }, dataflow: 'open' });
    await submit('k', { dataflow: 'open', options: { a: 1, b: 3 } });
    expect(keys).toMatchObject(keys.map(() => ({ name: 'request/admin/k', given: 'k' })));
    const digests = keys.map((key) => (key as { readonly digest: string }).digest);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect([digests[1] === digests[0], digests[2] === digests[0]]).toEqual([true, false]);
  });

  test('is refused where it is too long to be told from another', async () => {
    const [status, message] = await submit('k'.repeat(201), { dataflow: 'open' });
    expect([status, message]).toEqual([400, expect.stringMatching(/^Idempotency-Key: .* 1 to 200 characters$/)]);
    expect(keys).toEqual([]);
  });
});
