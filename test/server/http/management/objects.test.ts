import { type ConfigurationKind, kinds } from '../../../../contract/kinds.ts';
import { collectionPath } from '../../../../contract/management.ts';
import { kindSamples } from '../../../support/kind-samples.ts';
import { openManagedCluster } from '../../../support/management-cluster.ts';
import { basic } from '../../../support/test-gateway.ts';

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeAll(async () => {
  cluster = await openManagedCluster(2);
}, 30_000);
afterAll(() => cluster.close());

const pathOf = (kind: ConfigurationKind, name?: string) =>
  collectionPath(kinds[kind].collection) + (name === undefined ? '' : `/${encodeURIComponent(name)}`);
const create = { 'if-none-match': '*' };
const seen = (etag: string) => ({ 'if-match': etag });
const put = (path: string, body: object, headers: Record<string, string> = create, more = {}) =>
  cluster.send({ method: 'PUT', path, body, headers, ...more });
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  cluster.send({ method: 'POST', path, body, headers });
const get = (path: string, headers: Record<string, string> = {}) => cluster.send({ path, headers });
const remove = (path: string, headers: Record<string, string>) => cluster.send({ method: 'DELETE', path, headers });

const samples = Object.entries(kindSamples).map(([kind, sample]) => [kind as ConfigurationKind, sample] as const);

test('every kind that callers write has a sample', () => {
  const written = Object.entries(kinds).filter(([, { writtenBy }]) => writtenBy === 'callers');
  expect(Object.keys(kindSamples).sort()).toEqual(written.map(([kind]) => kind).sort());
});

test('what is answered is what is described', async () => {
  const { components } = (await get('/api/v1/openapi.json')).body as unknown as {
    components: { schemas: Record<string, { properties: object; required: readonly string[] }> };
  };
  for (const [kind, { value, needs = [] }] of samples) {
    for (const [needed, neededName, neededValue] of needs) await put(pathOf(needed, neededName), neededValue);
    const { body } = await post(pathOf(kind), { name: 'described', ...value });
    const schema = components.schemas[kind.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())];
    const described = Object.keys(schema?.properties ?? {});
    const undescribed = Object.keys(body).filter((field) => !described.includes(field));
    const missing = (schema?.required ?? []).filter((field) => !(field in body));
    expect({ kind, undescribed, missing }).toEqual({ kind, undescribed: [], missing: [] });
  }
});

test('HEAD tells what GET would, without a body', async () => {
  for (const path of [pathOf('user'), pathOf('user', 'admin')]) {
    const [head, full] = [await cluster.send({ method: 'HEAD', path }), await get(path)];
    expect([head.status, head.etag, head.text]).toEqual([200, full.etag, '']);
  }
});

