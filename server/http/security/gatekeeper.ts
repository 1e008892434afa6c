import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticator } from './authenticator.ts';
import { assertPermitted, type Caller, type Right } from './permissions.ts';
import { type RevisionGate, revisionHeader } from './revision-gate.ts';

export interface GatekeeperProps {
  readonly authenticator: Authenticator;
  readonly revisions: RevisionGate;
}

/** Lets a request in: has this node seen the configuration that the caller has seen, who calls, and may they. */
export class Gatekeeper {
  readonly #props: GatekeeperProps;

  constructor(props: GatekeeperProps) {
    this.#props = props;
  }

  /**
   * The caller, at once whenever nothing has to be waited for.
   * @param right the same object at each request
   */
  admit(headers: IncomingHttpHeaders, right: Right): Caller | Promise<Caller> {
    const { authenticator, revisions } = this.#props;
    const seen = headers[revisionHeader];
    // The revision comes first: the caller's own user may be part of what this node has not seen yet.
    if (seen !== undefined) {
      return revisions.reach(String(seen)).then(async () => {
        const caller = await authenticator.authenticate(headers.authorization);
        return assertPermitted(caller, right);
      });
    }
    const caller = authenticator.authenticate(headers.authorization);
    if (caller instanceof Promise) return caller.then((known) => assertPermitted(known, right));
    return assertPermitted(caller, right);
  }
}
