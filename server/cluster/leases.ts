import { type LeaseItem, runtimePartitions } from '../../contract/runtime-table.ts';
import { type Item, numberOf, pause, type Table, TableError, type Timing, textOf } from '../configuration/index.ts';

export interface LeaseOptions {
  readonly table: Table;
  readonly clusterName: string;
  readonly name: string;
  /** Differs for every process, also for the same node after a restart. */
  readonly owner: string;
  readonly durationMs: number;
  readonly timing: Timing;
}

/** The right to do something alone. Whatever the owner writes carries `token`, and whoever reads refuses lower ones. */
export interface Lease {
  /** The fencing token while this process may act, by its own monotonic clock; undefined otherwise. */
  token(): number | undefined;
  /** Takes the lease if it is free, renews it if it is held, watches its owner otherwise; throws no table errors. */
  attempt(): Promise<number | undefined>;
  /** Gives it back, so that another need not wait. */
  release(): Promise<void>;
}

/** An owner stops this early, so that its last action ends before a challenger may begin. */
const ownShare = 2 / 3;
/** Collected only when nobody has used the name for a year; a token must never come again while one may remember it. */
const keptSeconds = 366 * 86_400;
const settleRetryMs = 50;

interface Held {
  readonly epoch: number;
  readonly counter: number;
  readonly untilMs: number;
}

interface Watched {
  readonly version: string;
  readonly sinceMs: number;
}

export function createLease(options: LeaseOptions): Lease {
  const { table, timing, durationMs, owner } = options;
  const key = { partition: `${runtimePartitions.leases}#${options.clusterName}`, sort: options.name };
  let held: Held | undefined;
  let watched: Watched | undefined;

  const token = () => (held && timing.monotonicMs() < held.untilMs ? held.epoch : undefined);

  async function attempt(): Promise<number | undefined> {
    try {
      if (held) await renew(held);
      else await challenge();
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
    }
    return token();
  }

  async function renew(own: Held): Promise<void> {
    const sentAtMs = timing.monotonicMs();
    const next = { epoch: own.epoch, counter: own.counter + 1 };
    held = (await write(next, versionOf(own, owner)))
      ? { ...next, untilMs: sentAtMs + durationMs * ownShare }
      : undefined;
  }

  /** Takes over only what has not moved for its whole duration on this process's own clock. */
  async function challenge(): Promise<void> {
    const sentAtMs = timing.monotonicMs();
    const item = await table.get(key, 'strong');
    if (item && !isFree(item) && !hasRested(item, sentAtMs)) return;
    const epoch = item ? numberOf(item, 'epoch') : 0;
    const next = { epoch: epoch + 1, counter: 0 };
    if (await write(next, item && textOf(item, 'version')))
      held = { ...next, untilMs: sentAtMs + durationMs * ownShare };
  }

  function hasRested(item: Item, nowMs: number): boolean {
    const version = textOf(item, 'version');
    if (watched?.version !== version) watched = { version, sinceMs: nowMs };
    return nowMs - watched.sinceMs >= numberOf(item, 'durationMs');
  }

  /** A lost answer is settled by a strong read: the version names this owner, so nobody else's can be taken for it. */
  async function write(next: Position, before: string | undefined, nextOwner = owner): Promise<boolean> {
    const version = versionOf(next, nextOwner);
    const item: LeaseItem & { version: string } = {
      owner: nextOwner,
      ...next,
      durationMs,
      expiresAt: Math.ceil(timing.nowMs() / 1_000) + keptSeconds,
      version,
    };
    const condition = before === undefined ? 'absent' : { name: 'version', equals: before };
    try {
      return (await table.put(key, { ...item }, condition)) === 'written';
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      await pause(timing, settleRetryMs);
      const standing = await table.get(key, 'strong');
      return standing !== undefined && textOf(standing, 'version') === version;
    }
  }

  async function release(): Promise<void> {
    const own = held;
    if (!own) return;
    await write({ epoch: own.epoch, counter: own.counter + 1 }, versionOf(own, owner), '').catch(() => false);
    held = undefined;
  }

  return { token, attempt, release };
}

interface Position {
  readonly epoch: number;
  readonly counter: number;
}

function versionOf({ epoch, counter }: Position, owner: string): string {
  return `${epoch}.${counter}.${owner}`;
}

function isFree(item: Item): boolean {
  return textOf(item, 'owner') === '';
}
