import { ManagementClient, ManagementError } from '../../client/index.ts';
import { openManagedCluster } from '../support/management-cluster.ts';

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeAll(async () => {
  cluster = await openManagedCluster(2);
}, 30_000);
afterAll(() => cluster.close());

const credentials = { user: 'admin', password: 'secret words!' };

/** A client behind a balancer that sends every request to another node. */
function openClient(send: typeof fetch = fetch, retries = 4): ManagementClient {
  let turn = 0;
  const balanced: typeof fetch = (input, init) => {
    const url = new URL(String(input));
    url.host = new URL(String(cluster.origins[turn++ % 2])).host;
    return send(url, init);
  };
  return new ManagementClient({ url: String(cluster.origins[0]), credentials, fetch: balanced, retries });
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('what is written is read at once, whichever node answers', async () => {
  const settings = openClient().objects('setting');
  for (let index = 0; index < 20; index++) {
    const { etag } = await settings.create(`own ${index}`, { value: index });
    const read = await settings.get(`own ${index}`);
    expect([read.value.value, read.etag]).toEqual([index, etag]);
  }
});

test('an object is created, changed as seen, restored and deleted', async () => {
  const resources = openClient().objects('database-resource');
  const value = { module: 'addressing', database: 'us', vintage: '2026.10' } as const;
  const created = await resources.create('us', value, { reason: 'first' });
  const changed = await resources.put('us', { ...value, vintage: '2026.11' }, created);
  await expect(resources.put('us', value, created)).rejects.toMatchObject({
    code: 'REVISION_CONFLICT',
    status: 409,
    facts: { current: { vintage: '2026.11' }, revision: changed.value.revision },
  });
  const [newest, oldest] = await collect(resources.history('us', 1));
  expect(newest?.changes).toEqual([{ field: 'vintage', from: '2026.10', to: '2026.11' }]);
  expect(oldest).toMatchObject({ by: 'admin', reason: 'first' });
  expect((await resources.restore('us', created.value.revision)).value.vintage).toBe('2026.10');
  await resources.delete('us', 'any');
  expect(await resources.find('us')).toBeUndefined();
  expect((await resources.restore('us', changed.value.revision)).value.vintage).toBe('2026.11');
});

test('changes that collide are made one after the other', async () => {
  const settings = openClient().objects('setting');
  await settings.create('counter', { value: 0 });
  const count = () => settings.change('counter', ({ value }) => ({ value: Number(value) + 1 }));
  await Promise.all([count(), count(), count(), count()]);
  expect((await settings.get('counter')).value.value).toBe(4);
});

test('lists come page by page, filtered and sorted', async () => {
  const servers = openClient().objects('file-server');
  for (const index of [3, 1, 2]) await servers.create(`s${index}`, { type: 's3', host: `h${index % 2}` });
  const listed = await collect(servers.list({ filter: ['type=s3'], sort: '-host', pageSize: 1 }));
  expect(listed.map(({ name }) => name)).toEqual(['s1', 's3', 's2']);
});

test('a reply that is lost does not make a change twice', async () => {
  let lost = 0;
  const losing: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (init?.method !== 'POST' || lost++ > 0) return answer;
    throw new TypeError('fetch failed');
  };
  const created = await openClient(losing).objects('licence').create('once', { feature: 'x', type: 'unlimited' });
  expect(lost).toBe(2);
  expect(await collect(openClient().objects('licence').history('once'))).toHaveLength(1);
  expect(created.value.name).toBe('once');
});

test('a refusal is an error with its code, its sentence and its facts', async () => {
  const failure = await openClient()
    .objects('user')
    .create('eve', { password: 'letters' })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ManagementError);
  expect(failure).toMatchObject({
    code: 'INVALID_OBJECT',
    status: 422,
    message: expect.stringContaining('with at least one of & *'),
    facts: { field: 'password', requestId: expect.any(String) },
  });
});

test('no answer at all says so after a few tries', async () => {
  let tries = 0;
  const dead: typeof fetch = async () => {
    tries++;
    throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
  };
  await expect(openClient(dead, 2).cluster()).rejects.toMatchObject({
    code: 'NO_ANSWER',
    status: 0,
    message: expect.stringMatching(/^http:\S+ does not answer: connect ECONNREFUSED$/),
  });
  expect(tries).toBe(3);
});

test('a node that is away for a moment is asked again', async () => {
  let refusals = 2;
  const draining: typeof fetch = async (input, init) =>
    refusals-- > 0 ? new Response('{"code":"DRAINING","message":"later"}', { status: 503 }) : fetch(input, init);
  expect((await openClient(draining).node()).name).toMatch(/^node-/);
});

test('names with any sign reach their object', async () => {
  const settings = openClient().objects('setting');
  const name = 'a b?&=%ü';
  await settings.create(name, { value: 1 });
  expect((await settings.get(name)).value).toMatchObject({ name, value: 1 });
});

test('the audit log, the cluster and its file are read, and the file is imported', async () => {
  const client = openClient();
  const entries = await collect(client.auditLog({ user: 'system', kind: 'role' }));
  expect(entries.map(({ name }) => name).sort()).toEqual(['admin', 'designer', 'integrator', 'user']);
  expect((await client.auditLogCsv({ kind: 'role' })).split('\r\n')).toHaveLength(6);
  const file = await client.exportConfiguration('a long passphrase');
  const steps = client.importConfiguration(file, { dryRun: true, passphrase: 'a long passphrase' });
  expect(await collect(steps)).toEqual([]);
  expect(await client.cluster()).toMatchObject({ state: 'current', format: 1 });
  await client.objects('user').create('ida', { password: 'some words!' });
  await client.setPassword('ida', 'other words!');
  const [newest] = await collect(client.objects('user').history('ida'));
  expect(newest?.changes).toEqual([{ field: 'passwordHash', hidden: true }]);
});
