import fc from 'fast-check';
import { createLease, type Lease } from '../../../server/cluster/leases.ts';
import { type Fault, withFaults } from '../../support/table-faults.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

const durationMs = 9_000;
let timing: VirtualTiming;
let table: MemoryTable;
beforeEach(() => {
  timing = new VirtualTiming();
  table = new MemoryTable();
});

const lease = (owner: string, on = table as Parameters<typeof createLease>[0]['table'], clock = timing) =>
  createLease({ table: on, clusterName: 'test', name: 'compaction', owner, durationMs, timing: clock });
const attempt = (one: Lease) => timing.until(one.attempt());

test('the first to ask holds it, the second watches', async () => {
  const [a, b] = [lease('a'), lease('b')];
  expect(await attempt(a)).toBe(1);
  expect(await attempt(b)).toBeUndefined();
});

test('an owner that renews keeps its token', async () => {
  const [a, b] = [lease('a'), lease('b')];
  for (let turn = 0; turn < 10; turn++) {
    expect(await attempt(a)).toBe(1);
    expect(await attempt(b)).toBeUndefined();
    await timing.pass(3_000);
  }
});

test('an owner stops at two thirds of the duration, before a challenger may begin', async () => {
  const [a, b] = [lease('a'), lease('b')];
  await attempt(a);
  await attempt(b);
  await timing.pass(6_000);
  expect(a.token()).toBeUndefined();
  expect(await attempt(b)).toBeUndefined();
  await timing.pass(3_000);
  expect(await attempt(b)).toBe(2);
  expect(await attempt(a)).toBeUndefined();
});

test('what is given back is free at once, under the next token', async () => {
  const [a, b] = [lease('a'), lease('b')];
  await attempt(a);
  await timing.until(a.release());
  expect(a.token()).toBeUndefined();
  expect(await attempt(b)).toBe(2);
});

test('a lost answer is settled by a strong read', async () => {
  const faults: Fault[] = ['none', 'reply-lost'];
  const faulty = withFaults(table, () => faults.shift() ?? 'none');
  expect(await attempt(lease('a', faulty.table))).toBe(1);
});

test('whatever fails, and whoever pauses, no two owners act at once and no token comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 0, max: 50 }), async (seed, percent) => {
      const run = new VirtualTiming(seed);
      const store = new MemoryTable();
      const faults: Fault[] = ['request-lost', 'reply-lost', 'late', 'throttled'];
      const owners = ['a', 'b', 'c'].map((owner) => {
        const connection = withFaults(store, () =>
          run.random() * 100 < percent ? (faults[Math.floor(run.random() * 4)] ?? 'none') : 'none',
        );
        return { owner, connection, lease: lease(owner, connection.table, run) };
      });
      const ownerOf = new Map<number, string>();
      let highest = 0;
      for (let turn = 0; turn < 120; turn++) {
        const one = owners[Math.floor(run.random() * owners.length)];
        if (!one) continue;
        await run.until(one.lease.attempt());
        if (run.random() < 0.3) await one.connection.deliverLate();
        await run.pass(run.random() * 4_000);
        const acting = owners.filter(({ lease: held }) => held.token() !== undefined);
        expect(acting.length).toBeLessThanOrEqual(1);
        for (const { owner, lease: held } of acting) {
          const token = held.token() as number;
          expect(ownerOf.get(token) ?? owner).toBe(owner);
          expect(token).toBeGreaterThanOrEqual(highest);
          ownerOf.set(token, owner);
          highest = token;
        }
      }
    }),
    { numRuns: 25, examples: [[339928203, 34]] },
  );
}, 60_000);
