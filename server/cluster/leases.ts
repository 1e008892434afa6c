import { type LeaseItem, runtimePartitions } from '../../contract/runtime-table.ts';
import {
  type Attributes,
  type Condition,
  type Item,
  numberOf,
  pause,
  type Table,
  TableError,
  type Timing,
  textOf,
} from '../configuration/index.ts';

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

interface Held extends Position {
  /** What the item says now. */
  readonly version: string;
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
  let attempts = 0;

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
    held = await write({ epoch: own.epoch, counter: own.counter + 1 }, own.version, owner);
  }

  /** Takes over only what has not moved for its whole duration on this process's own clock. */
  async function challenge(): Promise<void> {
    const sentAtMs = timing.monotonicMs();
    const item = await table.get(key, 'strong');
    if (item && !isFree(item) && !hasRested(item, sentAtMs)) return;
    const epoch = item ? numberOf(item, 'epoch') : 0;
    held = await write({ epoch: epoch + 1, counter: 0 }, item && textOf(item, 'version'), owner);
  }

  /** It may have been written while the read was on its way: it counts as seen from the answer to the next question. */
  function hasRested(item: Item, sentAtMs: number): boolean {
    const version = textOf(item, 'version');
    if (watched?.version !== version) watched = { version, sinceMs: timing.monotonicMs() };
    return sentAtMs - watched.sinceMs >= numberOf(item, 'durationMs');
  }

  /**
   * A lost answer is settled by a strong read. Every attempt has a version of its own: an earlier one that arrives late
   * must not be taken for this one, since the time it gives began when it was sent.
   */
  async function write(next: Position, before: string | undefined, nextOwner: string): Promise<Held | undefined> {
    const version = `${next.epoch}.${next.counter}.${owner}.${++attempts}`;
    const untilMs = timing.monotonicMs() + durationMs * ownShare;
    const item: LeaseItem & { version: string } = {
      owner: nextOwner,
      ...next,
      durationMs,
      expiresAt: Math.ceil(timing.nowMs() / 1_000) + keptSeconds,
      version,
    };
    const condition = before === undefined ? 'absent' : { name: 'version', equals: before };
    const written = await put({ ...item }, condition, version);
    return written ? { ...next, version, untilMs } : undefined;
  }

  async function put(item: Attributes, condition: Condition, version: string): Promise<boolean> {
    try {
      return (await table.put(key, item, condition)) === 'written';
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      await pause(timing, settleRetryMs);
      const standing = await table.get(key, 'strong');
      return standing !== undefined && textOf(standing, 'version') === version;
    }
  }

  async function release(): Promise<void> {
    const own = held;
    held = undefined;
    if (own) await write({ epoch: own.epoch, counter: own.counter + 1 }, own.version, '').catch(() => undefined);
  }

  return { token, attempt, release };
}

interface Position {
  readonly epoch: number;
  readonly counter: number;
}

function isFree(item: Item): boolean {
  return textOf(item, 'owner') === '';
}
