import type { ChangeRecord } from './change.ts';
import { Fold } from './fold.ts';

/**
 * empty    nothing loaded yet, nothing served
 * current  the last poll answered, and all that it showed is applied
 * gapped   a later change is visible while the next one is not: it is awaited
 * stubbed  the next change has been compacted: a snapshot has to be loaded
 * stale    the table has not answered for a while; the copy is served with its age
 * closed   the end
 */
export type ReplicaState = 'empty' | 'current' | 'gapped' | 'stubbed' | 'stale' | 'closed';

export type ReplicaEvent = 'loaded' | 'caught-up' | 'advanced' | 'gap' | 'stub' | 'silence' | 'close';

const ends = {
  loaded: 'closed',
  'caught-up': 'closed',
  advanced: 'closed',
  gap: 'closed',
  stub: 'closed',
  silence: 'closed',
  close: 'closed',
} as const;

/** Every state and every event: what follows. `advanced` means changes were applied and more may be waiting. */
export const nextState: Record<ReplicaState, Record<ReplicaEvent, ReplicaState>> = {
  empty: {
    loaded: 'empty',
    'caught-up': 'current',
    advanced: 'empty',
    gap: 'gapped',
    stub: 'empty',
    silence: 'empty',
    close: 'closed',
  },
  current: {
    loaded: 'current',
    'caught-up': 'current',
    advanced: 'current',
    gap: 'gapped',
    stub: 'stubbed',
    silence: 'stale',
    close: 'closed',
  },
  gapped: {
    loaded: 'gapped',
    'caught-up': 'current',
    advanced: 'gapped',
    gap: 'gapped',
    stub: 'stubbed',
    silence: 'stale',
    close: 'closed',
  },
  stubbed: {
    loaded: 'gapped',
    'caught-up': 'stubbed',
    advanced: 'stubbed',
    gap: 'stubbed',
    stub: 'stubbed',
    silence: 'stale',
    close: 'closed',
  },
  stale: {
    loaded: 'stale',
    'caught-up': 'current',
    advanced: 'stale',
    gap: 'gapped',
    stub: 'stubbed',
    silence: 'stale',
    close: 'closed',
  },
  closed: ends,
};

/** A node's copy: its state, what it serves, and when it was last known to be complete (monotonic milliseconds). */
export interface Replica {
  readonly state: ReplicaState;
  readonly fold: Fold;
  readonly completeAtMs: number;
}

/** What the follower saw. `atMs` is when the read was sent: what was committed later it cannot have shown. */
export type Observation =
  | { readonly kind: 'snapshot'; readonly fold: Fold }
  | {
      readonly kind: 'log';
      /** In order of revision; what is applied already is skipped, and nothing after a hole is applied. */
      readonly changes: readonly ChangeRecord[];
      /** The read stopped at a revision that is compacted. */
      readonly stub: boolean;
      /** The read stopped at a revision that was not there while a later one was. */
      readonly hole: boolean;
      /** The read reached the end of the log. */
      readonly complete: boolean;
      readonly atMs: number;
    }
  | { readonly kind: 'silence' }
  | { readonly kind: 'close' };

export function emptyReplica(epoch: number): Replica {
  return { state: 'empty', fold: Fold.empty(epoch), completeAtMs: Number.NEGATIVE_INFINITY };
}

/** The replica after an observation: pure, and never back in time. */
export function observe(replica: Replica, observation: Observation): Replica {
  switch (observation.kind) {
    case 'snapshot':
      return observeSnapshot(replica, observation.fold);
    case 'log':
      return observeLog(replica, observation);
    case 'silence':
    case 'close':
      return { ...replica, state: nextState[replica.state][observation.kind] };
  }
}

function observeSnapshot(replica: Replica, loaded: Fold): Replica {
  if (replica.state === 'closed' || !isLater(loaded, replica.fold)) return replica;
  return { ...replica, state: nextState[replica.state].loaded, fold: loaded };
}

function observeLog(replica: Replica, log: Extract<Observation, { kind: 'log' }>): Replica {
  if (replica.state === 'closed') return replica;
  const { changes, hole } = contiguousAfter(replica.fold.revision, log.changes);
  const fold = replica.fold.apply(changes);
  const event = eventOf(log, hole || log.hole);
  const completeAtMs = event === 'caught-up' ? Math.max(replica.completeAtMs, log.atMs) : replica.completeAtMs;
  return { state: nextState[replica.state][event], fold, completeAtMs };
}

function eventOf(log: Extract<Observation, { kind: 'log' }>, hole: boolean): ReplicaEvent {
  if (log.stub) return 'stub';
  if (hole) return 'gap';
  return log.complete ? 'caught-up' : 'advanced';
}

function contiguousAfter(revision: number, changes: readonly ChangeRecord[]) {
  const fresh = changes.filter((change) => change.revision > revision);
  const end = fresh.findIndex((change, index) => change.revision !== revision + 1 + index);
  return end < 0 ? { changes: fresh, hole: false } : { changes: fresh.slice(0, end), hole: true };
}

/** Order of (epoch, revision): what readers may only ever move up in. */
function isLater(a: Fold, b: Fold): boolean {
  return a.epoch === b.epoch ? a.revision > b.revision : a.epoch > b.epoch;
}
