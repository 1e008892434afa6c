/** What the starter and its balancer say to each other over their IPC channel. */
export interface NodeAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** To the balancer: all nodes that run now. */
export interface NodesMessage {
  readonly nodes: readonly NodeAddress[];
}

export type NodeState = 'unchecked' | 'ready' | 'late' | 'leaving' | 'unreachable';

/** From the balancer, whenever a state changes. */
export interface StatusMessage {
  readonly status: readonly { readonly name: string; readonly state: NodeState; readonly outstanding: number }[];
}

export function isNodesMessage(message: unknown): message is NodesMessage {
  return typeof message === 'object' && message !== null && 'nodes' in message && Array.isArray(message.nodes);
}

export function isStatusMessage(message: unknown): message is StatusMessage {
  return typeof message === 'object' && message !== null && 'status' in message && Array.isArray(message.status);
}
