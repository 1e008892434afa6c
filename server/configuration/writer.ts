import { randomUUID } from 'node:crypto';
import { SpectrumError } from '../foundation/errors.ts';
import type { ChangeRecord, ChunkedValue } from './change.ts';
import type { Fold } from './fold.ts';
import { type Follower, staleAfterMs } from './follower.ts';
import { type Log, putChange, readChangeId, storeLargeValue } from './log.ts';
import { TableError } from './table.ts';
import { pause, type Timing } from './timing.ts';

/** A change before it has its revision. */
export type Proposal = Omit<ChangeRecord, 'id' | 'revision' | 'at'> & { readonly id?: string | undefined };

interface CommittedChange {
  readonly id: string;
  readonly revision: number;
}

export interface WriterOptions {
  readonly log: Log;
  readonly follower: Follower;
  readonly timing: Timing;
  /** Longest time until a write is answered, its outcome known or not. */
  readonly deadlineMs: number;
  /** Milliseconds since the table that decides writes last answered, where it is not the one that is followed. */
  readonly authoritySilentMs: () => number;
  readonly onCommitted?: () => void;
}

/**
 * Makes the change for a copy at exactly one revision, or throws why it may not be made. Called again on the newer
 * copy when another writer was faster, and once more after a strong read before a refusal is final.
 */
export type Propose = (fold: Fold) => Proposal;

export interface Writer {
  /** Commits one change; `OUTCOME_UNKNOWN` when the deadline passes while a put may still have been carried out. */
  commit(id: string | undefined, propose: Propose): Promise<CommittedChange>;
}

const firstRetryMs = 20;
const longestRetryMs = 1_000;
const firstStandBackMs = 5;
const longestStandBackMs = 160;

export function createWriter(options: WriterOptions): Writer {
  let last: Promise<unknown> = Promise.resolve();
  return {
    commit(id = randomUUID(), propose) {
      const deadlineMs = options.timing.monotonicMs() + options.deadlineMs;
      // One at a time: two writes of one node at the same revision would only collide with each other.
      const result = last.then(() => commitOne(options, id, propose, deadlineMs));
      last = result.catch(() => undefined);
      return result;
    },
  };
}

async function commitOne(
  options: WriterOptions,
  id: string,
  propose: Propose,
  deadlineMs: number,
): Promise<CommittedChange> {
  const { follower, timing } = options;
  const attempt: Attempt = { id, deadlineMs, inDoubt: false, retryMs: firstRetryMs, losses: 0 };
  // A table known to be silent is asked for its log before it gets a put whose outcome nobody could tell.
  const { fold, completeAtMs } = follower.replica();
  if (Math.max(timing.monotonicMs() - completeAtMs, options.authoritySilentMs()) > staleAfterMs)
    await retrying(options, attempt, () => catchUpTo(follower, fold.revision));
  for (;;) {
    if (timing.monotonicMs() > deadlineMs) throw outOfTime(attempt);
    const proposed = await proposeSettled(options, attempt, propose);
    if (!('change' in proposed)) return proposed;
    const change = { ...proposed.change, id, at: new Date(timing.nowMs()).toISOString() };
    if ((await settle(options, proposed.log, change, attempt)) === 'committed') {
      follower.take({ kind: 'log', changes: [change], stub: false, hole: false, complete: false, atMs: 0 });
      options.onCommitted?.();
      return { id, revision: change.revision };
    }
    await retrying(options, attempt, () => catchUpTo(follower, change.revision));
    await standBack(timing, attempt);
  }
}

/** Writers that keep colliding make room for each other; the first collision costs next to nothing. */
async function standBack(timing: Timing, attempt: Attempt): Promise<void> {
  const longestMs = Math.min(firstStandBackMs * 2 ** attempt.losses, longestStandBackMs);
  attempt.losses++;
  await pause(timing, timing.random() * longestMs);
}

interface Attempt {
  readonly id: string;
  readonly deadlineMs: number;
  /** A put was sent that may be carried out, or may have been, and no read has settled it. */
  inDoubt: boolean;
  retryMs: number;
  /** How often another writer was faster. */
  losses: number;
}

