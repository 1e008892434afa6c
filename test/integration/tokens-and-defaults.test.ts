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
import { makeTemporaryFolder } from '../support/vintage-folder.ts';

/** Two nodes on one configuration table: what is written through one holds at the other. */
type Node = Awaited<ReturnType<typeof openNode>>;

const admin = basic('admin', 'secret words!');
const runtime = new MemoryTable();
let tables: TestTables;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let nodes: readonly [Node, Node];

beforeAll(async () => {
  tables = await startTestTables();
  folder = await makeTemporaryFolder();
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
  const close = async () => {
    await app.close();
    await configuration.close();
  };
  return { origin, close };
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

async function send({ origin }: Node, path: string, { method = 'GET', headers = {}, body }: Sent = {}) {
  const response = await fetch(origin + path, {
    method,
    headers: {
      authorization: admin,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const revision = response.headers.get('spectrum-revision') ?? '';
  return { status: response.status, revision, text, body: text === '' ? undefined : JSON.parse(text) };
}

/** Carries what the first node has seen to the second, as clients behind a balancer do. */
const seen = (revision: string) => ({ 'spectrum-revision': revision });

test.each(['session/30', '30'])(
  'a token of access/%s is accepted by the other node until it is logged off',
  async (kind) => {
    const [issuing, other] = nodes;
    const issued = await send(issuing, `/security/rest/token/access/${kind}`);
    expect(issued.status).toBe(200);
    const bearer = {
      authorization: `Bearer ${issued.body.access_token}`,
      cookie: `SESSION=${issued.body.session ?? ''}`,
    };
    const { revision } = await send(issuing, '/api/v1/node');
    expect((await send(other, '/api/v1/node', { headers: { ...bearer, ...seen(revision) } })).status).toBe(200);

    const loggedOff = await send(other, '/security/rest/token/logout', { headers: bearer });
    expect(loggedOff.status).toBe(200);
    const after = await send(issuing, '/api/v1/node', { headers: { ...bearer, ...seen(loggedOff.revision) } });
    expect([after.status, after.body.message]).toEqual([401, 'invalid token: it was logged off']);
  },
);

test('a saved default and a setting hold at the other node', async () => {
  const [writing, other] = nodes;
  const create = { 'if-none-match': '*' };
  const saved = await send(writing, '/api/v1/services/ValidateAddress/defaults', {
    method: 'PUT',
    headers: create,
    body: { options: { OutputCasing: 'U' } },
  });
  expect(saved.status).toBe(201);
  const read = await send(other, '/api/v1/services/ValidateAddress/defaults', { headers: seen(saved.revision) });
  expect(read.body).toEqual({ options: { OutputCasing: 'U' } });

  const open = await send(writing, '/api/v1/settings/authentication', {
    method: 'PUT',
    headers: create,
    body: { value: { rest: false } },
  });
  await send(other, '/api/v1/node', { headers: seen(open.revision) });
  const path = '/rest/ValidateAddress/results.json?Data.City=x&Data.Country=France';
  const { status } = await send(other, path, { headers: { authorization: '' } });
  // There is no database here, which is another trouble than missing credentials.
  expect([200, 503]).toContain(status);
});
