import fc from 'fast-check';
import { writeChunks } from '../../../server/configuration/chunks.ts';
import { collectGarbage } from '../../../server/configuration/collection.ts';
import { compactLog } from '../../../server/configuration/compaction.ts';
import { startEpoch } from '../../../server/configuration/epochs.ts';
import type { Log } from '../../../server/configuration/log.ts';
import type { ConfigurationDatabase } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import { listSnapshots, loadSnapshot, writeSnapshot } from '../../../server/configuration/snapshots.ts';
import type { Table } from '../../../server/configuration/table.ts';
import { settingWrite } from '../../support/table-configuration.ts';
import { withFaults } from '../../support/table-faults.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

let timing: VirtualTiming;
let memory: MemoryTable;
let log: Log;
beforeEach(() => {
  timing = new VirtualTiming();
  memory = new MemoryTable();
  log = logOn(memory);
});

const archive = { store: async () => undefined };
const logOn = (table: Table, epoch = 1): Log => ({ table, authority: () => table, clusterName: 'test', epoch });
const open = (table: Table = memory) =>
  timing.until(openConfigurationOn(table, { clusterName: 'test', timing, snapshotInterval: 10 }));
const compact = (of = log) => compactLog(of, { archive, nowMs: timing.nowMs(), retainMs: 0 });
const large = (letter: string) => letter.repeat(6_000);
const digest = (configuration: ConfigurationDatabase) => configuration.status().digest;

let count = 0;
async function writeMany(node: ConfigurationDatabase, changes: number, value: unknown = 1) {
  for (let index = 0; index < changes; index++)
    await timing.until(node.commit(settingWrite(`s${++count}`, value === 1 ? count : value)));
  await timing.pass(5_000);
}

async function put(node: ConfigurationDatabase, name: string, value: unknown) {
  const expected = node.snapshot().find('setting', name)?.revision ?? 'absent';
  return node.commit(settingWrite(name, value, { expected }));
}

/** Digests of the chunks that the table holds. */
function stored(): string[] {
  return [...memory.partitions].flatMap(([partition, sorts]) =>
    partition.startsWith('chunk#test#') && sorts.size > 0 ? [partition.slice('chunk#test#'.length)] : [],
  );
}

/** Digests that items name whose sort key begins so: changes, snapshots, starts of epochs. */
function named(sortPrefix = ''): Set<string> {
  const items = [...memory.partitions].flatMap(([partition, sorts]) =>
    partition.startsWith('cluster#') ? [...sorts].filter(([sort]) => sort.startsWith(sortPrefix)) : [],
  );
  return new Set(items.flatMap(([, { chunks }]) => (Array.isArray(chunks) ? (chunks as string[]) : [])));
}

const missing = (sortPrefix = '') => [...named(sortPrefix)].filter((chunk) => !stored().includes(chunk));
const unnamed = () => stored().filter((chunk) => !named().has(chunk));

test('old snapshots and the values of compacted changes go; what a start needs stays', async () => {
  const node = await open();
  await timing.until(put(node, 'big', large('a')));
  await timing.until(put(node, 'big', large('b')));
  await writeMany(node, 40);
  await compact();
  const before = stored().length;
  expect(await collectGarbage(log)).toEqual({ snapshots: 2, chunks: before - named().size });
  expect([missing(), unnamed()]).toEqual([[], []]);
  expect((await listSnapshots(log, memory, 'strong')).filter(({ chunks }) => chunks.length > 0)).toHaveLength(2);
  expect(digest(await open())).toBe(digest(node));
  expect(await collectGarbage(log)).toEqual({ snapshots: 0, chunks: 0 });
});

test('nothing goes before there are two snapshots that verify', async () => {
  const node = await open();
  await writeMany(node, 15);
  await writeChunks(memory, 'test', large('z'), { epoch: 1, revision: 1 });
  expect(await collectGarbage(log)).toEqual({ snapshots: 0, chunks: 0 });
  await writeMany(node, 10);
  const [newest] = await listSnapshots(log, memory, 'strong');
  await memory.delete({ partition: `chunk#test#${newest?.chunks[0]}`, sort: 'chunk' }, 'none');
  expect(await collectGarbage(log)).toEqual({ snapshots: 0, chunks: 0 });
});

test('what a killed writer has left goes once the log is two snapshots further', async () => {
  const node = await open();
  await writeMany(node, 25);
  await writeChunks(memory, 'test', large('z'), { epoch: 1, revision: 26 });
  expect(unnamed()).toHaveLength(1);
  await collectGarbage(log);
  expect(unnamed()).toHaveLength(1);
  await writeMany(node, 25);
  expect((await collectGarbage(log)).chunks).toBeGreaterThan(0);
  expect([missing(), unnamed()]).toEqual([[], []]);
});

test('a writer that stores what is garbage by now keeps it, whenever the collector comes', async () => {
  const node = await open();
  await timing.until(put(node, 'big', large('a')));
  await timing.until(put(node, 'big', 'small'));
  await writeMany(node, 40);
  await compact();
  const between = withFaults(memory, () => 'none').table;
  let collected: unknown;
  const slow = await open({
    ...between,
    async put(key, attributes, condition) {
      // The chunk is stored, the change not yet.
      if (key.sort.startsWith('change#')) collected = await collectGarbage(log);
      return between.put(key, attributes, condition);
    },
  });
  await timing.until(put(slow, 'again', large('a')));
  expect(collected).toMatchObject({ snapshots: 2 });
  expect(missing()).toEqual([]);
  expect(digest(await open())).toBe(digest(slow));
});