type Proposed = CommittedChange | { readonly change: Omit<ChangeRecord, 'at'>; readonly log: Log };

/**
 * What to put, or what the same id has done before. A refusal counts only on a copy that was complete when the write
 * began: a copy that lags must not refuse.
 */
async function proposeSettled(options: WriterOptions, attempt: Attempt, propose: Propose): Promise<Proposed> {
  const { follower, log } = options;
  const { fold } = follower.replica();
  try {
    return proposeOn(log, fold, attempt.id, propose);
  } catch (error) {
    await retrying(options, attempt, () => catchUpTo(follower, fold.revision));
    const newer = follower.replica().fold;
    if (newer === fold) throw error;
    return proposeOn(log, newer, attempt.id, propose);
  }
}

function proposeOn(log: Log, fold: Fold, id: string, propose: Propose): Proposed {
  const done = fold.findRemembered(id);
  if (done) return { id, revision: done.revision };
  const change = { ...propose(fold), id, revision: fold.revision + 1 };
  // Settled where it was proposed: a seal that is folded meanwhile names a table in which the revision still looks free.
  const authority = log.authority();
  return { change, log: { ...log, authority: () => authority } };
}

/** Puts a change at its revision until it is known whether it, or another one, stands there. */
async function settle(
  options: WriterOptions,
  log: Log,
  change: ChangeRecord,
  attempt: Attempt,
): Promise<'committed' | 'lost'> {
  const chunked = await retrying(options, attempt, () => storeLargeValue(log, change));
  return retrying(options, attempt, async () => {
    const outcome = await tryPut(log, change, chunked, attempt);
    if (outcome === 'written') return 'committed';
    const standing = await readStanding(options.follower, log, change);
    // An earlier put may still arrive: only the same item, at the same revision, may be put again.
    if (standing === undefined)
      throw new TableError('unreachable', `nothing stands at revision ${change.revision} yet`);
    attempt.inDoubt = false;
    return standing === change.id ? 'committed' : 'lost';
  });
}

/** Id of the change that stands at the revision of this one, by a strong read; undefined when there is none. */
async function readStanding(follower: Follower, log: Log, change: ChangeRecord): Promise<string | undefined> {
  // Whoever has lost needs the log after the copy anyway, and its first page holds the answer.
  await follower.catchUp();
  const standing = follower.replica().fold.findRememberedAt(change.revision);
  return standing ? standing.id : readChangeId(log, change.revision);
}

async function tryPut(log: Log, change: ChangeRecord, chunked: ChunkedValue | undefined, attempt: Attempt) {
  try {
    return await putChange(log, change, chunked);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    if (error.reason === 'unreachable') attempt.inDoubt = true;
    return 'unknown';
  }
}

async function catchUpTo(follower: Follower, revision: number): Promise<void> {
  await follower.catchUp();
  const { state, fold } = follower.replica();
  if (state === 'current' && fold.revision >= revision) return;
  throw new TableError('unreachable', `revision ${revision} cannot be read completely yet`);
}

/** Repeats a table operation until it answers or the deadline passes. */
async function retrying<Result>(
  options: WriterOptions,
  attempt: Attempt,
  operation: () => Promise<Result>,
): Promise<Result> {
  const { timing } = options;
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      const waitMs = attempt.retryMs * (0.5 + timing.random());
      attempt.retryMs = Math.min(attempt.retryMs * 2, longestRetryMs);
      if (timing.monotonicMs() + waitMs > attempt.deadlineMs) throw outOfTime(attempt, error);
      await pause(timing, waitMs);
    }
  }
}

function outOfTime(attempt: Attempt, cause?: TableError): SpectrumError {
  const facts = { idempotencyKey: attempt.id };
  const options = { cause };
  if (!attempt.inDoubt) {
    const reason = cause ? ` (${cause.message})` : '';
    return new SpectrumError(
      'CONFIGURATION_UNAVAILABLE',
      `The configuration database did not take the change in time${reason}; this attempt wrote nothing, try again later`,
      facts,
      options,
    );
  }
  return new SpectrumError(
    'OUTCOME_UNKNOWN',
    `The configuration database did not answer in time and may have the change; send it again with idempotency key ${attempt.id}`,
    facts,
    options,
  );
}
