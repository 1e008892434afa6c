import { buildApp } from '../../server/app.ts';
import {
  bootstrapConfiguration,
  ensureConfigurationTables,
  openConfiguration,
} from '../../server/configuration/index.ts';
import { systemClock } from '../../server/foundation/clock.ts';
import { silentLog } from '../../server/foundation/log.ts';
import { readSettings } from '../../server/settings.ts';
import { cheapHash } from '../support/cheap-hash.ts';
import { MemoryTable } from '../support/table-memory.ts';
import { startTestTables, type TestTables } from '../support/table-server.ts';
import { basic } from '../support/test-gateway.ts';
import { openTestRuntime } from '../support/test-runtime.ts';
import { makeTemporaryFolder, writeVintage } from '../support/vintage-folder.ts';

type Folder = Awaited<ReturnType<typeof makeTemporaryFolder>>;
type Node = Awaited<ReturnType<typeof openNode>>;

const runtime = new MemoryTable();
let tables: TestTables;
let folder: Folder;
let nodes: readonly [Node, Node];

const admin = basic('admin', 'secret words!');
const place = { longitude: -77, latitude: 38.9 };
const postalCode = {
  code: '20020',
  kind: 'standard',
  stateProvince: 'DC',
  countyName: 'District of Columbia',
  countyFips: '11001',
  cities: [{ name: 'WASHINGTON', type: 'P' }],
  centroid: place,
} as const;

beforeAll(async () => {
  tables = await startTestTables();
  folder = await makeTemporaryFolder();
  await writeVintage(folder.path, 'one', { postalCodes: [postalCode], streets: [] });
  await writeVintage(folder.path, 'two', { postalCodes: [postalCode], streets: [] });
  nodes = [await openNode('a'), await openNode('b')];
}, 30_000);

afterAll(async () => {
  for (const node of nodes) await node.close();
  await tables.close();
  await folder.remove();
});

async function openNode(name: string) {
  const table = { tableName: 'spectrum', endpoint: tables.endpoint };
  await ensureConfigurationTables(table);
  const configuration = await openConfiguration({ table, clusterName: 'test' });
  await bootstrapConfiguration(configuration, { hashPassword: cheapHash, adminPassword: 'secret words!' });
  const settings = { ...readSettings({}), nodeName: name, referenceData: folder.path };
  const app = buildApp({
    settings,
    configuration,
    ...openTestRuntime(name, runtime),
    clock: systemClock,
    log: silentLog,
  });
  await app.start();
  const origin = await app.gateway.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    app,
    close: async () => {
      await app.close();
      await configuration.close();
    },
  };
}

