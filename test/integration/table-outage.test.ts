import { buildApp } from '../../server/app.ts';
import {
  bootstrapConfiguration,
  ensureConfigurationTables,
  openConfiguration,
  openDynamoTable,
  type Table,
} from '../../server/configuration/index.ts';
import { systemClock } from '../../server/foundation/clock.ts';
import { silentLog } from '../../server/foundation/log.ts';
import { readSettings } from '../../server/settings.ts';
import { cheapHash } from '../support/cheap-hash.ts';
import { type FaultProxy, startFaultProxy } from '../support/table-fault-proxy.ts';
import { startTestTables, type TestTables } from '../support/table-server.ts';
import { basic } from '../support/test-gateway.ts';
import { openTestRuntime } from '../support/test-runtime.ts';
import { makeTemporaryFolder } from '../support/vintage-folder.ts';

/**
 * ```
 * cut ──► fault proxy ──► table server ◄── steady
 * ```
 */
type Node = Awaited<ReturnType<typeof openNode>>;

let tables: TestTables;
let proxy: FaultProxy;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let steady: Node;
let cut: Node;
const password = 'secret secret!';
const authorization = basic('admin', password);

beforeAll(async () => {
  tables = await startTestTables();
  proxy = await startFaultProxy(tables.server.port, () => 1);
  folder = await makeTemporaryFolder();
  steady = await openNode('steady', tables.endpoint);
  cut = await openNode('cut', `http://127.0.0.1:${proxy.port}`);
}, 60_000);
afterAll(async () => {
  await cut.close();
  await steady.close();
  await proxy.close();
  await tables.close();
  await folder.remove();
});

async function openNode(name: string, endpoint: string) {
  const table = { tableName: 'spectrum', endpoint };
  await ensureConfigurationTables(table);
  const runtime: Table = openDynamoTable(table);
  const configuration = await openConfiguration({ table, clusterName: 'test', writeDeadlineMs: 1_000 });
  await bootstrapConfiguration(configuration, { hashPassword: cheapHash, adminPassword: password });
  const settings = { ...readSettings({}), nodeName: name, referenceData: folder.path };
  const parts = { ...openTestRuntime(name, runtime), clock: systemClock, log: silentLog };
  const app = buildApp({ settings, configuration, ...parts });
  await app.start();
  const origin = await app.gateway.listen({ host: '127.0.0.1', port: 0 });
  const close = async () => {
    await app.close();
    await configuration.close();
    runtime.close();
  };
  return { origin, close };
}

async function ask({ origin }: Node, method: string, path: string, body?: object) {
  const response = await fetch(origin + path, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`not within twenty seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const ready = async () => ask(cut, 'GET', '/health/ready');
const user = (name: string) => ({ name, password: 'long enough!', roles: ['user'] });

test('a node that has never had a complete copy is no node: opening it fails with a sentence', async () => {
  const endpoint = 'http://127.0.0.1:1';
  await expect(
    openConfiguration({ table: { tableName: 'spectrum', endpoint }, clusterName: 'test', startTimeoutMs: 300 }),
  ).rejects.toMatchObject({
    code: 'CONFIGURATION_UNAVAILABLE',
    message: expect.stringContaining('could not be read within 300 ms'),
  });
});

test('a node that loses its table stays ready, says how old its copy is, refuses writes, and catches up by itself', async () => {
  expect((await ask(cut, 'GET', '/api/v1/users')).status).toBe(200);
  expect((await ready()).body).toMatchObject({ ready: true, stale: false });
  proxy.cutOff(3_600_000);
  await eventually('it is stale', async () => (await ready()).body.stale === true);
  const outage = await ready();
  expect([outage.status, outage.body.ready, Number(outage.body.configurationAgeMs) > 5_000]).toEqual([200, true, true]);
  const metrics = await (await fetch(`${cut.origin}/metrics`)).text();
  expect(Number(/^spectrum_configuration_age_seconds (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThan(5);

  const refused = await ask(cut, 'POST', '/api/v1/users', user('refused'));
  expect([refused.status, refused.body.code]).toEqual([503, 'CONFIGURATION_UNAVAILABLE']);
  expect(refused.body.message).toContain('this attempt wrote nothing');
  // Services and logins that this node knows go on.
  expect((await ask(cut, 'GET', '/rest/GetPostalCodes/results.json?Data.City=Troy')).body.code).not.toBe(
    'CONFIGURATION_UNAVAILABLE',
  );

  expect((await ask(steady, 'POST', '/api/v1/users', user('meanwhile'))).status).toBe(201);
  proxy.cutOff(0);
  await eventually('it has caught up', async () => (await ask(cut, 'GET', '/api/v1/users/meanwhile')).status === 200);
  expect((await ready()).body).toMatchObject({ ready: true, stale: false });
  expect((await ask(cut, 'POST', '/api/v1/users', user('afterwards'))).status).toBe(201);
}, 60_000);
