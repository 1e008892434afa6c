import { encodeChange } from '../../../server/configuration/change.ts';
import { changeSort, chunkPartition, chunkSort, logPartition } from '../../../server/configuration/keys.ts';
import type { Configuration } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import type { Table } from '../../../server/configuration/table.ts';
import { settingWrite } from '../../support/table-configuration.ts';
import { type Fault, withFaults } from '../../support/table-faults.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

let timing: VirtualTiming;
let memory: MemoryTable;
beforeEach(() => {
  timing = new VirtualTiming();
  memory = new MemoryTable();
});

const open = (table: Table, options: object = {}): Promise<Configuration> =>
  timing.until(openConfigurationOn(table, { clusterName: 'test', timing, startTimeoutMs: 2_000, ...options }));

/** Stores a change as a writer would, at any revision. */
function store(revision: number, name: string): void {
  const change = { id: `id-${revision}`, operation: 'put', kind: 'setting', by: 'tester', at: '' } as const;
  const attributes = encodeChange({ ...change, revision, name, value: `{"value":${revision}}` });
  void memory.put({ partition: logPartition('test', 1), sort: changeSort(revision) }, attributes, 'absent');
}

const names = (configuration: Configuration) =>
  configuration
    .snapshot()
    .list('setting')
    .map(({ name }) => name);

test('a change made through one node is visible on another within a second', async () => {
  const [a, b] = [await open(memory), await open(memory)];
  await timing.pass(10_000);
  await timing.until(a.commit(settingWrite('x', 1)));
  await timing.pass(999);
  expect(names(b)).toEqual(['x']);
});

test('a gap is waited for: nothing after it shows before it', async () => {
  const node = await open(memory);
  store(1, 'one');
  store(3, 'three');
  await timing.pass(5_000);
  expect(names(node)).toEqual(['one']);
  store(2, 'two');
  await timing.pass(1_000);
  expect(names(node)).toEqual(['one', 'three', 'two']);
});

test('a missing chunk is waited for like a gap', async () => {
  const [a, b] = [await open(memory), await open(memory)];
  await timing.until(a.commit(settingWrite('large', 'x'.repeat(500_000))));
  const chunks = [...memory.partitions.keys()].filter((partition) => partition.startsWith('chunk#'));
  const [partition] = chunks as [string];
  const chunk = memory.partitions.get(partition);
  memory.partitions.delete(partition);
  await timing.pass(5_000);
  expect(names(b)).toEqual([]);
  if (chunk) memory.partitions.set(partition, chunk);
  await timing.pass(2_000);
  expect(b.snapshot()).toMatchObject({ revision: 1 });
  expect(names(b)).toEqual(['large']);
});

test('a damaged chunk never shows', async () => {
  const [a, b] = [await open(memory), await open(memory)];
  await timing.until(a.commit(settingWrite('large', 'x'.repeat(5_000))));
  const [partition] = [...memory.partitions.keys()].filter((name) => name.startsWith(chunkPartition('test', '')));
  const { deflateRawSync } = await import('node:zlib');
  await memory.put({ partition: String(partition), sort: chunkSort }, { data: deflateRawSync('other') }, 'none');
  await timing.pass(5_000);
  expect(names(b)).toEqual([]);
});

test('while the table is unreachable the copy serves on and tells its age; afterwards it catches up by itself', async () => {
  let fault: Fault = 'none';
  const faulty = withFaults(memory, () => fault);
  const [a, b] = [await open(memory), await open(faulty.table)];
  await timing.until(a.commit(settingWrite('x', 1)));
  await timing.pass(2_000);
  fault = 'request-lost';
  await timing.pass(60_000);
  await timing.until(a.commit(settingWrite('y', 1)));
  expect(names(b)).toEqual(['x']);
  expect(b.ageMs()).toBeGreaterThan(59_000);
  await expect(timing.until(b.commit(settingWrite('z', 1)))).rejects.toMatchObject({
    code: 'CONFIGURATION_UNAVAILABLE',
  });
  fault = 'none';
  await timing.pass(2_500);
  expect(names(b)).toEqual(['x', 'y']);
  expect(b.ageMs()).toBeLessThan(1_000);
});

test('throttling is answered with ever longer pauses', async () => {
  let fault: Fault = 'none';
  let reads = 0;
  const faulty = withFaults(memory, () => {
    reads++;
    return fault;
  });
  await open(faulty.table);
  fault = 'throttled';
  await timing.pass(120_000);
  const before = reads;
  await timing.pass(60_000);
  expect(reads - before).toBeLessThanOrEqual(6);
});

test('a table that never answers ends the start with a sentence', async () => {
  const faulty = withFaults(memory, () => 'request-lost');
  await expect(open(faulty.table)).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
});

test('waits for a revision that another node has written', async () => {
  const [a, b] = [await open(memory), await open(memory)];
  const { revision } = await timing.until(a.commit(settingWrite('x', 1)));
  await timing.until(b.waitFor(revision, 2_000));
  expect(names(b)).toEqual(['x']);
});

test('a revision beyond the head is refused at once', async () => {
  const node = await open(memory);
  await expect(timing.until(node.waitFor(7, 2_000))).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
});

test('a revision that cannot be reached in time is answered in time', async () => {
  let fault: Fault = 'none';
  const node = await open(withFaults(memory, () => fault).table);
  store(1, 'one');
  fault = 'request-lost';
  const startMs = timing.monotonicMs();
  await expect(timing.until(node.waitFor(1, 2_000))).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
  expect(timing.monotonicMs() - startMs).toBe(2_000);
});

test('a listener that throws does not stop the copy', async () => {
  const troubles: unknown[] = [];
  const node = await open(memory, { onTrouble: (error: unknown) => troubles.push(error) });
  const seen: number[] = [];
  node.onChange(() => {
    throw new Error('mine');
  });
  const end = node.onChange((snapshot) => seen.push(snapshot.revision));
  store(1, 'one');
  await timing.pass(1_000);
  end();
  store(2, 'two');
  await timing.pass(1_000);
  expect(seen).toEqual([1]);
  expect(names(node)).toEqual(['one', 'two']);
  expect(troubles).toHaveLength(2);
});

test('many followers ask less often, so that together they stay below the limit of a partition', async () => {
  let reads = 0;
  const counted = withFaults(memory, () => {
    reads++;
    return 'none';
  });
  await open(counted.table, { followers: () => 5_000 });
  await timing.pass(10_000);
  const before = reads;
  await timing.pass(100_000);
  expect(((reads - before) / 100) * 0.5 * 5_000).toBeLessThan(1_000);
});
