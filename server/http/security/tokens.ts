import { randomUUID } from 'node:crypto';
import type { AccessJournal } from '../../cluster/index.ts';
import type { Configuration, ConfigurationSnapshot, TokenRevocation, User } from '../../configuration/index.ts';
import type { Clock } from '../../foundation/clock.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { timeLimits } from '../limits.ts';
import { type Credentials, hostOf, type Requester } from './credentials.ts';
import { readInterfaceSettings } from './interface-settings.ts';
import { Caller } from './permissions.ts';
import { seal, unseal } from './sealing.ts';
import type { SessionActivity } from './session-activity.ts';
import { parseClaims, type TokenClaims } from './token-claims.ts';
import type { TokenKeys } from './token-keys.ts';

export interface TokensProps {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly sessions: SessionActivity;
  readonly keys: TokenKeys;
  readonly journal: Pick<AccessJournal, 'note'>;
}

/** An issued token as its answer carries it. */
export interface IssuedToken {
  readonly token: string;
  readonly userName: string;
  /** Session tokens only. */
  readonly session: string | undefined;
}

export interface TokenRequest {
  readonly kind: 'session' | 'open';
  /** 0 for a token without an end. */
  readonly lifeMinutes: number;
}

type TokenCredentials = Extract<Credentials, { kind: 'token' }>;

interface KnownToken {
  readonly claims: TokenClaims;
  caller: Caller | undefined;
}

const rememberedTokens = 10_000;

/** Issues tokens that every node accepts, checks them and ends them. */
export class Tokens {
  readonly #props: TokensProps;
  readonly #known = new Map<string, KnownToken>();

  constructor(props: TokensProps) {
    this.#props = props;
  }

  /** A new token for a user who just proved who they are. */
  async issue(userName: string, { kind, lifeMinutes }: TokenRequest, requester: Requester): Promise<IssuedToken> {
    const key = await this.#props.keys.current();
    const nowMs = this.#props.clock.nowMs();
    const session = kind === 'session' ? { id: randomUUID(), host: hostOf(requester) } : undefined;
    const claims: TokenClaims = {
      id: randomUUID(),
      user: userName,
      generation: this.#findUser(userName)?.tokenGeneration ?? 0,
      issuedAtMs: nowMs,
      expiresAtMs: lifeMinutes === 0 ? 0 : nowMs + lifeMinutes * 60_000,
      ...(session === undefined ? {} : { session }),
    };
    const life = lifeMinutes === 0 ? 'without an end' : `for ${lifeMinutes} minutes`;
    this.#props.journal.note({
      what: 'issue-token',
      user: userName,
      host: hostOf(requester),
      detail: `${kind}, ${life}`,
    });
    return { token: seal(key, JSON.stringify(claims)), userName, session: session?.id };
  }

  /** The caller behind a token; throws or rejects with `CREDENTIALS_REFUSED`, or `TOKEN_EXPIRED` when only its time is over. */
  authenticate(credentials: TokenCredentials, requester: Requester): Caller | Promise<Caller> {
    const known = this.#open(credentials.token);
    const { claims } = known;
    this.#assertValid(claims);
    if (claims.session === undefined) return this.#callerOf(known);
    this.#assertSameSession(claims, credentials, requester);
    const isAlive = this.#props.sessions.use(claims.session.id, claims.issuedAtMs);
    if (isAlive instanceof Promise) return isAlive.then((alive) => this.#callerInSession(known, alive));
    return this.#callerInSession(known, isAlive);
  }

  /** Ends a token on every node; returns the revision at which it is over. */
  async revoke({ token }: TokenCredentials): Promise<ConfigurationSnapshot> {
    const { claims } = this.#open(token);
    await this.#forgetExpired();
    return this.#props.configuration.write({
      kind: 'token-revocation',
      name: claims.id,
      operation: 'put',
      value: { user: claims.user, expiresAtMs: claims.expiresAtMs } satisfies TokenRevocation,
      expected: 'absent',
      by: claims.user,
    });
  }

  #open(token: string): KnownToken {
    const known = this.#known.get(token);
    if (known !== undefined) return known;
    for (const key of this.#props.keys.all()) {
      const text = unseal(key, token);
      const claims = text === undefined ? undefined : parseClaims(text);
      if (claims !== undefined) return this.#remember(token, claims);
    }
    throw invalid('it was not issued by this cluster, or its key is gone');
  }

  #remember(token: string, claims: TokenClaims): KnownToken {
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= rememberedTokens) this.#known.delete(oldest);
    const known = { claims, caller: undefined };
    this.#known.set(token, known);
    return known;
  }

  #assertValid({ id, user, generation, expiresAtMs }: TokenClaims): void {
    const { configuration, clock } = this.#props;
    if (expiresAtMs !== 0 && clock.nowMs() >= expiresAtMs) throw expired('its time to live is over');
    if (configuration.snapshot().find('token-revocation', id) !== undefined) throw invalid('it was logged off');
    const holder = this.#findUser(user);
    if (holder?.enabled !== true) throw invalid('its user is disabled or gone');
    if ((holder.tokenGeneration ?? 0) !== generation) throw invalid('all tokens of its user were ended');
  }

  #assertSameSession({ session }: TokenClaims, credentials: TokenCredentials, requester: Requester): void {
    if (session === undefined) return;
    if (credentials.session !== session.id) {
      throw invalid('it belongs to a session; send the cookie SESSION with the session it was issued with');
    }
    const { tokenHostCheck } = readInterfaceSettings(this.#props.configuration.snapshot());
    if (tokenHostCheck && hostOf(requester) !== session.host) {
      throw invalid('it was issued to another computer; behind changing proxies switch tokenHostCheck off');
    }
  }

  #callerInSession(known: KnownToken, isAlive: boolean): Caller {
    if (!isAlive) throw expired('its session was not used for 30 minutes');
    return this.#callerOf(known);
  }

  #callerOf(known: KnownToken): Caller {
    const snapshot = this.#props.configuration.snapshot();
    if (!known.caller?.isAsOf(snapshot)) known.caller = new Caller(snapshot, known.claims.user);
    return known.caller;
  }

  /** Revocations outlive their tokens only until somebody logs off again. */
  async #forgetExpired(): Promise<void> {
    const { configuration, clock } = this.#props;
    const over = configuration
      .snapshot()
      .list<TokenRevocation>('token-revocation')
      .filter(({ value }) => value.expiresAtMs !== 0 && value.expiresAtMs + timeLimits.clockSkewMs < clock.nowMs())
      .slice(0, 4);
    for (const { kind, name, revision } of over) {
      try {
        await configuration.write({ kind, name, operation: 'delete', expected: revision, by: 'token service' });
      } catch (error) {
        // Another node forgot it first.
        if (!(error instanceof SpectrumError && ['UNKNOWN_OBJECT', 'REVISION_CONFLICT'].includes(error.code)))
          throw error;
      }
    }
  }

  #findUser(name: string): User | undefined {
    return this.#props.configuration.snapshot().find<User>('user', name)?.value;
  }
}

function invalid(reason: string): SpectrumError {
  return new SpectrumError('CREDENTIALS_REFUSED', `invalid token: ${reason}`, {});
}

function expired(reason: string): SpectrumError {
  return new SpectrumError('TOKEN_EXPIRED', `expired token: ${reason}; get a new one`, {});
}
