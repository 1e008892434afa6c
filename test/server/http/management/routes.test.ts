import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await openTestGateway();
});

afterEach(() => gateway.close());

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.origin}${path}`, {
    method,
    headers: {
      authorization: gateway.authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const resource = { module: 'addressing', database: 'us', vintage: '2026.10' };
const app = { description: 'A program', roles: ['integrator'], password: 'long enough!' };

test('the summary names the collections', async () => {
  expect(await (await call('GET', '/api/v1')).json()).toMatchObject({
    cluster: 'test',
    node: 'node-1',
    paths: expect.arrayContaining(['/api/v1/node', '/api/v1/services', '/api/v1/users', '/api/v1/file-servers']),
  });
});

test('the node tells about itself', async () => {
  expect(await (await call('GET', '/api/v1/node')).json()).toMatchObject({ name: 'node-1', ready: true });
});

test('the predefined roles are there', async () => {
  const { items } = (await (await call('GET', '/api/v1/roles')).json()) as { items: { name: string }[] };
  expect(items.map(({ name }) => name).sort()).toEqual(['admin', 'designer', 'integrator', 'user']);
});

test('a user is created, logs in, changes password and goes, and no answer shows a hash', async () => {
  const created = await call('POST', '/api/v1/users', { name: 'app', ...app });
  expect([created.status, created.headers.get('location')]).toEqual([201, '/api/v1/users/app']);
  const text = await created.text();
  expect(text).not.toContain('scrypt');
  expect(text).not.toContain('long enough!');

  const greet = (password: string) =>
    fetch(`${gateway.origin}/rest/GreetPerson/results.json?Data.FirstName=A`, {
      headers: { authorization: basic('app', password) },
    });
  expect((await greet('long enough!')).status).toBe(200);

  const etag = created.headers.get('etag') ?? '';
  const changed = await call('PUT', '/api/v1/users/app/password', { password: 'another one!' }, { 'if-match': etag });
  expect(changed.status).toBe(204);
  expect([(await greet('another one!')).status, (await greet('long enough!')).status]).toEqual([200, 401]);

  const gone = await call('DELETE', '/api/v1/users/app', undefined, { 'if-match': changed.headers.get('etag') ?? '' });
  expect(gone.status).toBe(204);
  expect((await greet('another one!')).status).not.toBe(200);
});

test('an object is created only where there is none', async () => {
  const create = () => call('PUT', '/api/v1/database-resources/US', resource, { 'if-none-match': '*' });
  expect((await create()).status).toBe(201);
  const second = await create();
  expect([second.status, await second.json()]).toEqual([409, expect.objectContaining({ code: 'REVISION_CONFLICT' })]);
});

test('an update or a delete needs the revision that was read', async () => {
  await call('PUT', '/api/v1/database-resources/US', resource, { 'if-none-match': '*' });
  expect((await call('PUT', '/api/v1/database-resources/US', resource)).status).toBe(428);
  expect((await call('DELETE', '/api/v1/database-resources/US')).status).toBe(428);
  const read = await call('GET', '/api/v1/database-resources/US');
  const etag = read.headers.get('etag') ?? '';
  const updated = await call(
    'PUT',
    '/api/v1/database-resources/US',
    { ...resource, vintage: '2026.11' },
    { 'if-match': etag },
  );
  expect([updated.status, await updated.json()]).toEqual([
    200,
    expect.objectContaining({ name: 'US', vintage: '2026.11' }),
  ]);
  const stale = await call('PUT', '/api/v1/database-resources/US', resource, { 'if-match': etag });
  expect([stale.status, await stale.json()]).toEqual([
    409,
    expect.objectContaining({ current: expect.objectContaining({ vintage: '2026.11' }) }),
  ]);
});

test('what was read can be sent back as it is', async () => {
  await call('PUT', '/api/v1/database-resources/US', resource, { 'if-none-match': '*' });
  const read = await call('GET', '/api/v1/database-resources/US');
  const body = await read.json();
  const written = await call('PUT', '/api/v1/database-resources/US', body, {
    'if-match': read.headers.get('etag') ?? '',
  });
  expect(written.status).toBe(200);
  expect(gateway.configuration.snapshot().find('database-resource', 'US')?.value).toEqual(resource);
});

test('every answer carries the revision, and one may be sent along to be reached first', async () => {
  const created = await call('PUT', '/api/v1/database-resources/US', resource, { 'if-none-match': '*' });
  const revision = created.headers.get('spectrum-revision') ?? '';
  expect(revision).toMatch(/^1\.\d+$/);
  expect(
    (await call('GET', '/api/v1/database-resources/US', undefined, { 'spectrum-revision': revision })).status,
  ).toBe(200);
});

test('an unchanged object is not sent again', async () => {
  const first = await call('GET', '/api/v1/users/admin');
  const second = await call('GET', '/api/v1/users/admin', undefined, {
    'if-none-match': first.headers.get('etag') ?? '',
  });
  expect([second.status, await second.text()]).toEqual([304, '']);
});

test.each([
  ['GET', '/api/v1/users/nobody', undefined, 404, 'There is no user named "nobody"'],
  ['POST', '/api/v1/users', app, 422, 'name: is missing'],
  [
    'POST',
    '/api/v1/users',
    { ...app, name: 'x', password: 'short' },
    422,
    'password: send text of 8 to 256 characters',
  ],
  ['POST', '/api/v1/users', { name: 'x' }, 422, 'password: send text of 8 to 256 characters'],
  ['POST', '/api/v1/users', { name: 'x', passwordHash: 'scrypt$' }, 422, 'passwordHash is not accepted'],
  ['POST', '/api/v1/users', [], 422, 'The request body is not an object'],
  ['PATCH', '/api/v1/users', {}, 405, 'PATCH is not allowed here; use GET or HEAD or POST'],
])('%s %s with %j is refused in a sentence', async (method, path, body, status, sentence) => {
  const response = await call(method, path, body);
  const { message } = (await response.json()) as { message: string };
  expect([response.status, message]).toEqual([status, expect.stringContaining(sentence)]);
});

test('nobody manages without the right, and nobody at all without credentials', async () => {
  await call('POST', '/api/v1/users', { name: 'app', ...app });
  const asApp = { authorization: basic('app', 'long enough!') };
  expect((await call('GET', '/api/v1/users', undefined, asApp)).status).toBe(403);
  expect(
    (await call('PUT', '/api/v1/database-resources/US', resource, { ...asApp, 'if-none-match': '*' })).status,
  ).toBe(403);
  expect((await fetch(`${gateway.origin}/api/v1`)).status).toBe(401);
});

test('management waits for a copy that is up to date, services do not', async () => {
  gateway.configuration.setAgeMs(61_000);
  const refused = await call('GET', '/api/v1/users');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await call('GET', '/rest/GreetPerson/results.json')).status).toBe(200);
});