describe.each(samples)('%s', (kind, { needs = [], value, change, wrong }) => {
  const name = `sample ${kind} ü`.replace(kind === 'user' ? ' ü' : '', '');
  const path = pathOf(kind, name);
  beforeAll(async () => {
    for (const [needed, neededName, neededValue] of needs) await put(pathOf(needed, neededName), neededValue);
  });

  test('is created, read on the other node, changed as seen and deleted as seen', async () => {
    const created = await post(pathOf(kind), { name, ...value });
    expect([created.status, created.headers.get('location')]).toEqual([201, path]);
    expect(created.text).not.toMatch(/secret:|scrypt|long enough/);

    const read = await cluster.send({ node: 1, path, headers: { 'spectrum-revision': created.revision } });
    expect([read.status, read.etag, read.body.revision]).toEqual([200, created.etag, created.revision]);
    const same = { node: 1, path, headers: { 'if-none-match': read.etag } };
    expect((await cluster.send(same)).status).toBe(304);

    const changed = await put(path, { ...read.body, ...change }, seen(read.etag));
    expect([changed.status, changed.body]).toEqual([200, expect.objectContaining(change)]);
    expect(changed.etag).not.toBe(read.etag);

    const late = await put(path, { ...read.body, ...change }, seen(read.etag));
    expect([late.status, late.etag]).toEqual([409, changed.etag]);
    expect(late.body).toMatchObject({ code: 'REVISION_CONFLICT', current: change, revision: changed.revision });
    expect((await remove(path, seen(read.etag))).status).toBe(409);
    expect((await remove(path, seen(changed.etag))).status).toBe(204);
    expect((await get(path)).status).toBe(404);
  });

  test('is refused with the field, the value and what is allowed', async () => {
    const [fields, sentence] = wrong;
    const { status, body } = await put(path, { ...value, ...fields });
    expect([status, body.message]).toEqual([422, expect.stringContaining(sentence)]);
    expect(body.field).toMatch(new RegExp(`^${Object.keys(fields)[0]}`));
  });

  test('needs a precondition, keeps its name and knows its fields', async () => {
    expect((await put(path, value, {})).body).toMatchObject({ code: 'REVISION_REQUIRED' });
    expect((await remove(path, {})).status).toBe(428);
    expect((await put(path, value, seen('"1.7"'))).status).toBe(404);
    expect((await put(path, value, seen('"seven"'))).body.message).toContain('is not an ETag of this server');
    expect((await put(path, { ...value, name: 'another' })).body).toMatchObject({
      code: 'INVALID_OBJECT',
      field: 'name',
    });
    const unknown = await put(path, { ...value, colour: 1 });
    expect(unknown.body).toMatchObject({ field: 'colour', message: expect.stringContaining('is unknown; use ') });
    expect(unknown.text).not.toContain('passwordHash');
  });
});

test('names that are not allowed are refused, encoded ones are found', async () => {
  expect((await post(pathOf('setting'), { value: 1 })).body.message).toContain('name: is missing; send 1 to 200');
  expect((await post(pathOf('setting'), { name: 'a/b', value: 1 })).body.message).toContain(
    'name "a/b" is not allowed',
  );
  const created = await post(pathOf('setting'), { name: 'a b?&=%', value: 1 });
  expect(created.status).toBe(201);
  expect((await get(String(created.headers.get('location')))).body).toMatchObject({ name: 'a b?&=%', value: 1 });
});

test('a change that came between shows its own value in the conflict, whatever the epoch of the tag', async () => {
  await post(pathOf('setting'), { name: 'epoch', value: 1 });
  const { status, body } = await put(pathOf('setting', 'epoch'), { value: 2 }, seen('"9.1"'));
  expect([status, body]).toEqual([409, expect.objectContaining({ current: { value: 1 } })]);
  expect(body.message).toContain('is of epoch 9, the configuration is in epoch 1; read the object again');
});

test('a resent idempotency key is answered on any node and not repeated', async () => {
  const headers = { 'idempotency-key': 'once-and-for-all' };
  const body = { name: 'once', value: 1 };
  const first = await post(pathOf('setting'), body, headers);
  const again = await cluster.send({ node: 1, method: 'POST', path: pathOf('setting'), body, headers });
  expect([first.status, again.status, again.body.revision]).toEqual([201, 201, first.body.revision]);
  const other = await post(pathOf('setting'), { name: 'twice', value: 1 }, headers);
  expect([other.status, other.body.message]).toEqual([
    422,
    'Idempotency key once-and-for-all was used for setting "once"; send a fresh one',
  ]);
});

test('whatever is in use is not deleted, and the users are named', async () => {
  await post(pathOf('role'), { name: 'clerk', permissions: {} });
  await post(pathOf('user'), { name: 'ada', roles: ['clerk'], password: 'long enough!' });
  const { status, body } = await remove(pathOf('role', 'clerk'), seen('*'));
  expect([status, body]).toEqual([409, expect.objectContaining({ code: 'OBJECT_IN_USE', users: ['user/ada'] })]);
});

