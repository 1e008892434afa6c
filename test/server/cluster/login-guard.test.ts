import { createLoginGuard, type LoginGuard } from '../../../server/cluster/login-guard.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

let timing: VirtualTiming;
let nodes: LoginGuard[];
beforeEach(() => {
  timing = new VirtualTiming();
  const table = new MemoryTable();
  nodes = [1, 2].map(() => createLoginGuard({ table, clusterName: 'test', clock: timing, neverLocked: ['admin'] }));
});
const guard = (index: number) => nodes[index % 2] as LoginGuard;
const eve = { name: 'eve', epoch: 1, revision: 7 };
const admin = { name: 'admin', epoch: 1, revision: 3 };

test('five failures lock a user, whichever nodes saw them', async () => {
  for (let failure = 0; failure < 4; failure++) expect((await guard(failure).failed(eve)).kind).toBe('wait');
  expect(await guard(0).failed(eve)).toEqual({ kind: 'locked' });
  await timing.pass(86_400_000);
  expect(await guard(1).standing(eve)).toEqual({ kind: 'locked' });
  await guard(0).clear('eve');
  expect(await guard(1).standing(eve)).toEqual({ kind: 'open', failures: 0 });
});

test('a change of the user lifts the lock', async () => {
  for (let failure = 0; failure < 5; failure++) await guard(failure).failed(eve);
  expect(await guard(0).standing({ ...eve, revision: 8 })).toEqual({ kind: 'open', failures: 0 });
  expect(await guard(0).failed({ ...eve, revision: 8 })).toEqual({ kind: 'wait', retryAfterMs: 250 });
});

test('a count of one epoch says nothing of a user that another epoch has at the same revision', async () => {
  for (let failure = 0; failure < 5; failure++) await guard(failure).failed(eve);
  expect(await guard(0).standing({ ...eve, epoch: 2 })).toEqual({ kind: 'open', failures: 0 });
  expect(await guard(0).failed({ ...eve, epoch: 2 })).toEqual({ kind: 'wait', retryAfterMs: 250 });
});

test('the administrator waits ever longer and is never locked', async () => {
  const waits: number[] = [];
  for (let failure = 0; failure < 9; failure++) {
    const standing = await guard(failure).failed(admin);
    if (standing.kind === 'wait') waits.push(standing.retryAfterMs);
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  await timing.pass(30_000);
  expect(await guard(0).standing(admin)).toEqual({ kind: 'open', failures: 9 });
});

test('failures at the same moment are all counted', async () => {
  await Promise.all([0, 1, 2, 3, 4].map((index) => guard(index).failed(eve)));
  expect(await guard(0).standing(eve)).toEqual({ kind: 'locked' });
});

test('a few failures are forgotten after a quarter of an hour', async () => {
  await guard(0).failed(eve);
  await timing.pass(15 * 60_000 + 1);
  expect(await guard(1).failed(eve)).toEqual({ kind: 'wait', retryAfterMs: 250 });
});
