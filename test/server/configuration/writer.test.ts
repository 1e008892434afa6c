import fc from 'fast-check';
import { decodeEntry } from '../../../server/configuration/change.ts';
import type { Fold } from '../../../server/configuration/fold.ts';
import { logPartition } from '../../../server/configuration/keys.ts';
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

const open = (table: Table) =>
  timing.until(openConfigurationOn(table, { clusterName: 'test', timing, startTimeoutMs: 60_000 }));

/** The committed log as the table holds it: kind of entry, id and name in order of revision. */
function committed(table = memory) {
  const items = [...(table.partitions.get(logPartition('test', 1)) ?? [])].sort();
  return items.map(([sort, attributes]) => {
    const entry = decodeEntry({ key: { partition: '', sort }, attributes });
    if (entry.kind === 'stub') throw new Error('no stubs here');
    return { revision: entry.change.revision, id: entry.change.id, name: entry.change.name };
  });
}

/** A table that fails writes as listed, then never again. */
async function withWriteFaults(...faults: Fault[]) {
  const queue: Fault[] = [];
  const faulty = withFaults(memory, (operation) => (operation === 'write' ? (queue.shift() ?? 'none') : 'none'));
  const configuration = await open(faulty.table);
  queue.push(...faults);
  return { configuration, ...faulty };
}

test('a write is applied here before it is answered', async () => {
  const configuration = await open(memory);
  const { revision, snapshot } = await timing.until(configuration.commit(settingWrite('a', 1)));
  expect(revision).toBe(1);
  expect(snapshot.find('setting', 'a')).toMatchObject({ value: { value: 1 }, revision: 1 });
});

test.each<[string, Fault[]]>([
  ['a lost reply is found by a strong read', ['reply-lost']],
  ['a lost request is put again at the same revision', ['request-lost']],
  ['throttling is waited for', ['throttled', 'throttled']],
  ['a late put and its repetition are one change', ['late']],
  ['every fault in a row is settled', ['throttled', 'request-lost', 'late', 'reply-lost']],
])('%s', async (_, faults) => {
  const { configuration, deliverLate } = await withWriteFaults(...faults);
  const { id } = await timing.until(configuration.commit(settingWrite('a', 1)));
  await deliverLate();
  expect(committed()).toEqual([{ revision: 1, id, name: 'a' }]);
});

test('at the deadline an unsettled put is answered as unknown, with the key to send again', async () => {
  const { configuration, deliverLate } = await withWriteFaults(...Array<Fault>(100).fill('late'));
  const failure = timing.until(configuration.commit(settingWrite('a', 1, { idempotencyKey: 'k' })));
  await expect(failure).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', facts: { idempotencyKey: 'k' } });
  await deliverLate();
  const again = await timing.until(configuration.commit(settingWrite('a', 1, { idempotencyKey: 'k' })));
  expect(again.revision).toBe(1);
  expect(committed()).toHaveLength(1);
});

test('a put that was never sent through is answered as not written', async () => {
  const { configuration } = await withWriteFaults(...Array<Fault>(100).fill('throttled'));
  const failure = timing.until(configuration.commit(settingWrite('a', 1)));
  await expect(failure).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
  expect(committed()).toEqual([]);
});

test('a node that has lost its table sends no put: its refusal is certain', async () => {
  let isAway = false;
  let puts = 0;
  const faulty = withFaults(memory, (operation) => {
    if (isAway && operation === 'write') puts++;
    return isAway ? 'request-lost' : 'none';
  });
  const configuration = await open(faulty.table);
  isAway = true;
  await timing.pass(20_000);
  const failure = timing.until(configuration.commit(settingWrite('a', 1)));
  await expect(failure).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
  expect(puts).toBe(0);
  isAway = false;
  expect((await timing.until(configuration.commit(settingWrite('a', 1)))).revision).toBe(1);
});