test('the last administrator stays', async () => {
  for (const refusal of [
    await remove(pathOf('user', 'admin'), seen('*')),
    await put(pathOf('user', 'admin'), { roles: ['admin'], enabled: false }, seen('*')),
    await put(pathOf('user', 'admin'), { roles: ['user'] }, seen('*')),
  ]) {
    expect([refusal.status, refusal.body]).toEqual([409, expect.objectContaining({ users: ['admin'] })]);
  }
});

test.each(['admin', 'designer', 'integrator', 'user'])('the predefined role %s is read only', async (role) => {
  const read = await get(pathOf('role', role));
  expect(read.status).toBe(200);
  expect((await put(pathOf('role', role), { permissions: {} }, seen(read.etag))).body.code).toBe('NOT_PERMITTED');
  expect((await remove(pathOf('role', role), seen(read.etag))).status).toBe(403);
});

test('what nodes keep for themselves is shown without secrets and not written', async () => {
  await get('/security/rest/token/access/5');
  const { body, text } = await get(pathOf('token-key'));
  expect(body.items).toHaveLength(1);
  expect(text).not.toContain('secret');
  const refused = await put(pathOf('token-key', 'mine'), { number: 1 });
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('a vintage that is not there is accepted, and the answer says what this node found', async () => {
  const { status, body } = await post(pathOf('database-resource'), {
    name: 'absent',
    module: 'addressing',
    database: 'us',
    vintage: '1999.01',
  });
  expect([status, body.onThisNode]).toEqual([201, { pendingVintage: '1999.01', problem: expect.any(String) }]);
  const again = await put(pathOf('database-resource', 'absent'), body, seen('*'));
  expect(again.status).toBe(200);
  expect((await remove(pathOf('database-resource', 'absent'), seen('*'))).status).toBe(204);
});

test('users change their own password and nobody else’s, under the policy', async () => {
  await post(pathOf('user'), { name: 'bob', password: 'first word!' });
  await post(pathOf('user'), { name: 'eva', password: 'other word!' });
  const change = (name: string, password: string, authorization: string) =>
    put(`${pathOf('user', name)}/password`, { password }, seen('*'), { authorization });
  const bob = basic('bob', 'first word!');
  expect((await change('eva', 'taken over!', bob)).status).toBe(403);
  expect((await change('bob', 'letters', bob)).body).toMatchObject({ code: 'INVALID_OBJECT', field: 'password' });
  expect((await change('bob', 'second word!', bob)).status).toBe(204);
  expect((await change('bob', 'third word!', basic('bob', 'second word!'))).status).toBe(204);
  const taken = await put(pathOf('user', 'bob'), { passwordHash: 'x' }, seen('*'));
  expect(taken.body.message).toBe('passwordHash is not accepted; send password');
});

test('the reason of a change is kept', async () => {
  await cluster.send({ method: 'POST', path: `${pathOf('setting')}?reason=because`, body: { name: 'why', value: 1 } });
  const { body } = await get(`${pathOf('setting', 'why')}/history`);
  expect(body.items).toEqual([expect.objectContaining({ by: 'admin', reason: 'because' })]);
});

test('a large value is kept whole, and one past the limit is refused with both sizes', async () => {
  const large = { latest: { text: 'ü'.repeat(200_000) } };
  const created = await post(pathOf('dataflow'), { name: 'large', ...large });
  expect(created.status).toBe(201);
  const read = await cluster.send({
    node: 1,
    path: pathOf('dataflow', 'large'),
    headers: { 'spectrum-revision': created.revision },
  });
  expect(read.body).toMatchObject(large);
  const { status, body } = await post(pathOf('dataflow'), { name: 'larger', latest: 'x'.repeat(8_500_000) });
  expect([status, body.message]).toEqual([
    422,
    expect.stringMatching(/is 85000\d\d bytes of JSON; at most \d+ are allowed/),
  ]);
  const tooLarge = await post(pathOf('dataflow'), { name: 'largest', latest: 'x'.repeat(10_000_000) });
  expect([tooLarge.status, tooLarge.body.message]).toEqual([413, expect.stringContaining('send a smaller object')]);
});
