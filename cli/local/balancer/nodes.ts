import { Pool } from 'undici';
import type { NodeAddress, NodeState, StatusMessage } from '../messages.ts';
import { balancerLimits } from './limits.ts';

/** One node as the balancer sees it. */
export interface BalancedNode extends NodeAddress {
  readonly pool: Pool;
  state: NodeState;
  outstanding: number;
}

/** Whom to ask first; a state that is not listed gets nothing. A leaving node still answers until it has gone. */
const preference: readonly NodeState[] = ['ready', 'late', 'leaving'];

/** The nodes behind the balancer and the choice between them. */
export class NodeTable {
  #nodes: BalancedNode[] = [];
  #turn = 0;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly onChange: () => void,
    private readonly onSuspicion: (node: BalancedNode) => void,
    /** How long a request waits while no node can take it. */
    readonly waitForNodeMs: number,
  ) {}

  get nodes(): readonly BalancedNode[] {
    return this.#nodes;
  }

  status(): StatusMessage {
    return { status: this.#nodes.map(({ name, state, outstanding }) => ({ name, state, outstanding })) };
  }

  /** Takes over the list of the starter; a node that keeps its address keeps its connections. */
  replace(addresses: readonly NodeAddress[]): void {
    const before = this.#nodes;
    this.#nodes = addresses.map((address) => before.find((node) => isSameAddress(node, address)) ?? openNode(address));
    for (const node of before) if (!this.#nodes.includes(node)) void node.pool.close();
    for (const node of this.#nodes) if (node.state === 'unchecked') this.onSuspicion(node);
    this.onChange();
  }

  /** The node with the fewest outstanding requests among the best state there is; equals take turns. */
  choose(except: ReadonlySet<BalancedNode>): BalancedNode | undefined {
    const count = this.#nodes.length;
    this.#turn = (this.#turn + 1) % Math.max(1, count);
    let best: BalancedNode | undefined;
    for (let step = 0; step < count; step += 1) {
      const node = this.#nodes[(this.#turn + step) % count];
      if (!node || except.has(node) || !preference.includes(node.state)) continue;
      if (!best || isBetter(node, best)) best = node;
    }
    return best;
  }

  /** Records what a check or a broken connection showed. */
  mark(node: BalancedNode, state: NodeState): void {
    if (node.state === state) return;
    node.state = state;
    if (preference.includes(state)) for (const wake of [...this.#waiting]) wake();
    this.onChange();
  }

  /** A request was lost on this node: nothing more goes there until a check, which is made at once, says it lives. */
  suspect(node: BalancedNode): void {
    this.mark(node, 'unreachable');
    this.onSuspicion(node);
  }

  /** Resolves when a node becomes usable or the time is over; at once when too many wait already. */
  waitForNode(timeoutMs: number): Promise<void> {
    if (this.#waiting.size >= balancerLimits.waitingRequests) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.pool.destroy()));
  }
}

function isBetter(node: BalancedNode, than: BalancedNode): boolean {
  const difference = preference.indexOf(node.state) - preference.indexOf(than.state);
  return difference === 0 ? node.outstanding < than.outstanding : difference < 0;
}

function isSameAddress(node: NodeAddress, other: NodeAddress): boolean {
  return node.name === other.name && node.host === other.host && node.port === other.port;
}

function openNode(address: NodeAddress): BalancedNode {
  const pool = new Pool(`http://${address.host}:${address.port}`, {
    connections: balancerLimits.connectionsPerNode,
    pipelining: 1,
    connectTimeout: balancerLimits.connectMs,
    headersTimeout: balancerLimits.answerMs,
    bodyTimeout: balancerLimits.answerMs,
  });
  return { ...address, pool, state: 'unchecked', outstanding: 0 };
}
