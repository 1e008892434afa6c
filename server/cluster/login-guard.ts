import { type LoginItem, runtimePartitions } from '../../contract/runtime-table.ts';
import { type Item, numberOf, type Table } from '../configuration/index.ts';
import type { Clock } from '../foundation/clock.ts';

export interface LoginGuardOptions {
  readonly table: Table;
  readonly clusterName: string;
  readonly clock: Clock;
  /** Users that are only slowed down, never locked: locking the administrator would be an attack of its own. */
  readonly neverLocked: readonly string[];
}

/** What a login attempt may expect. */
type LoginStanding =
  | { readonly kind: 'open' }
  | { readonly kind: 'wait'; readonly retryAfterMs: number }
  | { readonly kind: 'locked' };

/** Failed logins, counted over all nodes. */
export interface LoginGuard {
  standing(userName: string): Promise<LoginStanding>;
  /** Counts one failure and answers with what follows from it. */
  failed(userName: string): Promise<LoginStanding>;
  /** After a good login, or by an administrator: starts again from zero. */
  clear(userName: string): Promise<void>;
}

/** Five failures lock a user (platform reference section 2.1). */
const lockingFailures = 5;
/** The pause doubles with every failure beyond the first. */
const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** A lock outlives forgotten counters by far: it is lifted by an administrator. */
const keptMs = 366 * 86_400_000;
/** Failures of a user that is never locked, or below the lock, are forgotten after this. */
const forgottenMs = 15 * 60_000;
const attempts = 20;

export function createLoginGuard(options: LoginGuardOptions): LoginGuard {
  const { table, clock } = options;
  const keyOf = (userName: string) => ({
    partition: `${runtimePartitions.logins}#${options.clusterName}`,
    sort: userName,
  });

  function judge(userName: string, login: LoginItem | undefined): LoginStanding {
    if (!login) return { kind: 'open' };
    if (login.failures >= lockingFailures && !options.neverLocked.includes(userName)) return { kind: 'locked' };
    const sinceMs = clock.nowMs() - login.lastFailureAtMs;
    const waitMs = Math.min(firstPauseMs * 2 ** (login.failures - 1), longestPauseMs) - sinceMs;
    return waitMs > 0 ? { kind: 'wait', retryAfterMs: waitMs } : { kind: 'open' };
  }

  /** Undefined when there is none, or only one whose time is over. */
  function decode(userName: string, item: Item | undefined): LoginItem | undefined {
    if (!item) return undefined;
    const [failures, lastFailureAtMs] = [numberOf(item, 'failures'), numberOf(item, 'lastFailureAtMs')];
    const isLock = failures >= lockingFailures && !options.neverLocked.includes(userName);
    if (!isLock && clock.nowMs() - lastFailureAtMs > forgottenMs) return undefined;
    return { failures, lastFailureAtMs, expiresAt: numberOf(item, 'expiresAt') };
  }

  async function failed(userName: string): Promise<LoginStanding> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const item = await table.get(keyOf(userName), 'strong');
      const failures = (decode(userName, item)?.failures ?? 0) + 1;
      const lastFailureAtMs = clock.nowMs();
      const login = { failures, lastFailureAtMs, expiresAt: Math.ceil((lastFailureAtMs + keptMs) / 1_000) };
      const version = item ? numberOf(item, 'version') : 0;
      const condition = item ? ({ name: 'version', equals: version } as const) : 'absent';
      const outcome = await table.put(keyOf(userName), { ...login, version: version + 1 }, condition);
      if (outcome === 'written') return judge(userName, login);
    }
    // So many failures at the same moment are an attack in any case.
    return { kind: 'wait', retryAfterMs: longestPauseMs };
  }

  return {
    standing: async (userName) => judge(userName, decode(userName, await table.get(keyOf(userName), 'strong'))),
    failed,
    async clear(userName) {
      await table.delete(keyOf(userName), 'none');
    },
  };
}