test('a resent key is answered, not repeated, on every node', async () => {
  const [a, b] = [await open(memory), await open(memory)];
  const write = settingWrite('a', 1, { idempotencyKey: 'k' });
  expect((await timing.until(a.commit(write))).revision).toBe(1);
  expect((await timing.until(b.commit(write))).revision).toBe(1);
  expect((await timing.until(a.commit(write))).revision).toBe(1);
  expect(committed()).toHaveLength(1);
});

test('a copy that lags refuses only after it has caught up', async () => {
  const [a, b] = [await open(memory), await open(memory)];
  const { revision } = await timing.until(a.commit(settingWrite('a', 1)));
  const update = await timing.until(b.commit(settingWrite('a', 2, { expected: revision })));
  expect(update.revision).toBe(2);
  await expect(timing.until(a.commit(settingWrite('a', 3, { expected: 1 })))).rejects.toMatchObject({
    code: 'REVISION_CONFLICT',
    facts: { revision: 2, current: { value: 2 } },
  });
});

test('writers that always collide lose nothing, and none overwrites another', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 0, max: 40 }),
      async (seed, writers, faultPercent) => {
        const run = await raceWriters(seed, writers, faultPercent);
        const ids = run.log.map(({ id }) => id);
        expect(run.log.map(({ revision }) => revision)).toEqual(ids.map((_, index) => index + 1));
        expect(new Set(ids).size).toBe(ids.length);
        for (const { id, revision } of run.acknowledged) expect(run.log[revision - 1]?.id).toBe(id);
        // Every acknowledged increment saw the value it claimed: the counter is their number, or of some unknown more.
        expect(run.counter).toBe(run.log.filter(({ name }) => name === 'counter').length - 1);
        expect(run.counter).toBeGreaterThanOrEqual(run.acknowledged.length - 1);
        expect(new Set(run.digests).size).toBe(1);
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

/** Several nodes increment one counter through faulty connections until each has tried eight times. */
async function raceWriters(seed: number, writers: number, faultPercent: number) {
  const run = new VirtualTiming(seed);
  const table = new MemoryTable();
  let faulty = true;
  const faults: Fault[] = ['request-lost', 'reply-lost', 'late', 'throttled'];
  const next = () => {
    if (!faulty || run.random() * 100 >= faultPercent) return 'none';
    return faults[Math.floor(run.random() * faults.length)] ?? 'none';
  };
  const connections = Array.from({ length: writers }, () => withFaults(table, next));
  const options = { clusterName: 'test', timing: run, startTimeoutMs: 600_000 };
  const nodes: Configuration[] = [];
  for (const connection of connections) nodes.push(await run.until(openConfigurationOn(connection.table, options)));
  const acknowledged = [await run.until(openAndCreate(nodes[0] as Configuration))];
  const tasks = nodes.map(async (node, index) => {
    for (let turn = 0; turn < 8; turn++) {
      const result = await increment(node).catch(() => undefined);
      if (result) acknowledged.push(result);
      await connections[index]?.deliverLate();
    }
  });
  await run.until(Promise.all(tasks));
  faulty = false;
  for (const connection of connections) await connection.deliverLate();
  await run.pass(60_000);
  const folds = nodes.map((node) => node.snapshot() as Fold);
  const counter = folds[0]?.find<{ value: number }>('setting', 'counter')?.value.value;
  for (const node of nodes) await node.close();
  return { log: committed(table), acknowledged, counter, digests: folds.map((fold) => fold.digest()) };
}

async function openAndCreate(node: Configuration) {
  for (;;) {
    const created = await node.commit(settingWrite('counter', 0, { idempotencyKey: 'first' })).catch(() => undefined);
    if (created) return created;
  }
}

async function increment(node: Configuration) {
  const current = node.snapshot().find<{ value: number }>('setting', 'counter');
  if (!current) {
    await node.waitFor(1, 5_000);
    return undefined;
  }
  return node.commit(settingWrite('counter', current.value.value + 1, { expected: current.revision }));
}
