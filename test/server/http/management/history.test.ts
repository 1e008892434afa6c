import { openManagedCluster } from '../../../support/management-cluster.ts';

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeEach(async () => {
  cluster = await openManagedCluster(2);
});
afterEach(() => cluster.close());

type Entry = Readonly<Record<string, unknown>>;
const resources = '/api/v1/database-resources';
const value = { module: 'addressing', database: 'us', vintage: '2026.10' };
const save = (name: string, change: object, headers: Record<string, string> = { 'if-match': '*' }) =>
  cluster.send({ method: 'PUT', path: `${resources}/${name}`, body: { ...value, ...change }, headers });
const items = async (path: string, headers: Record<string, string> = {}) =>
  (await cluster.send({ path, headers })).body.items as unknown as Entry[];

async function changeThrice() {
  const created = await save('us', {}, { 'if-none-match': '*' });
  await save('us', { vintage: 'broken', poolSize: 2 });
  await cluster.send({
    method: 'PUT',
    path: `${resources}/us?reason=more%20callers`,
    body: { ...value, vintage: 'broken', poolSize: 8 },
    headers: { 'if-match': '*' },
  });
  return created;
}

test('the history tells who changed what field by field, newest first', async () => {
  await changeThrice();
  expect(await items(`${resources}/us/history`)).toEqual([
    {
      revision: expect.stringMatching(/^1\.\d+$/),
      operation: 'put',
      by: 'admin',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      reason: 'more callers',
      changes: [{ field: 'poolSize', from: 2, to: 8 }],
    },
    expect.objectContaining({
      changes: [
        { field: 'vintage', from: '2026.10', to: 'broken' },
        { field: 'poolSize', to: 2 },
      ],
    }),
    expect.objectContaining({
      changes: [
        { field: 'database', to: 'us' },
        { field: 'module', to: 'addressing' },
        { field: 'vintage', to: '2026.10' },
      ],
    }),
  ]);
});

test('an earlier value is restored as one more change, as seen', async () => {
  const good = await changeThrice();
  const restore = (headers: Record<string, string>, revision: unknown = good.body.revision) =>
    cluster.send({ node: 1, method: 'POST', path: `${resources}/us/restore`, body: { revision }, headers });
  expect((await restore({})).status).toBe(428);
  expect((await restore({ 'if-match': good.etag })).status).toBe(409);
  const restored = await restore({ 'if-match': '*' });
  expect([restored.status, restored.body]).toEqual([200, expect.objectContaining(value)]);
  expect(restored.body.poolSize).toBeUndefined();
  const [newest] = await items(`${resources}/us/history?limit=1`, { 'spectrum-revision': restored.revision });
  expect(newest).toMatchObject({ reason: `restored ${Number(good.revision.split('.')[1])}` });
  expect((await restore({ 'if-match': '*' }, '1.1')).status).toBe(404);
  expect((await restore({ 'if-match': '*' }, 'first')).body).toMatchObject({
    code: 'INVALID_OBJECT',
    field: 'revision',
  });
});

test('what was deleted comes back', async () => {
  const created = await changeThrice();
  await cluster.send({ method: 'DELETE', path: `${resources}/us`, headers: { 'if-match': '*' } });
  expect((await items(`${resources}/us/history`))[0]).toMatchObject({ operation: 'delete' });
  const restored = await cluster.send({
    method: 'POST',
    path: `${resources}/us/restore`,
    body: { revision: created.body.revision },
    headers: { 'if-none-match': '*' },
  });
  expect(restored.status).toBe(201);
});

test('a long history comes in pages', async () => {
  await changeThrice();
  const first = (await cluster.send({ path: `${resources}/us/history?limit=2` })).body;
  const second = (await cluster.send({ path: `${resources}/us/history?limit=2&before=${first.next}` })).body;
  expect([first.items, second.items, second.next]).toEqual([
    [expect.anything(), expect.anything()],
    [expect.anything()],
    undefined,
  ]);
});

test('a changed secret shows as changed and nothing more', async () => {
  await cluster.send({ method: 'POST', path: '/api/v1/users', body: { name: 'eve', password: 'first word!' } });
  await cluster.send({
    method: 'PUT',
    path: '/api/v1/users/eve/password',
    body: { password: 'second word!' },
    headers: { 'if-match': '*' },
  });
  const [newest] = await items('/api/v1/users/eve/history');
  expect(newest?.changes).toEqual([{ field: 'passwordHash', hidden: true }]);
});

test('the audit log is asked by user, kind, name and time, in pages', async () => {
  await changeThrice();
  const audit = (query: Record<string, string>) => items(`/api/v1/audit-log?${new URLSearchParams(query)}`);
  expect(await audit({ user: 'admin', kind: 'database-resource' })).toHaveLength(3);
  expect(await audit({ user: 'system', kind: 'role' })).toHaveLength(4);
  expect((await audit({ name: 'us' }))[0]).toMatchObject({ kind: 'database-resource', value: { poolSize: 8 } });
  expect(await audit({ to: '2020-01-01' })).toEqual([]);
  expect(await audit({ from: '2999-01-01' })).toEqual([]);
  expect(await audit({ from: '2020-01-01T00:00:00Z', limit: '2' })).toHaveLength(2);
  const { next } = (await cluster.send({ path: '/api/v1/audit-log?limit=2' })).body;
  expect((await audit({ before: String(next) }))[0]).toMatchObject({ operation: 'put', name: 'us', value });
  const wrong = await cluster.send({ path: '/api/v1/audit-log?from=yesterday' });
  expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('from: "yesterday" is not a time')]);
});

test('the audit log is exported as CSV and as lines, without secrets', async () => {
  await save('=cmd()', {}, { 'if-none-match': '*' });
  const csv = await cluster.send({ path: '/api/v1/audit-log', headers: { accept: 'text/csv' } });
  expect(csv.headers.get('content-type')).toBe('text/csv;charset=utf-8');
  const [head, newest] = csv.text.split('\r\n');
  expect(head).toBe('revision,at,by,operation,kind,name,reason,value,until,count,host');
  expect(newest).toMatch(/,admin,put,database-resource,'=cmd\(\),,"\{""module"":""addressing""/);
  const lines = await cluster.send({ path: '/api/v1/audit-log', headers: { accept: 'application/x-ndjson' } });
  expect(
    lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).by),
  ).toContain('system');
  expect(csv.text + lines.text).not.toMatch(/scrypt|passwordHash/);
});
