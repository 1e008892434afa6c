import { startEpoch } from '../../../server/configuration/epochs.ts';
import { changeSort, logPartition } from '../../../server/configuration/keys.ts';
import type { ConfigurationDatabase } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import type { Table } from '../../../server/configuration/table.ts';
import { systemTiming, type Timing } from '../../../server/configuration/timing.ts';
import { eventually, settingWrite } from '../../support/table-configuration.ts';
import { withFaults } from '../../support/table-faults.ts';
import { createRegions, replicate } from '../../support/table-replication.ts';
import { startTestTables } from '../../support/table-server.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

type Region = 'a' | 'b';

/** Two regions whose nodes write in `a` at first, and a switch for what reaches the other region at all. */
function connect(tables: Readonly<Record<Region, Table>>, timing: Timing) {
  const cut = new Set<Region>();
  const seen = { puts: 0 };
  const across = (to: Region) =>
    withFaults(tables[to], (operation) => {
      if (operation === 'write') seen.puts += 1;
      return cut.has(to) ? 'request-lost' : 'none';
    }).table;
  const remote = { a: across('a'), b: across('b') };
  const open = (region: Region) =>
    openConfigurationOn(tables[region], {
      clusterName: 'test',
      region,
      firstHome: 'a',
      tableOfRegion: (name) => remote[name as Region],
      timing,
      writeDeadlineMs: 2_000,
    });
  return { cut, seen, open };
}

const names = (node: ConfigurationDatabase) =>
  node
    .snapshot()
    .list('setting')
    .map(({ name }) => name);

const forceMove = (table: Table, timing: Timing) =>
  startEpoch({
    table,
    authority: undefined,
    clusterName: 'test',
    home: 'b',
    by: 'op',
    reason: 'region a is gone',
    nowMs: timing.nowMs(),
    dryRun: false,
  });

describe('a node that starts while its home cannot be reached', () => {
  let timing: VirtualTiming;
  beforeEach(() => {
    timing = new VirtualTiming(11);
  });
  const open = (link: ReturnType<typeof connect>, region: Region) => timing.until(link.open(region));
  const write = (node: ConfigurationDatabase, name: string) => timing.until(node.commit(settingWrite(name, 1)));

  test('serves what its own region has, says so, and refuses writes until the home answers', async () => {
    const regions = createRegions(timing, 300);
    const link = connect(regions, timing);
    const a = await open(link, 'a');
    await write(a, 'before');
    await timing.pass(2_000);
    link.cut.add('a');
    const b = await open(link, 'b');
    expect(names(b)).toEqual(['before']);
    expect(b.status()).toMatchObject({ state: 'current', home: 'a', homeReachable: false });
    await expect(write(b, 'refused')).rejects.toMatchObject({
      code: 'CONFIGURATION_UNAVAILABLE',
      message: expect.stringContaining('region a, where the configuration is written, cannot be used from here'),
    });
    expect(link.seen.puts).toBe(0);
    await write(a, 'meanwhile');
    await timing.pass(2_000);
    expect(names(b)).toEqual(['before', 'meanwhile']);
    link.cut.clear();
    await timing.pass(90_000);
    expect(b.status()).toMatchObject({ homeReachable: true });
    await write(b, 'after');
    await timing.pass(2_000);
    expect(names(a)).toEqual(['after', 'before', 'meanwhile']);
    expect(a.status().digest).toBe(b.status().digest);
  });

  test('a running node learns that its home is away without a write, and puts nothing while it is', async () => {
    const link = connect(createRegions(timing, 300), timing);
    const b = await open(link, 'b');
    expect(b.status().homeReachable).toBe(true);
    link.cut.add('a');
    await timing.pass(10_000);
    expect(b.status()).toMatchObject({ state: 'current', homeReachable: false });
    await expect(write(b, 'refused')).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
    expect(link.seen.puts).toBe(0);
  });

  test('takes the home of a newer epoch from its start: a forced move while no node ran', async () => {
    const regions = createRegions(timing, 300);
    const link = connect(regions, timing);
    const a = await open(link, 'a');
    await write(a, 'one');
    await timing.pass(2_000);
    await a.close();
    link.cut.add('a');
    await timing.until(forceMove(regions.b, timing));
    const b = await open(link, 'b');
    expect(b.status()).toMatchObject({ epoch: 2, home: 'b', homeReachable: true });
    await write(b, 'two');
    expect(names(b)).toEqual(['one', 'two']);
  });

  test('is not misled by a first home that answers and knows nothing of the newer epoch', async () => {
    const regions = createRegions(timing, 300);
    const link = connect(regions, timing);
    const a = await open(link, 'a');
    await write(a, 'one');
    await timing.pass(2_000);
    await a.close();
    regions.stop();
    await timing.until(forceMove(regions.b, timing));
    const b = await open(link, 'b');
    expect(names(b)).toEqual(['one']);
    await write(b, 'two');
    // The old home starts again behind, and comes after once replication does.
    const old = await open(link, 'a');
    expect(old.status().epoch).toBe(1);
    regions.resume();
    await timing.pass(20_000);
    expect(old.status()).toMatchObject({ epoch: 2, home: 'b', digest: b.status().digest });
    await write(old, 'three');
    await timing.pass(5_000);
    expect(names(b)).toEqual(['one', 'three', 'two']);
  });

  test('takes a home that was moved by a seal from the log', async () => {
    const regions = createRegions(timing, 300);
    const link = connect(regions, timing);
    const a = await open(link, 'a');
    await write(a, 'one');
    await timing.until(a.moveHome('b', 'op', 'drill'));
    await timing.pass(2_000);
    link.cut.add('a');
    const b = await open(link, 'b');
    await write(b, 'two');
    expect(names(b)).toEqual(['one', 'two']);
  });

  test('serves up to a hole that nobody can fill, and not before it has waited', async () => {
    const regions = createRegions(timing, 300);
    const link = connect(regions, timing);
    const a = await open(link, 'a');
    await write(a, 'one');
    await timing.pass(2_000);
    regions.stop();
    await write(a, 'two');
    await write(a, 'three');
    const partition = logPartition('test', 1);
    const third = regions.stores.a.partitions.get(partition)?.get(changeSort(3)) ?? {};
    await regions.stores.b.put({ partition, sort: changeSort(3) }, third, 'absent');
    link.cut.add('a');
    const beganMs = timing.monotonicMs();
    const b = await open(link, 'b');
    expect(timing.monotonicMs() - beganMs).toBeGreaterThan(5_000);
    expect(names(b)).toEqual(['one']);
    expect(b.status()).toMatchObject({ state: 'gapped', homeReachable: false });
    regions.resume();
    await timing.pass(30_000);
    expect(names(b)).toEqual(['one', 'three', 'two']);
  });

  test('an empty replica is not a configuration', async () => {
    const link = connect(createRegions(timing, 300), timing);
    link.cut.add('a');
    const b = await open(link, 'b');
    expect(b.snapshot().revision).toBe(0);
    await expect(write(b, 'first')).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
  });
});