async function send(
  node: Node,
  method: string,
  path: string,
  options: { body?: object; headers?: Record<string, string> } = {},
) {
  const { body, headers } = options;
  const response = await fetch(`${node.origin}${path}`, {
    method,
    headers: { authorization: admin, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Asks until the answer is as wanted; the bound is the second within which nodes must agree. */
async function within1s(ask: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 1_000;
  while (!(await ask())) {
    if (performance.now() > endMs) throw new Error('not so within a second');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const lookUp = '/rest/GetCityStateProvince/results.json?Data.PostalCode=20020';

test('a user created through one node is known to the other within a second, and logs in there', async () => {
  const [a, b] = nodes;
  const created = await send(a, 'POST', '/api/v1/users', {
    body: { name: 'app', password: 'long enough!', roles: ['integrator'] },
  });
  expect(created.status).toBe(201);
  // Asked for as somebody known: a first login would count its own hashing, a fifth of a second or more, as well.
  await within1s(async () => (await send(b, 'GET', '/api/v1/users/app')).status === 200);
  const asApp = { authorization: basic('app', 'long enough!') };
  expect((await send(b, 'GET', lookUp, { headers: asApp })).status).not.toBe(401);
});

test('whoever sends the revision along is known at once', async () => {
  const [a, b] = nodes;
  const created = await send(a, 'POST', '/api/v1/users', {
    body: { name: 'quick', password: 'long enough!', roles: ['admin'] },
  });
  const headers = {
    authorization: basic('quick', 'long enough!'),
    'spectrum-revision': created.headers.get('spectrum-revision') ?? '',
  };
  expect((await send(b, 'GET', '/api/v1', { headers })).status).toBe(200);
});

test('a revision that does not exist is a conflict', async () => {
  const answer = await send(nodes[0], 'GET', '/api/v1', { headers: { 'spectrum-revision': '1.99999' } });
  expect([answer.status, answer.body.code]).toEqual([409, 'REVISION_CONFLICT']);
});

test('a database resource defined once answers on every node, and switches its vintage without a pause', async () => {
  const [a, b] = nodes;
  expect((await send(a, 'GET', lookUp)).body).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  const resource = { module: 'addressing', database: 'test', vintage: 'one' };
  const defined = await send(a, 'PUT', '/api/v1/database-resources/US', {
    body: resource,
    headers: { 'if-none-match': '*' },
  });
  expect(defined.status).toBe(201);
  for (const node of nodes) {
    await within1s(async () => (await send(node, 'GET', lookUp)).status === 200);
    expect((await send(node, 'GET', lookUp)).body).toMatchObject({
      output_port: [{ City: expect.stringMatching(/washington/i) }],
    });
  }

  const etag = defined.headers.get('etag') ?? '';
  await send(b, 'PUT', '/api/v1/database-resources/US', {
    body: { ...resource, vintage: 'two' },
    headers: { 'if-match': etag },
  });
  for (const node of nodes) {
    await within1s(async () => {
      expect((await send(node, 'GET', lookUp)).status).toBe(200);
      return (await send(node, 'GET', '/api/v1/node')).body.databases[0].vintage === 'two';
    });
  }
});

test('a vintage that is not there leaves the old one answering and says so', async () => {
  const [a] = nodes;
  const read = await send(a, 'GET', '/api/v1/database-resources/US');
  const missing = { module: 'addressing', database: 'test', vintage: 'missing' };
  await send(a, 'PUT', '/api/v1/database-resources/US', {
    body: missing,
    headers: { 'if-match': read.headers.get('etag') ?? '' },
  });
  await within1s(async () => (await send(a, 'GET', '/api/v1/node')).body.databases[0].problem !== undefined);
  expect((await send(a, 'GET', '/api/v1/node')).body).toMatchObject({
    ready: true,
    databases: [{ name: 'US', vintage: 'two', pendingVintage: 'missing' }],
  });
  expect((await send(a, 'GET', lookUp)).status).toBe(200);
});

test("a change behind somebody's back is a conflict with the newer value", async () => {
  const [a, b] = nodes;
  const read = await send(a, 'GET', '/api/v1/users/app');
  const headers = { 'if-match': read.headers.get('etag') ?? '' };
  const revision = (answer: { headers: Headers }) => ({
    'spectrum-revision': answer.headers.get('spectrum-revision') ?? '',
  });
  const first = await send(a, 'PUT', '/api/v1/users/app', { body: { ...read.body, description: 'one' }, headers });
  expect(first.status).toBe(200);
  const second = await send(b, 'PUT', '/api/v1/users/app', {
    body: { ...read.body, description: 'two' },
    headers: { ...headers, ...revision(first) },
  });
  expect([second.status, second.body.current.description]).toEqual([409, 'one']);
});

test('a request sent again under its key is answered, not repeated', async () => {
  const headers = { 'idempotency-key': 'key-1' };
  const body = { name: 'once', password: 'long enough!' };
  const answers = [
    await send(nodes[0], 'POST', '/api/v1/users', { body, headers }),
    await send(nodes[0], 'POST', '/api/v1/users', { body, headers }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers[0]?.headers.get('spectrum-revision')).toBe(answers[1]?.headers.get('spectrum-revision'));
});

test('the last administrator stays', async () => {
  const read = await send(nodes[0], 'GET', '/api/v1/users/quick');
  await send(nodes[0], 'DELETE', '/api/v1/users/quick', { headers: { 'if-match': read.headers.get('etag') ?? '' } });
  const gone = await send(nodes[0], 'DELETE', '/api/v1/users/admin', { headers: { 'if-match': '*' } });
  expect([gone.status, gone.body.code]).toEqual([409, 'OBJECT_IN_USE']);
});
