import { hash, randomBytes } from 'node:crypto';
import type { AccessEvent } from '../../../contract/runtime-table.ts';
import type { AccessJournal, LoginGuard, LoginStanding } from '../../cluster/index.ts';
import {
  type ConfigurationObject,
  type ConfigurationSnapshot,
  TableError,
  type User,
} from '../../configuration/index.ts';
import type { Clock } from '../../foundation/clock.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { timeLimits } from '../limits.ts';
import { BoundedQueue, QueueFullError } from './bounded-queue.ts';
import { hostOf, type Requester } from './credentials.ts';
import { decoyHash, verifyPassword } from './passwords.ts';
import { Caller } from './permissions.ts';

export interface AuthenticatorProps {
  readonly clock: Clock;
  readonly guard: LoginGuard;
  readonly journal: Pick<AccessJournal, 'note'>;
  snapshot(): ConfigurationSnapshot;
}

/** A password already verified or refused for a user object as of one revision of one epoch. */
interface Verdict {
  readonly userName: string;
  /** Epoch of the revision: a forced move may use its number again. */
  readonly epoch: number;
  /** Revision of the user object; 0 when there is no such user. */
  readonly userRevision: number;
  readonly isVerified: boolean;
  readonly expiresMs: number;
  /** The caller as of one state of the configuration; rights may change without the user changing. */
  caller: Caller | undefined;
}

const rememberedVerdicts = 10_000;
/** No name of a user has a colon. */
export const unknownUser = ':unknown';

/** Basic authentication against the users of the configuration. */
export class Authenticator {
  readonly #props: AuthenticatorProps;
  // A verdict is found by a digest under a key of this process: the table holds nothing that opens anything, and the
  // time a look-up takes tells nothing about a password.
  readonly #key = randomBytes(32).toString('base64');
  readonly #verdicts = new Map<string, Verdict>();
  readonly #pending = new Map<string, Promise<Caller>>();
  // A connection says the same again and again; comparing costs a fraction of the digest. It ends with the connection.
  readonly #ofConnection = new WeakMap<object, { readonly authorization: string; readonly verdict: Verdict }>();
  // Two of libuv's four threads: file reads must get through while somebody guesses passwords.
  readonly #queue = new BoundedQueue({ concurrency: 2, waiting: 64, perKey: 8 });

  constructor(props: AuthenticatorProps) {
    this.#props = props;
  }

  /**
   * The caller behind an `Authorization` header: at once when its password was verified lately.
   * Throws or rejects with `CREDENTIALS_REQUIRED`, `CREDENTIALS_REFUSED`, `USER_LOCKED` and `LOGIN_DELAYED` after
   * failures, or `OVERLOADED` when too many passwords wait.
   * @param requester whose connection is remembered, and who stands in the audit log; undefined for neither
   */
  authenticate(authorization: string | undefined, requester?: Requester): Caller | Promise<Caller> {
    const connection = requester?.socket;
    if (authorization === undefined) {
      throw new SpectrumError('CREDENTIALS_REQUIRED', 'Credentials are missing; send Basic user name and password', {});
    }
    const last = connection && this.#ofConnection.get(connection);
    if (last !== undefined && isSameSecret(last.authorization, authorization) && this.#isCurrent(last.verdict)) {
      return this.#callerOf(last.verdict);
    }
    const digest = hash('sha256', this.#key + authorization, 'base64');
    const verdict = this.#findVerdict(digest);
    if (verdict !== undefined) {
      if (verdict.isVerified && connection) this.#ofConnection.set(connection, { authorization, verdict });
      return this.#callerOf(verdict);
    }
    const pending = this.#pending.get(digest);
    if (pending !== undefined) return pending;
    const host = requester && hostOf(requester);
    const verification = this.#verify(digest, parseBasic(authorization), host).finally(() =>
      this.#pending.delete(digest),
    );
    this.#pending.set(digest, verification);
    return verification;
  }

  #findVerdict(digest: string): Verdict | undefined {
    const verdict = this.#verdicts.get(digest);
    if (verdict === undefined) return undefined;
    if (this.#isCurrent(verdict)) return verdict;
    this.#verdicts.delete(digest);
    return undefined;
  }