test('a write that a seal overtakes is settled where it was proposed, and cannot replace the seal', async () => {
  const timing = new VirtualTiming(3);
  const regions = createRegions(timing, 5_000);
  let isLost = false;
  const faulty = withFaults(regions.a, (operation) => (isLost && operation === 'write' ? 'request-lost' : 'none'));
  const link = connect({ a: faulty.table, b: regions.b }, timing);
  const slow = await timing.until(link.open('a'));
  const quick = await timing.until(connect(regions, timing).open('a'));
  isLost = true;
  const outcome = slow.commit(settingWrite('overtaken', 1));
  await timing.pass(200);
  await timing.until(quick.moveHome('b', 'op', 'drill'));
  await timing.pass(1_000);
  isLost = false;
  await timing.until(outcome);
  await timing.pass(20_000);
  expect(quick.status()).toMatchObject({ home: 'b', revision: 2, digest: slow.status().digest });
  expect(names(quick)).toEqual(['overtaken']);
});

test('over HTTP: a start without the home, writes when it is back', async () => {
  const server = await startTestTables();
  const stores = { a: await server.open('region-a'), b: await server.open('region-b') };
  const regions = replicate(systemTiming, 20, stores);
  const link = connect(regions, systemTiming);
  const opened: ConfigurationDatabase[] = [];
  const open = async (region: Region) => {
    const node = await link.open(region);
    opened.push(node);
    return node;
  };
  try {
    const a = await open('a');
    await a.commit(settingWrite('before', 'x'.repeat(20_000)));
    link.cut.add('a');
    const b = await open('b');
    await eventually(() => names(b).includes('before'));
    await expect(b.commit(settingWrite('refused', 1))).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
    link.cut.clear();
    await b.commit(settingWrite('after', 1));
    await eventually(() => names(a).includes('after'));
    await eventually(() => a.status().digest === b.status().digest);
  } finally {
    for (const node of opened) await node.close();
    await server.close();
  }
});
