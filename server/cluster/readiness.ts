/**
 * Whether a node wants requests.
 *
 * ```
 * starting ──(configuration folded, databases open)──► ready ──(told to stop)──► draining
 * ```
 *
 * Once ready, only leaving or a fault of this node alone changes that: trouble that all nodes share must not make
 * every node leave at once (design section 6).
 */
export class Readiness {
  #state: 'starting' | 'ready' | 'draining' = 'starting';
  readonly #awaited: Set<string>;
  readonly #faults = new Set<string>();

  /** @param awaited what has to be done before the node is ready, in words */
  constructor(awaited: readonly string[]) {
    this.#awaited = new Set(awaited);
  }

  /** Marks one awaited thing as done; the last one makes the node ready. */
  done(awaited: string): void {
    this.#awaited.delete(awaited);
    if (this.#awaited.size === 0 && this.#state === 'starting') this.#state = 'ready';
  }

  /** From now on the node is leaving. */
  drain(): void {
    this.#state = 'draining';
  }

  /** Something wrong with this node alone. */
  reportFault(fault: string): void {
    this.#faults.add(fault);
  }

  clearFault(fault: string): void {
    this.#faults.delete(fault);
  }

  isDraining(): boolean {
    return this.#state === 'draining';
  }

  /** Empty exactly when the node is ready. */
  reasons(): readonly string[] {
    const waiting = this.#state === 'starting' ? [...this.#awaited].map((awaited) => `waiting for: ${awaited}`) : [];
    return [...(this.isDraining() ? ['draining'] : []), ...waiting, ...this.#faults];
  }
}
