import {
  type Chore,
  housekeepingLease,
  removeExpired,
  startHousekeeping,
} from '../../../server/cluster/housekeeping.ts';
import { createLease } from '../../../server/cluster/leases.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

let timing: VirtualTiming;
let table: MemoryTable;
let done: string[];
beforeEach(() => {
  timing = new VirtualTiming();
  table = new MemoryTable();
  done = [];
});

const everyMs = 3_600_000;

function start(node: string, options: { isClockWrong?: () => boolean; run?: () => Promise<void> } = {}) {
  const { isClockWrong = () => false, run = async () => void done.push(node) } = options;
  const lease = createLease({ table, clusterName: 'test', ...housekeepingLease, owner: node, timing });
  const troubles: unknown[] = [];
  const chores: Chore[] = [{ name: 'chore', everyMs, run }];
  const onTrouble = (error: unknown) => troubles.push(error);
  return { ...startHousekeeping({ lease, timing, chores, isClockWrong, onTrouble }), troubles };
}

test('one node does the chores, each in its time, and another goes on when it leaves', async () => {
  const nodes = ['a', 'b', 'c'].map((node) => ({ node, work: start(node) }));
  await timing.pass(3 * everyMs - 60_000);
  expect(done).toHaveLength(3);
  expect(new Set(done).size).toBe(1);
  const holder = nodes.find(({ node }) => node === done[0]);
  await timing.until(holder?.work.close() ?? Promise.resolve());
  await timing.pass(60_000);
  expect(done).toHaveLength(4);
  expect(done[3]).not.toBe(done[0]);
  for (const { work } of nodes) await timing.until(work.close());
});

test('a node whose clock is proven wrong gives the lease back', async () => {
  let isWrong = false;
  const a = start('a', { isClockWrong: () => isWrong });
  await timing.pass(60_000);
  const b = start('b');
  isWrong = true;
  await timing.pass(60_000);
  expect(done).toEqual(['a', 'b']);
  await timing.until(a.close());
  await timing.until(b.close());
});

test('a chore that fails is told of and done again in its time', async () => {
  let attempts = 0;
  const failing = async () => {
    attempts++;
    throw new Error('no');
  };
  const a = start('a', { run: failing });
  await timing.pass(2 * everyMs);
  expect([attempts, a.troubles.length]).toEqual([2, 2]);
  await timing.until(a.close());
});

test('a round that fails is told of and ends nothing', async () => {
  const a = start('a', {
    isClockWrong: () => {
      throw new Error('unexpected');
    },
  });
  await timing.pass(60_000);
  expect(a.troubles.length).toBeGreaterThan(1);
  await timing.until(a.close());
});

test('what has long expired is removed, everything else stays', async () => {
  const nowSeconds = Math.floor(timing.nowMs() / 1_000);
  for (const [partition, sort, expiresAt] of [
    ['node#test', 'gone', nowSeconds - 3_600],
    ['node#test', 'here', nowSeconds + 30],
    ['session#test', 'old#a', nowSeconds - 3_600],
    ['session#test', 'just ended#a', nowSeconds - 60],
    ['login#test', 'eve', nowSeconds + 86_400],
    ['lease#test', 'housekeeping', nowSeconds - 3_600],
    ['node#other', 'gone', nowSeconds - 3_600],
    ['mail#test', 'run#stewards', nowSeconds - 3_600],
    ['fire#test', 'nightly#1', nowSeconds - 3_600],
    ['fire#test', 'weekly#1', nowSeconds + 86_400],
    ['run-key#test', 'key', nowSeconds - 3_600],
    ['run-history#test', '2026-1', nowSeconds - 3_600],
    ['run-history#test', '2026-2', nowSeconds + 86_400],
    ['run-order#test', '2026-1', nowSeconds - 3_600],
    ['flow-history#test', '2026-1', nowSeconds - 3_600],
    ['run#test', '2026-0', nowSeconds - 3_600],
  ] as const) {
    await table.put({ partition, sort }, { expiresAt }, 'none');
  }
  expect(await removeExpired(table, 'test', timing.nowMs())).toBe(8);
  const left = [...table.partitions].flatMap(([partition, items]) =>
    [...items.keys()].map((sort) => `${partition}/${sort}`),
  );
  expect(left).toEqual([
    'node#test/here',
    'session#test/just ended#a',
    'login#test/eve',
    'lease#test/housekeeping',
    'node#other/gone',
    'fire#test/weekly#1',
    'run-history#test/2026-2',
    'run#test/2026-0',
  ]);
});
