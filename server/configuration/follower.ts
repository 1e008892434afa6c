import type { Fold } from './fold.ts';
import { firstEpoch } from './keys.ts';
import { type Log, readLogPage } from './log.ts';
import { firstPace, jitteredMs, nextPace, type Pace, type PollOutcome } from './pacing.ts';
import { emptyReplica, type Observation, observe, type Replica } from './replica.ts';
import { type Reading, TableError } from './table.ts';
import type { Timing } from './timing.ts';

export interface FollowerOptions {
  readonly log: Log;
  readonly timing: Timing;
  /** Nodes that follow this log now, for the share of reads each may take. */
  readonly followers: () => number;
  /** The newest snapshot beyond a revision that verifies completely; undefined when there is none. */
  readonly loadSnapshot: (afterRevision: number, reading: Reading) => Promise<Fold | undefined>;
  readonly onFold: (fold: Fold) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Keeps one replica up to date; everything that reads the log goes through here. */
export interface Follower {
  replica(): Replica;
  /**
   * Loads the newest snapshot and the log after it, then keeps following; rejects when the table cannot be read. Read
   * `eventual`, the copy is as complete as the near table.
   */
  start(reading: Reading): Promise<void>;
  /** Reads the log strongly, once for all who ask at the same time: afterwards every earlier commit is applied. */
  catchUp(): Promise<void>;
  /** Hands over what this node itself has committed or read. */
  take(observation: Observation): void;
  readUnits(): number;
  close(): void;
}

/** The copy counts as stale when no poll has completed for this long. */
export const staleAfterMs = 5_000;

export function createFollower(options: FollowerOptions): Follower {
  const { log, timing } = options;
  let replica = emptyReplica(log.epoch);
  let pace: Pace = firstPace;
  let cancelTimer: () => void = () => undefined;
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  let readUnits = 0;

  function take(observation: Observation): void {
    const before = replica.fold;
    replica = observe(replica, observation);
    if (replica.fold !== before) options.onFold(replica.fold);
  }

  /** Reads pages until the end of the log, a hole, or a compacted change that no snapshot covers yet. */
  async function read(reading: Reading): Promise<void> {
    for (let more = true; more; ) {
      const atMs = timing.monotonicMs();
      const authority = log.authority();
      const { readUnits: units, ...page } = await readLogPage(log, replica.fold.revision, reading);
      readUnits += units;
      take({ kind: 'log', ...page, atMs });
      // A start of an epoch has its beginning in a snapshot only, so a hole may be one that a snapshot fills.
      if (page.stub || page.hole) more = await reload(reading);
      // Where a seal on the page names another home, the log ends there and not here.
      else more = !page.complete || (reading === 'strong' && log.authority() !== authority);
    }
  }

  async function pull(reading: Reading): Promise<PollOutcome> {
    const head = replica.fold.revision;
    await read(reading);
    if (replica.state === 'gapped' && reading === 'eventual') return pull('strong');
    return replica.fold.revision > head || replica.state !== 'current' ? 'changes' : 'quiet';
  }

  async function reload(reading: Reading): Promise<boolean> {
    const before = replica.fold;
    const fold = await options.loadSnapshot(before.revision, reading);
    if (fold) take({ kind: 'snapshot', fold });
    return replica.fold !== before;
  }

  async function poll(): Promise<void> {
    let outcome: PollOutcome;
    try {
      outcome = await pull('eventual');
    } catch (error) {
      options.onTrouble(error);
      outcome = error instanceof TableError && error.reason === 'throttled' ? 'throttled' : 'unreachable';
      if (timing.monotonicMs() - replica.completeAtMs > staleAfterMs) take({ kind: 'silence' });
    }
    pace = nextPace(pace, outcome, options.followers());
    schedule();
  }

  function schedule(): void {
    cancelTimer();
    if (replica.state === 'closed') return;
    cancelTimer = timing.after(jitteredMs(pace, timing.random()), () => void poll());
  }

  /** A read that was sent before the caller asked may miss what the caller wants: it waits for the next one. */
  function catchUp(): Promise<void> {
    queued ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        running = pull('strong').then(() => undefined);
        return running;
      });
    return queued;
  }

  return {
    replica: () => replica,
    async start(reading) {
      // What a later epoch starts with names its home, so it is taken before the home is asked for anything.
      if (log.epoch > firstEpoch && !(await reload('eventual')))
        throw new TableError('unreachable', `what epoch ${log.epoch} starts with cannot be read yet`);
      await reload(reading);
      await (reading === 'strong' ? catchUp() : read(reading));
      schedule();
    },
    catchUp,
    take,
    readUnits: () => readUnits,
    close() {
      cancelTimer();
      take({ kind: 'close' });
    },
  };
}
