import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseResource } from '../../server/configuration/index.ts';
import { DatabaseResources } from '../../server/database-resources.ts';
import { systemClock } from '../../server/foundation/clock.ts';
import { silentLog } from '../../server/foundation/log.ts';
import { Catalogue, listUseRecords } from '../../server/reference-data/index.ts';
import { InMemoryConfiguration } from '../support/in-memory-configuration.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
  for (const vintage of ['q1', 'q2', 'q3']) await writeVintage(root, vintage, smallContent);
});
afterAll(() => remove());

function openNode(configuration: InMemoryConfiguration, nodeName = 'node-1', referenceData = root) {
  const catalogue = new Catalogue();
  const props = { referenceData, clusterName: 'local', nodeName, clock: systemClock, log: silentLog };
  return new DatabaseResources({ ...props, configuration, catalogue });
}

async function put(configuration: InMemoryConfiguration, name: string, vintage: string): Promise<void> {
  const value: DatabaseResource = { module: 'addressing', database: 'test', vintage };
  const expected = configuration.snapshot().find('database-resource', name)?.revision ?? 'absent';
  await configuration.write({ kind: 'database-resource', name, operation: 'put', value, by: 'admin', expected });
}

function vintageOf(resources: DatabaseResources, name = 'us'): string {
  const lease = resources.lease('addressing');
  const { vintage } = lease.database(name, 'Database.US').manifest;
  lease.release();
  return vintage;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000 && !(await isSo()); tries += 1) await new Promise((done) => setTimeout(done, 5));
  expect(await isSo()).toBe(true);
}

test('a vintage that another resource has open answers from the very change on', async () => {
  const configuration = new InMemoryConfiguration();
  await put(configuration, 'us', 'q1');
  const resources = openNode(configuration);
  expect(await resources.open()).toBe(true);
  await put(configuration, 'us.next', 'q2');
  await until(() => resources.summary().some(({ name, vintage }) => name === 'us.next' && vintage === 'q2'));
  const told: string[] = [];
  configuration.onChange(() => told.push(vintageOf(resources)));
  await put(configuration, 'us', 'q2');
  expect(told).toEqual(['q2']);
  await resources.close();
});

test('a call keeps its vintage and its default resource through a change', async () => {
  const configuration = new InMemoryConfiguration();
  await put(configuration, 'us', 'q1');
  const resources = openNode(configuration);
  await resources.open();
  const lease = resources.lease('addressing');
  expect(lease.database('', 'Database.US').manifest.vintage).toBe('q1');
  await put(configuration, 'a', 'q2');
  await until(() => resources.summary().some(({ name, vintage }) => name === 'a' && vintage === 'q2'));
  expect(lease.database('', 'Database.US').manifest.vintage).toBe('q1');
  lease.release();
  expect(vintageOf(resources, '')).toBe('q2');
  await resources.close();
});

test('the latest vintage is written down once, and nodes that see another folder follow it', async () => {
  const older = join(root, 'older');
  for (const vintage of ['q1', 'q2'])
    await cp(join(root, 'test', vintage), join(older, 'test', vintage), { recursive: true });
  const configuration = new InMemoryConfiguration();
  const nodes = [openNode(configuration), openNode(configuration, 'node-2', older)];
  for (const node of nodes) await node.open();
  const before = configuration.snapshot().revision;
  await put(configuration, 'us', 'latest');
  const named = () => configuration.snapshot().find<DatabaseResource>('database-resource', 'us')?.value.vintage;
  await until(() => named() !== 'latest');
  expect(configuration.snapshot().revision).toBe(before + 2);
  const chosen = String(named());
  expect(['q2', 'q3']).toContain(chosen);
  for (const node of nodes) {
    await until(() => node.summary().some(({ vintage, problem }) => vintage === chosen || problem !== undefined));
    await node.close();
  }
});

test('what a node has open or is asked for stands beside the vintages', async () => {
  const configuration = new InMemoryConfiguration();
  await put(configuration, 'us', 'q1');
  const resources = openNode(configuration, 'node-9');
  await resources.open();
  await put(configuration, 'us', 'q4');
  const mine = async () => (await listUseRecords(join(root, 'test'))).find(({ node }) => node === 'node-9')?.vintages;
  await until(async () => String(await mine()) === 'q1,q4');
  await put(configuration, 'us', 'q1');
  await until(async () => String(await mine()) === 'q1');
  await resources.close();
});
