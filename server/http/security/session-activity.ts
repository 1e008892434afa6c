import type { Configuration, TokenSession } from '../../configuration/index.ts';
import type { Clock } from '../../foundation/clock.ts';
import { timeLimits } from '../limits.ts';

export interface SessionActivityProps {
  readonly configuration: Configuration;
  readonly clock: Clock;
}

/**
 * Which sessions are in use, as all nodes see it: a node notes the use of a session in the configuration every few
 * minutes, so that a session stays alive on every node while any of them serves it.
 */
export class SessionActivity {
  readonly #props: SessionActivityProps;
  /** Sessions whose note is on its way. */
  readonly #noting = new Set<string>();

  constructor(props: SessionActivityProps) {
    this.#props = props;
  }

  /** Whether a session is still alive; if so, this was a use of it. */
  use(session: string, issuedAtMs: number): boolean {
    const nowMs = this.#props.clock.nowMs();
    const notedMs = Math.max(this.#find(session)?.value.usedAtMs ?? 0, issuedAtMs);
    if (nowMs - notedMs >= timeLimits.sessionIdleMs + timeLimits.sessionNoteMs) return false;
    if (nowMs - notedMs >= timeLimits.sessionNoteMs && !this.#noting.has(session)) void this.#note(session, nowMs);
    return true;
  }

  async #note(session: string, usedAtMs: number): Promise<void> {
    this.#noting.add(session);
    try {
      await this.#forgetEnded();
      await this.#props.configuration.write({
        kind: 'token-session',
        name: session,
        operation: 'put',
        value: { usedAtMs } satisfies TokenSession,
        expected: this.#find(session)?.revision ?? 'absent',
        by: 'token service',
      });
    } catch {
      // Another node noted it, or the table is away: the next use tries again, and only if nothing came of it.
    } finally {
      this.#noting.delete(session);
    }
  }

  async #forgetEnded(): Promise<void> {
    const { configuration, clock } = this.#props;
    const limitMs = clock.nowMs() - 2 * timeLimits.sessionIdleMs;
    const sessions = configuration.snapshot().list<TokenSession>('token-session');
    for (const { kind, name, revision } of sessions.filter(({ value }) => value.usedAtMs < limitMs).slice(0, 4)) {
      await configuration.write({ kind, name, operation: 'delete', expected: revision, by: 'token service' });
    }
  }

  #find(session: string) {
    return this.#props.configuration.snapshot().find<TokenSession>('token-session', session);
  }
}
