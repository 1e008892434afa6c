import { readEpoch, startEpoch } from '../../../server/configuration/epochs.ts';
import { changeSort, logPartition } from '../../../server/configuration/keys.ts';
import type { ConfigurationDatabase } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import type { Table } from '../../../server/configuration/table.ts';
import { settingWrite } from '../../support/table-configuration.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { createRegions } from '../../support/table-replication.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

let timing: VirtualTiming;
beforeEach(() => {
  timing = new VirtualTiming(7);
});

const open = (table: Table, options: object = {}): Promise<ConfigurationDatabase> =>
  timing.until(openConfigurationOn(table, { clusterName: 'test', timing, writeDeadlineMs: 3_000, ...options }));
const write = (node: ConfigurationDatabase, name: string) => timing.until(node.commit(settingWrite(name, 1)));
const names = (node: ConfigurationDatabase) =>
  node
    .snapshot()
    .list('setting')
    .map(({ name }) => name);
const move = (table: Table, dryRun = false) =>
  timing.until(
    startEpoch({
      table,
      authority: table,
      clusterName: 'test',
      by: 'op',
      reason: 'drill',
      nowMs: timing.nowMs(),
      dryRun,
      home: 'b',
    }),
  );

describe('a planned move of the home', () => {
  test('the old home refuses after the seal, the new one goes on, and nothing is lost', async () => {
    const regions = createRegions(timing, 2_000);
    const a = await open(regions.a, { region: 'a' });
    const b = await open(regions.b, { region: 'b' });
    await write(a, 'before');
    await timing.until(a.moveHome('b', 'op', 'drill'));
    await expect(write(a, 'late')).rejects.toMatchObject({ code: 'CONFIGURATION_SEALED', facts: { home: 'b' } });
    await timing.pass(5_000);
    await write(b, 'after');
    await timing.pass(5_000);
    expect(names(a)).toEqual(['after', 'before']);
    expect(a.status()).toMatchObject({ home: 'b', revision: 3, digest: b.status().digest });
  });

  test('the new home writes only after it has folded the seal', async () => {
    const regions = createRegions(timing, 500);
    const a = await open(regions.a, { region: 'a' });
    const b = await open(regions.b, { region: 'b' });
    await timing.until(a.moveHome('a', 'op', 'start'));
    await timing.pass(2_000);
    regions.stop();
    await timing.until(a.moveHome('b', 'op', 'drill'));
    await expect(write(b, 'x')).rejects.toMatchObject({ code: 'CONFIGURATION_SEALED', facts: { home: 'a' } });
    regions.resume();
    await timing.pass(2_000);
    expect((await write(b, 'x')).revision).toBe(3);
  });

  test('a node outside the home writes at the home and reads its own write', async () => {
    const regions = createRegions(timing, 1_000);
    const options = { tableOfRegion: (name: 'a' | 'b') => regions[name] };
    const a = await open(regions.a, { region: 'a', ...options });
    await timing.until(a.moveHome('a', 'op', 'start'));
    await timing.pass(3_000);
    const b = await open(regions.b, { region: 'b', ...options });
    const { snapshot } = await write(b, 'from-b');
    expect(snapshot.find('setting', 'from-b')).toBeDefined();
    await timing.pass(3_000);
    expect(names(a)).toEqual(['from-b']);
  });
});

