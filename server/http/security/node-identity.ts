import type { Clock } from '../../foundation/clock.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { timeLimits } from '../limits.ts';
import { seal, unseal } from './sealing.ts';
import type { TokenKeys } from './token-keys.ts';

/** The request header by which one node vouches for a call that it passes on. */
export const forwardedHeader = 'spectrum-forwarded';

export interface NodeIdentityProps {
  readonly keys: TokenKeys;
  readonly clock: Clock;
}

/** One call that a node passes on, sealed with the keys that only nodes of the cluster read. */
interface ForwardedClaims {
  /** Tells it from a user's token, which is sealed with the same keys. */
  readonly kind: 'forwarded' | 'batch';
  /** Whom the passing node has authenticated; empty for a batch, which is of a run of the cluster itself. */
  readonly user: string;
  readonly path: string;
  readonly expiresAtMs: number;
}

/** How nodes prove to each other that a call comes from a node, and for which user and path. */
export class NodeIdentity {
  readonly #props: NodeIdentityProps;

  constructor(props: NodeIdentityProps) {
    this.#props = props;
  }

  /** The header for one call; it opens nothing else and for a few seconds only. */
  async sign(user: string, path: string): Promise<string> {
    return this.#seal({ kind: 'forwarded', user, path });
  }

  /** The header for one batch of records of a run. */
  async signBatch(path: string): Promise<string> {
    return this.#seal({ kind: 'batch', user: '', path });
  }

  /** The user for whom another node passes this call on; throws `CREDENTIALS_REFUSED` for anything else. */
  verify(header: string, path: string): string {
    return this.#open('forwarded', header, path).user;
  }

  /** Throws `CREDENTIALS_REFUSED` for what no node of the cluster has sent for a run. */
  verifyBatch(header: string, path: string): void {
    this.#open('batch', header, path);
  }

  async #seal(claims: Omit<ForwardedClaims, 'expiresAtMs'>): Promise<string> {
    const { keys, clock } = this.#props;
    const expiresAtMs = clock.nowMs() + timeLimits.forwardedMs;
    return seal(await keys.current(), JSON.stringify({ ...claims, expiresAtMs }));
  }

  #open(kind: ForwardedClaims['kind'], header: string, path: string): ForwardedClaims {
    const { keys, clock } = this.#props;
    for (const key of keys.all()) {
      const claims = parse(unseal(key, header));
      if (claims?.kind !== kind) continue;
      if (claims.path !== path) throw invalid('it was made for another path');
      if (clock.nowMs() >= claims.expiresAtMs + timeLimits.clockSkewMs) throw invalid('its time is over');
      return claims;
    }
    throw invalid('it was not made by a node of this cluster');
  }
}

function parse(text: string | undefined): ForwardedClaims | undefined {
  if (text === undefined) return undefined;
  try {
    const claims = JSON.parse(text) as Partial<ForwardedClaims>;
    return claims.kind === 'forwarded' || claims.kind === 'batch' ? (claims as ForwardedClaims) : undefined;
  } catch {
    return undefined;
  }
}

function invalid(reason: string): SpectrumError {
  return new SpectrumError('CREDENTIALS_REFUSED', `${forwardedHeader}: invalid node identity: ${reason}`, {});
}
