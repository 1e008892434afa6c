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

/** Whose login it is. A change of the user, such as a new password, begins a new count. */
interface LoginUser {
  readonly name: string;
  /** Epoch of the revision: a restore may bring an earlier one back. */
  readonly epoch: number;
  /** Revision of the user object; 0 when there is no such user, which nobody outside may notice. */
  readonly revision: number;
}

/** What a login attempt may expect. */
export type LoginStanding =
  | { readonly kind: 'open'; readonly failures: number }
  | { readonly kind: 'wait'; readonly retryAfterMs: number }
  | { readonly kind: 'locked' };

/** Failed logins, counted over all nodes. Every function throws `TableError` when the table does not answer. */
export interface LoginGuard {
  standing(user: LoginUser): Promise<LoginStanding>;
  /** Counts one failure and answers with what follows from it. */
  failed(user: LoginUser): Promise<LoginStanding>;
  /** After a good login: starts again from zero. */
  clear(name: string): Promise<void>;
}

/** Five failures lock a user (platform reference section 2.1). */
const lockingFailures = 5;
/** The pause doubles with every failure beyond the first. */
const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** A lock outlives forgotten counters by far: it is lifted by an administrator. */
const lockKeptMs = 366 * 86_400_000;
/** Failures of a user that is never locked, or below the lock, are forgotten after this. */
const forgottenMs = 15 * 60_000;
const attempts = 20;

export function createLoginGuard(options: LoginGuardOptions): LoginGuard {
  const { table, clock } = options;
  const keyOf = (name: string) => ({
    partition: `${runtimePartitions.logins}#${options.clusterName}`,
    sort: name,
  });
  const isLock = ({ name }: LoginUser, failures: number) =>
    failures >= lockingFailures && !options.neverLocked.includes(name);

  function judge(user: LoginUser, login: LoginItem | undefined): LoginStanding {
    if (!login) return { kind: 'open', failures: 0 };
    if (isLock(user, login.failures)) return { kind: 'locked' };
    // A clock that is behind the one that wrote must not lengthen the pause.
    const sinceMs = Math.max(0, clock.nowMs() - login.lastFailureAtMs);
    const waitMs = Math.min(firstPauseMs * 2 ** (login.failures - 1), longestPauseMs) - sinceMs;
    return waitMs > 0 ? { kind: 'wait', retryAfterMs: waitMs } : { kind: 'open', failures: login.failures };
  }

  /** Undefined when there is none, or only one whose time is over or that another state of the user got. */
  function decode(user: LoginUser, item: Item | undefined): LoginItem | undefined {
    if (!item || !isOfState(item, user)) return undefined;
    const [failures, lastFailureAtMs] = [numberOf(item, 'failures'), numberOf(item, 'lastFailureAtMs')];
    if (!isLock(user, failures) && clock.nowMs() - lastFailureAtMs > forgottenMs) return undefined;
    return { failures, lastFailureAtMs, ...stateOf(user), expiresAt: numberOf(item, 'expiresAt') };
  }

  async function failed(user: LoginUser): Promise<LoginStanding> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const item = await table.get(keyOf(user.name), 'strong');
      const failures = (decode(user, item)?.failures ?? 0) + 1;
      const lastFailureAtMs = clock.nowMs();
      const keptMs = isLock(user, failures) ? lockKeptMs : 2 * forgottenMs;
      const expiresAt = Math.ceil((lastFailureAtMs + keptMs) / 1_000);
      const login: LoginItem = { failures, lastFailureAtMs, ...stateOf(user), expiresAt };
      const version = item ? numberOf(item, 'version') : 0;
      const condition = item ? ({ name: 'version', equals: version } as const) : 'absent';
      const outcome = await table.put(keyOf(user.name), { ...login, version: version + 1 }, condition);
      if (outcome === 'written') return judge(user, login);
    }
    // So many failures at the same moment are an attack in any case.
    return { kind: 'wait', retryAfterMs: longestPauseMs };
  }

  return {
    standing: async (user) => judge(user, decode(user, await table.get(keyOf(user.name), 'strong'))),
    failed,
    async clear(name) {
      await table.delete(keyOf(name), 'none');
    },
  };
}

function stateOf({ epoch, revision }: LoginUser) {
  return { userEpoch: epoch, userRevision: revision };
}

function isOfState(item: Item, { epoch, revision }: LoginUser): boolean {
  // An older version wrote no epoch: until it is gone its counts hold, as they did.
  const counted = item.attributes.userEpoch ?? epoch;
  return counted === epoch && numberOf(item, 'userRevision') === revision;
}