describe('a forced move', () => {
  test('starts a new epoch from the contiguous prefix and lists what may be lost', async () => {
    const regions = createRegions(timing, 0);
    const a = await open(regions.a, { region: 'a' });
    const b = await open(regions.b, { region: 'b' });
    await write(a, 'one');
    await timing.pass(1_000);
    regions.stop();
    await write(a, 'two');
    await write(a, 'three');
    await timing.pass(1_000);
    // The third arrives without the second, as replication may have it.
    const partition = logPartition('test', 1);
    const third = regions.stores.a.partitions.get(partition)?.get(changeSort(3)) ?? {};
    await regions.stores.b.put({ partition, sort: changeSort(3) }, third, 'absent');
    const plan = await timing.until(
      startEpoch({
        table: regions.b,
        authority: undefined,
        clusterName: 'test',
        home: 'b',
        by: 'op',
        reason: 'region a is gone',
        nowMs: timing.nowMs(),
        dryRun: false,
      }),
    );
    expect(plan).toMatchObject({ fromEpoch: 1, toEpoch: 2, revision: 1, sealed: false });
    expect(plan.lost.map(({ name }) => name)).toEqual(['three']);
    await timing.pass(10_000);
    expect(b.status()).toMatchObject({ epoch: 2, home: 'b', state: 'current' });
    await write(b, 'four');
    expect(names(b)).toEqual(['four', 'one']);
    regions.resume();
    await timing.pass(20_000);
    expect(a.status()).toMatchObject({ epoch: 2, digest: b.status().digest });
  });

  test('a dry run changes nothing', async () => {
    const table = new MemoryTable();
    await write(await open(table), 'one');
    const before = JSON.stringify([...table.partitions].map(([name, items]) => [name, [...items]]));
    expect(await move(table, true)).toMatchObject({ toEpoch: 2, revision: 1, lost: [] });
    expect(JSON.stringify([...table.partitions].map(([name, items]) => [name, [...items]]))).toBe(before);
  });

  test('two at once start one epoch', async () => {
    const table = new MemoryTable();
    await write(await open(table), 'one');
    const results = await Promise.allSettled([move(table), move(table)]);
    expect(await readEpoch(table, 'test', 'strong')).toBe(2);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  });

  test('a reader never goes back, and a write in between is refused or in the new epoch', async () => {
    const table = new MemoryTable();
    const node = await open(table);
    const seen: [number, number][] = [];
    node.onChange(({ epoch, revision }) => seen.push([epoch, revision]));
    await write(node, 'one');
    await move(table);
    const outcome = await write(node, 'two').catch((error) => error.code);
    await timing.pass(20_000);
    const third = await write(node, 'three');
    expect(third.epoch).toBe(2);
    expect(outcome).toBe('CONFIGURATION_SEALED');
    expect(seen).toEqual([...seen].sort(([a, b], [c, d]) => a - c || b - d));
  });
});

test('a restore starts a new epoch with the content of a backup', async () => {
  const table = new MemoryTable();
  const node = await open(table);
  await write(node, 'kept');
  const content = node.snapshot();
  await write(node, 'mistake');
  const plan = await timing.until(
    startEpoch({
      table,
      authority: table,
      clusterName: 'test',
      by: 'op',
      reason: 'restore',
      nowMs: 0,
      dryRun: false,
      content: content as never,
    }),
  );
  expect(plan.lost.map(({ name }) => name)).toEqual(['mistake']);
  await timing.pass(20_000);
  expect(names(node)).toEqual(['kept']);
  expect((await write(node, 'new')).revision).toBe(4);
});

describe('regions with a first home', () => {
  test('only the home writes from the very first change on, whoever starts first', async () => {
    const regions = createRegions(timing, 500);
    const options = { firstHome: 'a', tableOfRegion: (region: string) => (region === 'a' ? regions.a : undefined) };
    const b = await open(regions.b, { region: 'b', ...options });
    const a = await open(regions.a, { region: 'a', ...options });
    await write(b, 'from b');
    await write(a, 'from a');
    await timing.pass(5_000);
    expect([names(a), names(b)]).toEqual([names(b), ['from a', 'from b']]);
    expect(a.status().digest).toBe(b.status().digest);
  });

  test('a region without a way to the home refuses writes', async () => {
    const regions = createRegions(timing, 500);
    const b = await open(regions.b, { region: 'b', firstHome: 'a' });
    await expect(write(b, 'x')).rejects.toMatchObject({ code: 'CONFIGURATION_SEALED', facts: { home: 'a' } });
  });
});

describe('a revision that a client has seen in another epoch', () => {
  test('one of an earlier epoch is behind everything in the epoch of now', async () => {
    const table = new MemoryTable();
    const node = await open(table);
    await write(node, 'kept');
    await move(table);
    await timing.pass(10_000);
    expect(node.snapshot()).toMatchObject({ epoch: 2, revision: 2 });
    await timing.until(node.waitFor(99, 2_000, 1));
  });

  test('one of a later epoch is waited for, and this node looks for it at once', async () => {
    const table = new MemoryTable();
    const [quick, slow] = [await open(table), await open(table)];
    await write(quick, 'kept');
    await timing.pass(3_000);
    await move(table);
    await timing.until(slow.waitFor(1, 2_000, 2));
    expect(slow.snapshot()).toMatchObject({ epoch: 2, revision: 2 });
  });

  test('one of an epoch that nobody has started is a conflict', async () => {
    const node = await open(new MemoryTable());
    await expect(timing.until(node.waitFor(1, 2_000, 7))).rejects.toMatchObject({
      code: 'REVISION_CONFLICT',
      facts: { requested: '7.1' },
    });
  });
});
