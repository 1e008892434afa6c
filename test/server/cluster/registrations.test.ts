import { listNodes, lowestFormat, registerNode } from '../../../server/cluster/registrations.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

const timing = new VirtualTiming();
const table = new MemoryTable();
const node = (name: string, format = 1) => ({
  name,
  address: '10.0.0.1:8080',
  version: '0.1.0',
  group: '',
  revision: '1.7',
  format,
  load: 0.5,
});
const register = (name: string, format?: number) =>
  registerNode({ table, clusterName: 'test', timing, describe: () => node(name, format), onTrouble: fail });

test('a node is listed while it lives, and gone when it leaves or has missed its heartbeats', async () => {
  const first = register('a');
  const second = register('b', 2);
  await timing.pass(60_000);
  expect(await listNodes(table, 'test', timing.nowMs())).toEqual([node('a'), node('b', 2)]);
  expect(await lowestFormat(table, 'test', timing.nowMs(), 3)).toBe(1);
  await first.close();
  expect(await listNodes(table, 'test', timing.nowMs())).toEqual([node('b', 2)]);
  expect(await listNodes(table, 'test', timing.nowMs() + 31_000)).toEqual([]);
  expect(await lowestFormat(table, 'test', timing.nowMs() + 31_000, 3)).toBe(3);
  await second.close();
});

function fail(error: unknown): never {
  throw error;
}
