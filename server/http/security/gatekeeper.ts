import type { AccessJournal } from '../../cluster/index.ts';
import type { ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { pathOf } from '../refusal.ts';
import { type Authenticator, unknownUser } from './authenticator.ts';
import { type ConfigurationState, isSameState } from './configuration-state.ts';
import { hostOf, type Requester, readCredentials } from './credentials.ts';
import { type InterfaceSettings, readInterfaceSettings } from './interface-settings.ts';
import { forwardedHeader, type NodeIdentity } from './node-identity.ts';
import { Caller, notPermitted, type Right } from './permissions.ts';
import { type RevisionGate, revisionHeader } from './revision-gate.ts';
import type { Tokens } from './tokens.ts';

export interface GatekeeperProps {
  readonly authenticator: Authenticator;
  readonly tokens: Tokens;
  readonly identity: NodeIdentity;
  readonly revisions: RevisionGate;
  readonly journal: Pick<AccessJournal, 'note'>;
  snapshot(): ConfigurationSnapshot;
}

/** Interfaces whose authentication is a setting. */
export type OpenableInterface = 'rest' | 'soap';

const longestDetail = 200;

/** Who calls when nobody has to say who they are. */
const anonymous = 'anonymous';

/** Lets a request in: has this node seen the configuration that the caller has seen, who calls, and may they. */
export class Gatekeeper {
  readonly #props: GatekeeperProps;
  #known: (ConfigurationState & { readonly settings: InterfaceSettings }) | undefined;

  constructor(props: GatekeeperProps) {
    this.#props = props;
  }

  /**
   * The caller, at once whenever nothing has to be waited for.
   * @param right the same object at each request
   */
  admit(request: Requester, right: Right): Caller | Promise<Caller> {
    const caller = this.identify(request);
    if (caller instanceof Promise) return caller.then((known) => this.#permit(known, right, request));
    return this.#permit(caller, right, request);
  }

  /** As `admit`, for an interface that the settings may open to everybody or close to passwords. */
  admitTo(door: OpenableInterface, request: Requester, right: Right): Caller | Promise<Caller> {
    const forwarded = request.headers[forwardedHeader];
    if (forwarded !== undefined) return this.#admitForwarded(door, request, String(forwarded), right);
    const settings = this.#settings();
    if (!settings[door]) return new Caller(this.#props.snapshot(), anonymous);
    if (!settings.basic && readCredentials(request.headers).kind !== 'token') throw refusePassword();
    return this.admit(request, right);
  }

  /** Resolves when this node has seen the configuration that the caller has seen. */
  async catchUp({ headers }: Pick<Requester, 'headers'>): Promise<void> {
    const seen = headers[revisionHeader];
    if (seen !== undefined) await this.#props.revisions.reach(String(seen));
  }

  /** Who sends the request, whatever they may do; throws `CREDENTIALS_REQUIRED` or `CREDENTIALS_REFUSED`. */
  identify(request: Requester): Caller | Promise<Caller> {
    const seen = request.headers[revisionHeader];
    // The revision comes first: the caller's own user may be part of what this node has not seen yet.
    if (seen !== undefined) return this.#props.revisions.reach(String(seen)).then(() => this.#authenticate(request));
    return this.#authenticate(request);
  }

  /** A call that another node passes on: it says who calls, and this node decides itself whether they may. */
  async #admitForwarded(door: OpenableInterface, request: Requester, forwarded: string, right: Right): Promise<Caller> {
    const { headers, url } = request;
    // The revision comes first: the key may be one that the other node has just made.
    const seen = headers[revisionHeader];
    if (seen !== undefined) await this.#props.revisions.reach(String(seen));
    const user = this.#props.identity.verify(forwarded, pathOf(url ?? ''));
    const caller = new Caller(this.#props.snapshot(), user);
    return user === anonymous && !this.#settings()[door] ? caller : this.#permit(caller, right, request);
  }

  /** Tells the audit log of a permission that a caller lacked. */
  noteRefusal({ name }: Caller, { message, facts }: SpectrumError, requester: Requester): void {
    const { permission, entityType, entity } = facts;
    const right = `${permission} on ${entityType}${entity === undefined ? '' : `: ${entity}`}`;
    const detail = (permission === undefined ? message : right).slice(0, longestDetail);
    this.#props.journal.note({ what: 'refuse', user: name, host: hostOf(requester), detail });
  }

  #permit(caller: Caller, right: Right, requester: Requester): Caller {
    if (caller.may(right)) return caller;
    const refusal = notPermitted(caller, right);
    this.noteRefusal(caller, refusal, requester);
    throw refusal;
  }

  #settings(): InterfaceSettings {
    const snapshot = this.#props.snapshot();
    if (this.#known !== undefined && isSameState(this.#known, snapshot)) return this.#known.settings;
    const settings = readInterfaceSettings(snapshot);
    this.#known = { epoch: snapshot.epoch, revision: snapshot.revision, settings };
    return settings;
  }

  #authenticate(request: Requester): Caller | Promise<Caller> {
    const { authenticator, tokens } = this.#props;
    const credentials = readCredentials(request.headers);
    if (credentials.kind === 'authorization') return authenticator.authenticate(credentials.authorization, request);
    try {
      const caller = tokens.authenticate(credentials, request);
      return caller instanceof Promise ? caller.catch((error) => this.#refuseToken(error, request)) : caller;
    } catch (error) {
      return this.#refuseToken(error, request);
    }
  }

  /** A token whose time is over is an everyday matter; one that is refused otherwise is told. */
  #refuseToken(error: unknown, requester: Requester): never {
    if (error instanceof SpectrumError && error.code === 'CREDENTIALS_REFUSED') {
      const detail = error.message.slice(0, longestDetail);
      this.#props.journal.note({ what: 'log-in-failed', user: unknownUser, host: hostOf(requester), detail });
    }
    throw error;
  }
}

function refusePassword(): SpectrumError {
  return new SpectrumError(
    'CREDENTIALS_REQUIRED',
    'This server takes no passwords for services; get a token from /security/rest/token/access/session/{minutes} and send it as Bearer',
    {},
  );
}
