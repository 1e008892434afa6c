import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolderArchive } from '../../../server/configuration/archive.ts';
import { compactLog } from '../../../server/configuration/compaction.ts';
import { Fold } from '../../../server/configuration/fold.ts';
import { changeSort, logPartition, snapshotSort } from '../../../server/configuration/keys.ts';
import type { Log } from '../../../server/configuration/log.ts';
import type { ConfigurationDatabase } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import { listSnapshots, loadSnapshot } from '../../../server/configuration/snapshots.ts';
import { settingWrite } from '../../support/table-configuration.ts';
import { type Fault, withFaults } from '../../support/table-faults.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

let timing: VirtualTiming;
let memory: MemoryTable;
let log: Log;
let folder: string;
beforeEach(() => {
  timing = new VirtualTiming();
  memory = new MemoryTable();
  log = { table: memory, authority: () => memory, clusterName: 'test', epoch: 1 };
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (table = memory as MemoryTable | ReturnType<typeof withFaults>['table']) =>
  timing.until(openConfigurationOn(table, { clusterName: 'test', timing, snapshotInterval: 10 }));
const compact = (retainMs = 0) =>
  compactLog(log, { archive: openFolderArchive(folder), nowMs: timing.nowMs(), retainMs });
const digest = (configuration: ConfigurationDatabase) => configuration.status().digest;

async function writeMany(node: ConfigurationDatabase, count: number, prefix = 's') {
  for (let index = 0; index < count; index++) await timing.until(node.commit(settingWrite(`${prefix}${index}`, index)));
  await timing.pass(5_000);
}

function stubs(): number {
  return [...(memory.partitions.get(logPartition('test', 1))?.values() ?? [])].filter(({ stub }) => stub).length;
}

test('every so many changes one snapshot is written, and it equals the fold', async () => {
  const node = await open();
  await writeMany(node, 25);
  const headers = await listSnapshots(log, memory, 'strong');
  expect(headers.map(({ revision }) => revision)).toEqual([20, 10]);
  const fold = await loadSnapshot(log, 0, 'strong');
  expect(fold?.revision).toBe(20);
  await timing.until(node.commit(settingWrite('later', 1)));
  const restarted = await open();
  expect(digest(restarted)).toBe(digest(node));
});

test('a damaged snapshot is passed over for the one before', async () => {
  const node = await open();
  await writeMany(node, 25);
  const key = { partition: logPartition('test', 1), sort: snapshotSort(20) };
  await memory.put(key, { digest: 'wrong', chunks: [] }, 'none');
  expect((await loadSnapshot(log, 0, 'strong'))?.revision).toBe(10);
  expect(digest(await open())).toBe(digest(node));
});

test('compaction stops at the older of the two newest snapshots and keeps every key', async () => {
  const node = await open();
  await writeMany(node, 25);
  expect(await compact()).toEqual({ compacted: 10, revision: 10 });
  expect(stubs()).toBe(10);
  expect(memory.partitions.get(logPartition('test', 1))?.has(changeSort(1))).toBe(true);
  expect(await compact()).toEqual({ compacted: 0, revision: 10 });
  await writeMany(node, 10, 't');
  expect(await compact()).toEqual({ compacted: 10, revision: 20 });
});

test('compaction leaves what the audit trail still needs', async () => {
  const node = await open();
  await writeMany(node, 25);
  expect(await compact(86_400_000)).toEqual({ compacted: 0, revision: 0 });
});

test('payloads are archived before they leave the table', async () => {
  const node = await open();
  await writeMany(node, 25);
  const failing = { store: async () => Promise.reject(new Error('disk full')) };
  await expect(compactLog(log, { archive: failing, nowMs: timing.nowMs(), retainMs: 0 })).rejects.toThrow('disk full');
  expect(stubs()).toBe(0);
  await compact();
  const place = join(folder, 'test');
  const lines = readdirSync(place).flatMap((name) => readFileSync(join(place, name), 'utf8').trim().split('\n'));
  expect(lines.map((line) => JSON.parse(line).revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a follower that meets a stub reloads a snapshot', async () => {
  let fault: Fault = 'none';
  const [writer, reader] = [await open(), await open(withFaults(memory, () => fault).table)];
  await writeMany(writer, 3);
  fault = 'request-lost';
  await writeMany(writer, 22, 't');
  await compact();
  fault = 'none';
  await timing.pass(5_000);
  expect(digest(reader)).toBe(digest(writer));
});

test('a delayed writer still collides with a compacted change', async () => {
  const late: Fault[] = [];
  const delayed = withFaults(memory, (operation) => (operation === 'write' ? (late.shift() ?? 'none') : 'none'));
  const [writer, slow] = [await open(), await open(delayed.table)];
  late.push('late', ...Array<Fault>(50).fill('throttled'));
  await expect(timing.until(slow.commit(settingWrite('slow', 1)))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  late.length = 0;
  await writeMany(writer, 25);
  await compact();
  await delayed.deliverLate();
  await timing.pass(5_000);
  expect(slow.snapshot().find('setting', 'slow')).toBeUndefined();
  expect(digest(slow)).toBe(digest(writer));
});

test('history tells who changed what, newest first, and what an object was', async () => {
  const node = await open();
  const { revision } = await timing.until(node.commit(settingWrite('a', 1, { by: 'eve', reason: 'trial' })));
  await timing.until(node.commit(settingWrite('b', 1)));
  await timing.until(node.commit(settingWrite('a', 2, { expected: revision })));
  const seen: string[] = [];
  for await (const entry of node.history()) seen.push(`${entry.revision} ${entry.name} ${entry.value} ${entry.by}`);
  expect(seen).toEqual(['3 a {"value":2} tester', '2 b {"value":1} tester', '1 a {"value":1} eve']);
});

test('a snapshot of a fold of another epoch keeps its objects', () => {
  const fold = Fold.empty(1).inEpoch(2, 7, 'eu-west-1');
  expect(Fold.decode(fold.encode())).toMatchObject({ epoch: 2, revision: 7, home: 'eu-west-1' });
});
