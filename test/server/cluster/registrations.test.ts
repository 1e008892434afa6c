import { listNodes, registerNode } from '../../../server/cluster/registrations.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

const timing = new VirtualTiming();
const table = new MemoryTable();
const node = (name: string) => ({
  name,
  address: '10.0.0.1:8080',
  version: '0.1.0',
  group: '',
  revision: '1.7',
  format: 1,
  load: 0.5,
});
const register = (name: string) =>
  registerNode({ table, clusterName: 'test', timing, describe: () => node(name), onTrouble: fail });

test('a node is listed while it lives, and gone when it leaves or has missed its heartbeats', async () => {
  const first = register('a');
  const second = register('b');
  await timing.pass(60_000);
  expect(await listNodes(table, 'test', timing.nowMs())).toEqual([node('a'), node('b')]);
  await first.close();
  expect(await listNodes(table, 'test', timing.nowMs())).toEqual([node('b')]);
  expect(await listNodes(table, 'test', timing.nowMs() + 31_000)).toEqual([]);
  await second.close();
});

test('a list of more nodes than a page holds is complete', async () => {
  const crowd = new MemoryTable();
  const names = Array.from({ length: 1_203 }, (_, index) => `node-${String(index).padStart(4, '0')}`);
  for (const name of names) {
    await crowd.put({ partition: 'node#test', sort: name }, { ...node(name), expiresAt: 9e9 }, 'none');
  }
  expect((await listNodes(crowd, 'test', timing.nowMs())).map(({ name }) => name)).toEqual(names);
});

function fail(error: unknown): never {
  throw error;
}