test('a delete that arrives late does not take a chunk that is used again', async () => {
  const node = await open();
  await timing.until(put(node, 'big', large('a')));
  await timing.until(put(node, 'big', 'small'));
  await writeMany(node, 40);
  await compact();
  const deletes: (() => Promise<unknown>)[] = [];
  const delayed = withFaults(memory, () => 'none').table;
  const slow: Table = {
    ...delayed,
    async delete(key, condition) {
      deletes.push(() => memory.delete(key, condition));
      return 'refused';
    },
  };
  await collectGarbage(logOn(slow));
  expect(deletes.length).toBeGreaterThan(0);
  await timing.until(put(node, 'again', large('a')));
  for (const run of deletes) await run();
  expect(missing()).toEqual([]);
  expect(digest(await open())).toBe(digest(node));
});

test('a snapshot in the making is not taken apart', async () => {
  const node = await open();
  await timing.until(put(node, 'big', large('a')));
  await writeMany(node, 27);
  const fold = (await loadSnapshot(log, 0, 'strong'))?.inEpoch(1, 28, undefined);
  const between = withFaults(memory, () => 'none').table;
  const slow: Table = {
    ...between,
    async put(key, attributes, condition) {
      if (key.sort.startsWith('snapshot#')) await collectGarbage(log);
      return between.put(key, attributes, condition);
    },
  };
  if (fold) await writeSnapshot(logOn(slow), fold);
  expect((await loadSnapshot(log, 20, 'strong'))?.digest()).toBe(fold?.digest());
});

test('a reader whose snapshot goes while it reads takes a newer one', async () => {
  const node = await open();
  await writeMany(node, 25, large('a'));
  let reads = 0;
  const between = withFaults(memory, () => 'none').table;
  const reader = await open({
    ...between,
    async get(key, reading) {
      // Its list of snapshots is old by now, and the changes behind them are stubs.
      if (key.partition.startsWith('chunk#') && reads++ === 0) {
        await writeMany(node, 30);
        await compact();
        await collectGarbage(log);
      }
      return between.get(key, reading);
    },
  });
  await timing.pass(60_000);
  expect(reads).toBeGreaterThan(0);
  expect(digest(reader)).toBe(digest(node));
});

test('what an epoch begins with, and the log of the one before, stay', async () => {
  const node = await open();
  await timing.until(put(node, 'big', large('a')));
  await writeMany(node, 25);
  const options = { table: memory, authority: memory, clusterName: 'test', by: 'op', reason: '', dryRun: false };
  await startEpoch({ ...options, nowMs: timing.nowMs() });
  await timing.pass(60_000);
  await writeMany(node, 25);
  expect(node.status().epoch).toBe(2);
  await collectGarbage(logOn(memory, 2));
  expect(missing()).toEqual([]);
  expect(digest(await open())).toBe(digest(node));
});

test('chunks of an older version stay', async () => {
  const node = await open();
  await memory.put({ partition: 'chunk#test#old', sort: 'chunk' }, { data: new Uint8Array([1]) }, 'absent');
  await writeMany(node, 40);
  await collectGarbage(log);
  expect(stored()).toContain('old');
});

test('whoever writes, compacts and collects at once, nothing that is named goes, and all garbage does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      timing = new VirtualTiming(seed);
      memory = new MemoryTable();
      log = logOn(memory);
      const nodes = [await open(slowTable(20)), await open(slowTable(20))];
      const working = { isOver: false };
      const collectors = [20, 200].map((delayMs) => keepCollecting(logOn(slowTable(delayMs)), working));
      const writers = nodes.map((node, index) => writeRandomly(node, index));
      await timing.until(Promise.all(writers));
      working.isOver = true;
      await timing.until(Promise.all(collectors));
      expect(missing()).toEqual([]);
      const node = nodes[0] as ConfigurationDatabase;
      expect(digest(await open())).toBe(digest(node));
      await writeMany(node, 30);
      await compact();
      await collectGarbage(log);
      expect([missing(), unnamed()]).toEqual([[], []]);
      for (const each of nodes) await each.close();
    }),
    { numRuns: 8 },
  );
}, 60_000);

/** Answers after a random time, and does what it is asked at another. */
function slowTable(longestMs: number): Table {
  const pass = () => new Promise<void>((done) => timing.after(timing.random() * longestMs, done));
  async function call<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    await pass();
    const answer = await run();
    await pass();
    return answer;
  }
  return {
    get: (key) => call(() => memory.get(key)),
    query: (range) => call(() => memory.query(range)),
    put: (...words) => call(() => memory.put(...words)),
    delete: (...words) => call(() => memory.delete(...words)),
    scan: (scan) => call(() => memory.scan(scan)),
    close: () => undefined,
  };
}

async function keepCollecting(of: Log, working: { readonly isOver: boolean }): Promise<void> {
  while (!working.isOver) {
    await compact(of);
    await collectGarbage(of);
    expect(missing('change#')).toEqual([]);
    await new Promise<void>((done) => timing.after(timing.random() * 500, done));
  }
}

/** Few values, so that what has become garbage is often wanted again. */
async function writeRandomly(node: ConfigurationDatabase, index: number): Promise<void> {
  for (let change = 0; change < 60; change++) {
    const value = timing.random() < 0.9 ? change : large('abc'.charAt(Math.floor(timing.random() * 3)));
    await put(node, `n${index}`, value).catch(() => undefined);
    expect(missing('change#')).toEqual([]);
    await new Promise<void>((done) => timing.after(timing.random() * 100, done));
  }
}
