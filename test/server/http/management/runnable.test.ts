import { cheapHash } from '../../../support/cheap-hash.ts';
import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await openTestGateway();
  for (const name of ['clean', 'repair']) {
    await gateway.configuration.put('dataflow', name, { latest: {}, versions: [] });
  }
  await gateway.configuration.put('process-flow', 'night', { latest: night('clean'), versions: [] });
  const author = { Schedules: ['create', 'modify', 'view'], 'Process Flows': ['create', 'modify', 'view'] };
  await addUser('author', author);
  await addUser('operator', {
    ...author,
    'Process Flows': [...author['Process Flows'], 'execute'],
    Jobs: ['execute'],
  });
});
afterEach(() => gateway.close());

async function addUser(name: string, permissions: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await gateway.configuration.put('role', name, { description: '', permissions });
  await gateway.configuration.put('user', name, { roles: [name], passwordHash: await cheapHash('x') });
}

const night = (dataflow: string) => ({
  activities: [
    { id: 'first', type: 'job', dataflow },
    { id: 'done', type: 'success' },
  ],
  transitions: [{ from: 'first', to: 'done' }],
});
const nightly = (change: object = {}) => ({
  flowKind: 'dataflow',
  flow: 'clean',
  trigger: { kind: 'cron', pattern: '30 2 * * *' },
  ...change,
});
const ofFlow = nightly({ flowKind: 'process-flow', flow: 'night' });

async function send(user: string, method: string, path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.origin}/api/v1/${path}`, {
    method,
    headers: { authorization: basic(user, 'x'), 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, message: response.ok ? '' : JSON.parse(text).message };
}

const create = (user: string, path: string, body: object) => send(user, 'PUT', path, body, { 'if-none-match': '*' });

async function change(user: string, path: string, body: object) {
  const headers = { authorization: basic(user, 'x') };
  const found = await fetch(`${gateway.origin}/api/v1/${path}`, { headers });
  return send(user, 'PUT', path, body, { 'if-match': String(found.headers.get('etag')) });
}

const ofJobs = 'User author has no execute permission on Jobs: clean; an administrator gives it by a role';
const ofFlows = 'User author has no execute permission on Process Flows: night; an administrator gives it by a role';

test.each<[string, string, object, string]>([
  ['a schedule of a dataflow', 'schedules/nightly', nightly(), ofJobs],
  ['a schedule of a process flow', 'schedules/nightly', ofFlow, ofFlows],
  ['a process flow', 'process-flows/day', { latest: night('clean'), versions: [] }, ofJobs],
  [
    'a version of a process flow',
    'process-flows/day',
    { latest: night('repair'), versions: [{ number: 1, comment: '', document: night('clean') }] },
    'User author has no execute permission on Jobs: repair',
  ],
])('%s is stored by whoever may run what it names', async (_title, path, value, sentence) => {
  expect(await create('author', path, value)).toEqual({ status: 403, message: expect.stringContaining(sentence) });
  expect((await create('operator', path, value)).status).toBe(201);
});

test('a right to one flow is enough for it, and for no other', async () => {
  await gateway.configuration.put('access-control', 'author-clean', {
    user: 'author',
    entityType: 'Jobs',
    entity: 'clean',
    permissions: ['execute'],
  });
  expect((await create('author', 'schedules/nightly', nightly())).status).toBe(201);
  expect((await change('author', 'schedules/nightly', nightly({ flow: 'repair' }))).status).toBe(403);
});

test('a schedule is stopped by whoever may change it, and changed in nothing else', async () => {
  await create('operator', 'schedules/nightly', nightly({ enabled: true }));
  expect((await change('author', 'schedules/nightly', nightly({ files: { In: 'other.csv' } }))).status).toBe(403);
  expect((await change('author', 'schedules/nightly', nightly({ enabled: false }))).status).toBe(200);
  expect((await change('author', 'schedules/nightly', nightly({ enabled: true }))).status).toBe(403);
  expect((await change('operator', 'schedules/nightly', nightly({ enabled: true }))).status).toBe(200);
});

test('of a process flow what was there before was its author’s; what is new is asked for', async () => {
  const kept = { latest: night('clean'), versions: [] };
  expect((await change('author', 'process-flows/night', { ...kept, description: 'Every night' })).status).toBe(200);
  const otherFile = night('clean');
  Object.assign(otherFile.activities[0] as object, { files: { In: 'secret.csv' } });
  expect((await change('author', 'process-flows/night', { ...kept, latest: otherFile })).status).toBe(403);
});

test.each([
  ['author', 403],
  ['operator', 200],
])('an import by %s answers %i and stores as the API does', async (user, status) => {
  const objects = [{ kind: 'schedule', name: 'nightly', value: nightly() }];
  const file = { type: 'spectrum-configuration', version: 1, epoch: 1, revision: 1, objects };
  const answer = await send(user, 'POST', 'configuration/import', file);
  expect(answer.status).toBe(status);
  if (status === 403) expect(answer.message).toContain(ofJobs);
  expect(gateway.configuration.snapshot().find('schedule', 'nightly') !== undefined).toBe(status === 200);
});

test('an earlier state is restored by whoever may run what it names', async () => {
  await create('operator', 'schedules/nightly', nightly());
  const { revision } = gateway.configuration.snapshot();
  await change('operator', 'schedules/nightly', nightly({ flow: 'repair' }));
  const restore = async (user: string) => {
    const found = await fetch(`${gateway.origin}/api/v1/schedules/nightly`, {
      headers: { authorization: basic(user, 'x') },
    });
    const headers = { 'if-match': String(found.headers.get('etag')) };
    return (await send(user, 'POST', 'schedules/nightly/restore', { revision }, headers)).status;
  };
  expect([await restore('author'), await restore('operator')]).toEqual([403, 200]);
});
