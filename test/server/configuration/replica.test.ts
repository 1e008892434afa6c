import fc from 'fast-check';
import type { ChangeRecord } from '../../../server/configuration/change.ts';
import { Fold } from '../../../server/configuration/fold.ts';
import {
  emptyReplica,
  nextState,
  type Observation,
  observe,
  type Replica,
  type ReplicaEvent,
  type ReplicaState,
} from '../../../server/configuration/replica.ts';

/** The one history that every observation below is a part of. */
const history: readonly ChangeRecord[] = Array.from({ length: 12 }, (_, index) => ({
  revision: index + 1,
  id: `id-${index + 1}`,
  operation: index % 4 === 3 ? 'delete' : 'put',
  kind: 'setting',
  name: `s${index % 3}`,
  value: index % 4 === 3 ? undefined : String(index),
  by: 'tester',
  at: '2026-01-01T00:00:00.000Z',
}));
const foldAt = (revision: number) => Fold.empty(1).apply(history.slice(0, revision));

test.each<[ReplicaState, ReplicaEvent, ReplicaState]>([
  ['empty', 'caught-up', 'current'],
  ['empty', 'silence', 'empty'],
  ['current', 'gap', 'gapped'],
  ['gapped', 'advanced', 'gapped'],
  ['gapped', 'caught-up', 'current'],
  ['current', 'stub', 'stubbed'],
  ['stubbed', 'loaded', 'gapped'],
  ['current', 'silence', 'stale'],
  ['stale', 'caught-up', 'current'],
])('%s turns on %s into %s', (state, event, expected) => {
  expect(nextState[state][event]).toBe(expected);
});

test('closed is the end', () => {
  expect(new Set(Object.values(nextState.closed))).toEqual(new Set(['closed']));
});

test('only an answer that reaches the end of the log makes a replica current', () => {
  const ways = Object.entries(nextState).flatMap(([state, events]) =>
    Object.entries(events).filter(([, next]) => next === 'current' && state !== 'current'),
  );
  expect(new Set(ways.map(([event]) => event))).toEqual(new Set(['caught-up']));
});

test('a hole stops the copy before it', () => {
  const replica = observe(emptyReplica(1), log([1, 2, 4], { complete: true }));
  expect(replica.fold.revision).toBe(2);
  expect(observe({ ...replica, state: 'current' }, log([4])).state).toBe('gapped');
});

test('the age counts from before the read was sent', () => {
  const replica = observe(emptyReplica(1), log([1], { complete: true, atMs: 5 }));
  expect(observe(replica, log([2], { complete: false, atMs: 9 })).completeAtMs).toBe(5);
});

describe('whatever is observed, in whatever order', () => {
  const observations = fc.array(
    fc.oneof(
      fc
        .record({
          revisions: fc.array(fc.integer({ min: 1, max: history.length }), { maxLength: 8 }),
          stub: fc.boolean(),
          hole: fc.boolean(),
          complete: fc.boolean(),
          atMs: fc.nat(100),
        })
        .map(({ revisions, ...rest }) =>
          log(
            [...new Set(revisions)].sort((a, b) => a - b),
            rest,
          ),
        ),
      fc
        .integer({ min: 0, max: history.length })
        .map((revision): Observation => ({ kind: 'snapshot', fold: foldAt(revision) })),
      fc.constantFrom<Observation>({ kind: 'silence' }, { kind: 'close' }),
    ),
    { maxLength: 30 },
  );
  const alongEvery = (check: (before: Replica, after: Replica) => void) =>
    fc.assert(
      fc.property(observations, (seen) => {
        let replica = emptyReplica(1);
        for (const observation of seen) {
          const next = observe(replica, observation);
          check(replica, next);
          replica = next;
        }
      }),
    );

  test('the copy equals the fold of a prefix of the log', () => {
    alongEvery((_, after) => expect(after.fold.digest()).toBe(foldAt(after.fold.revision).digest()));
  });

  test('the copy never goes back', () => {
    alongEvery((before, after) => {
      expect(after.fold.revision).toBeGreaterThanOrEqual(before.fold.revision);
      expect(after.completeAtMs).toBeGreaterThanOrEqual(before.completeAtMs);
    });
  });

  test('a closed replica changes no more', () => {
    alongEvery((before, after) => {
      if (before.state === 'closed') expect(after).toEqual(before);
    });
  });
});

function log(revisions: number[], rest: Partial<Extract<Observation, { kind: 'log' }>> = {}): Observation {
  const changes = revisions.map((revision) => history[revision - 1] as ChangeRecord);
  return { kind: 'log', changes, stub: false, hole: false, complete: true, atMs: 0, ...rest };
}
