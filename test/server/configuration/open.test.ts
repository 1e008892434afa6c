import { encodeChange } from '../../../server/configuration/change.ts';
import type { Fold } from '../../../server/configuration/fold.ts';
import {
  bootstrapConfiguration,
  type Configuration,
  ensureConfigurationTables,
  openConfiguration,
  type TableSettings,
} from '../../../server/configuration/index.ts';
import { changeSort, logPartition } from '../../../server/configuration/keys.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import { eventually, passwordHash, settingWrite } from '../../support/table-configuration.ts';
import { startTestTables, type TestTables } from '../../support/table-server.ts';

let tables: TestTables;
let table: TableSettings;
const opened: Configuration[] = [];
beforeEach(async () => {
  tables = await startTestTables();
  table = { tableName: 'configuration', endpoint: tables.endpoint };
  await Promise.all([ensureConfigurationTables(table), ensureConfigurationTables(table)]);
});
afterEach(async () => {
  for (const configuration of opened.splice(0)) await configuration.close();
  await tables.close();
});

async function open(): Promise<Configuration> {
  const configuration = await openConfiguration({ table, clusterName: 'test' });
  opened.push(configuration);
  return configuration;
}

test('a user written through one node is on the other within a second, over HTTP', async () => {
  const [a, b] = [await open(), await open()];
  const value = { roles: [], passwordHash };
  await a.write({ kind: 'user', name: 'eve', operation: 'put', value, by: 'admin', expected: 'absent' });
  await eventually(() => b.snapshot().find('user', 'eve') !== undefined, 1_000);
});

test('a node that starts later finds everything, and two nodes at one revision are byte-equal', async () => {
  const a = await open();
  await bootstrapConfiguration(a, { hashPassword: async () => passwordHash });
  await a.write(settingWrite('large', 'ü😀'.repeat(100_000)));
  const b = await open();
  expect(b.snapshot().revision).toBe(a.snapshot().revision);
  expect((b.snapshot() as Fold).digest()).toBe((a.snapshot() as Fold).digest());
});

test('eight writers at once lose nothing', async () => {
  const nodes = await Promise.all(Array.from({ length: 4 }, open));
  const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
  await Promise.all(names.map((name, index) => nodes[index % 4]?.write(settingWrite(name, index))));
  for (const node of nodes) await node.waitFor(40, 2_000);
  expect(new Set(nodes.map((node) => (node.snapshot() as Fold).digest())).size).toBe(1);
  expect(nodes[0]?.snapshot().list('setting')).toHaveLength(40);
});

test('two clusters in one table do not see each other', async () => {
  const a = await open();
  const other = await openConfiguration({ table, clusterName: 'other' });
  opened.push(other);
  await a.write(settingWrite('x', 1));
  await expect(other.waitFor(1, 200)).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
});

test('a configuration that a newer version wrote is refused at the start', async () => {
  const change = { revision: 1, id: 'x', operation: 'put', kind: 'setting', name: 'format', by: 'x', at: '' } as const;
  const key = { partition: logPartition('test', 1), sort: changeSort(1) };
  const newer = encodeChange({ ...change, value: '{"value":99}' });
  await (await tables.open('configuration')).put(key, newer, 'absent');
  await expect(open()).rejects.toMatchObject({ code: 'CONFIGURATION_FORMAT' });
});

test('a table that is not there is named', async () => {
  const missing = { table: { ...table, tableName: 'nowhere' }, clusterName: 'test', startTimeoutMs: 100 };
  await expect(openConfiguration(missing)).rejects.toMatchObject({
    code: 'CONFIGURATION_UNAVAILABLE',
    message: expect.stringContaining('ResourceNotFoundException'),
  });
});

test('an endpoint where nobody listens is told in a sentence', async () => {
  const settings = { table: { ...table, endpoint: 'http://127.0.0.1:9' }, clusterName: 'test', startTimeoutMs: 100 };
  await expect(openConfiguration(settings)).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
});

test('a value past the limit is refused before anything is written', async () => {
  const node = await openConfigurationOn(await tables.open('configuration'), { clusterName: 'test' });
  opened.push(node);
  await expect(node.write(settingWrite('huge', 'x'.repeat(9_000_000)))).rejects.toMatchObject({
    code: 'INVALID_OBJECT',
  });
  expect(node.snapshot().revision).toBe(0);
});
