import { healthPaths } from '../../../contract/health.ts';
import type { NodeState } from '../messages.ts';
import { balancerLimits } from './limits.ts';
import type { BalancedNode, NodeTable } from './nodes.ts';

/** Asks every node again and again whether it is ready; `check` asks one at once. */
export class HealthChecks {
  readonly #timer: NodeJS.Timeout;
  readonly #inFlight = new Set<BalancedNode>();
  readonly #missed = new WeakMap<BalancedNode, number>();

  constructor(private readonly table: () => NodeTable) {
    this.#timer = setInterval(() => {
      for (const node of this.table().nodes) this.check(node);
    }, balancerLimits.checkEveryMs);
  }

  check(node: BalancedNode): void {
    if (this.#inFlight.has(node)) return;
    this.#inFlight.add(node);
    void this.#ask(node).finally(() => this.#inFlight.delete(node));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #ask(node: BalancedNode): Promise<void> {
    const state = await askReadiness(node);
    if (state !== 'late') {
      this.#missed.delete(node);
      this.table().mark(node, state);
      return;
    }
    const missed = (this.#missed.get(node) ?? 0) + 1;
    this.#missed.set(node, missed);
    if (missed >= balancerLimits.lateAfter) this.table().mark(node, 'late');
  }
}

/** On a connection of its own (`fetch` would share a busy one): a full pool must not look like a sick node. */
async function askReadiness(node: BalancedNode): Promise<NodeState> {
  try {
    const answer = await fetch(`http://${node.host}:${node.port}${healthPaths.ready}`, {
      signal: AbortSignal.timeout(balancerLimits.checkTimeoutMs),
      redirect: 'manual',
    });
    await answer.arrayBuffer();
    return answer.status === 200 ? 'ready' : 'leaving';
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'late' : 'unreachable';
  }
}