  #isCurrent({ userName, epoch, userRevision, expiresMs }: Verdict): boolean {
    const snapshot = this.#props.snapshot();
    if (epoch !== snapshot.epoch || userRevision !== (findUser(snapshot, userName)?.revision ?? 0)) return false;
    return this.#props.clock.monotonicMs() < expiresMs;
  }

  async #verify(digest: string, credentials: Credentials, host: string | undefined): Promise<Caller> {
    const { userName } = credentials;
    const snapshot = this.#props.snapshot();
    const user = findUser(snapshot, userName);
    const isVerified = await this.#queue
      .run(userName, () => this.#check(snapshot, credentials, user, host))
      .catch((error: unknown) => {
        if (!(error instanceof QueueFullError)) throw error;
        throw new SpectrumError('OVERLOADED', 'Too many logins are waiting on this node; try again in a second', {});
      });
    const rememberedMs = isVerified ? timeLimits.verifiedCredentialsMs : timeLimits.refusedCredentialsMs;
    const verdict: Verdict = {
      userName,
      epoch: snapshot.epoch,
      userRevision: user?.revision ?? 0,
      isVerified,
      expiresMs: this.#props.clock.monotonicMs() + rememberedMs,
      caller: undefined,
    };
    this.#remember(digest, verdict);
    return this.#callerOf(verdict);
  }

  /** Asks the guard first, so that no guess is even tried before its time; unknown users are counted alike. */
  async #check(
    snapshot: ConfigurationSnapshot,
    { userName, password }: Credentials,
    user: ConfigurationObject<User> | undefined,
    host: string | undefined,
  ): Promise<boolean> {
    const { guard, journal } = this.#props;
    const tell = (what: AccessEvent['what'], detail?: string) =>
      journal.note({ what, user: user ? userName : unknownUser, ...(host && { host }), ...(detail && { detail }) });
    const login = { name: userName, epoch: snapshot.epoch, revision: user?.revision ?? 0 };
    const standing = await orOpen(guard.standing(login));
    if (standing.kind !== 'open') tell('log-in-failed', standing.kind === 'locked' ? 'the user is locked' : 'too soon');
    assertOpen(userName, standing);
    const isRight = await verifyPassword(password, user?.value.passwordHash ?? decoyHash);
    const isVerified = isRight && user?.value.enabled === true;
    tell(isVerified ? 'log-in' : 'log-in-failed', isRight && !isVerified ? 'the user is disabled' : undefined);
    if (!isVerified) {
      if ((await orOpen(guard.failed(login))).kind === 'locked') tell('lock');
    } else if (standing.failures > 0) await guard.clear(userName).catch(ignoreTable);
    return isVerified;
  }

  #remember(digest: string, verdict: Verdict): void {
    if (this.#verdicts.size >= rememberedVerdicts) {
      const [oldest] = this.#verdicts.keys();
      if (oldest !== undefined) this.#verdicts.delete(oldest);
    }
    this.#verdicts.set(digest, verdict);
  }

  /** Wrong password, unknown and disabled user get the same words. */
  #callerOf(verdict: Verdict): Caller {
    if (!verdict.isVerified) throw refused();
    const snapshot = this.#props.snapshot();
    if (!verdict.caller?.isAsOf(snapshot)) verdict.caller = new Caller(snapshot, verdict.userName);
    return verdict.caller;
  }
}

function findUser(snapshot: ConfigurationSnapshot, name: string): ConfigurationObject<User> | undefined {
  return snapshot.find<User>('user', name);
}

/** Takes the same time wherever the first difference is: callers of a balancer share connections. */
function isSameSecret(known: string, given: string): boolean {
  if (known.length !== given.length) return false;
  let difference = 0;
  for (let at = 0; at < known.length; at += 1) difference |= known.charCodeAt(at) ^ given.charCodeAt(at);
  return difference === 0;
}

interface Credentials {
  readonly userName: string;
  readonly password: string;
}

function parseBasic(authorization: string): Credentials {
  const encoded = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) {
    throw new SpectrumError(
      'CREDENTIALS_REQUIRED',
      'The Authorization header is not understood; send Basic and the base64 of user:password',
      {},
    );
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  // Longer than any user's name can be: not worth counting.
  if (colon < 1 || colon > longestUserName) throw refused();
  return { userName: text.slice(0, colon), password: text.slice(colon + 1) };
}

const longestUserName = 100;

/** A guard that cannot be asked must not keep everybody out. */
async function orOpen(standing: Promise<LoginStanding>): Promise<LoginStanding> {
  return standing.catch((error: unknown) => {
    ignoreTable(error);
    return { kind: 'open', failures: 0 };
  });
}

function ignoreTable(error: unknown): void {
  if (!(error instanceof TableError)) throw error;
}

function assertOpen(
  userName: string,
  standing: LoginStanding,
): asserts standing is Extract<LoginStanding, { kind: 'open' }> {
  switch (standing.kind) {
    case 'open':
      return;
    case 'locked':
      throw new SpectrumError(
        'USER_LOCKED',
        `User ${userName} is locked after five failed logins; an administrator unlocks it by changing the user, or with spectrum user unlock ${userName}`,
        {},
      );
    case 'wait': {
      const seconds = Math.ceil(standing.retryAfterMs / 1_000);
      throw new SpectrumError(
        'LOGIN_DELAYED',
        `The last login of ${userName} failed; try again in ${seconds} second${seconds === 1 ? '' : 's'}`,
        { retryAfterMs: Math.ceil(standing.retryAfterMs) },
      );
    }
  }
}

function refused(): SpectrumError {
  return new SpectrumError('CREDENTIALS_REFUSED', 'User name or password is wrong, or the user is disabled', {});
}
