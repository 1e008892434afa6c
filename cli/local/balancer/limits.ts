/** Times and sizes of the balancer, milliseconds and bytes. */
export const balancerLimits = {
  /** More often than the balancer of the deployment (contract/health.ts): here a check costs next to nothing. */
  checkEveryMs: 500,
  checkTimeoutMs: 2_000,
  /** Checks in a row that got no answer in time before a node counts as late. */
  lateAfter: 2,
  connectMs: 1_000,
  /** Longer than a node works on one request (45 s), so that the node's own answer is the one that arrives. */
  answerMs: 50_000,
  /** Bodies up to this size are kept until the answer, so that they can be sent to another node. */
  heldBodyBytes: 4 * 2 ** 20,
  /** Answers up to this size are passed on only when complete, so that a node may die in the middle unnoticed. */
  heldAnswerBytes: 512 * 2 ** 10,
  /** How long a request waits while no node can take it. */
  waitForNodeMs: 3_000,
  waitingRequests: 1_000,
  /** A request that was sent and lost is sent once more, not on and on: it may be what kills the nodes. */
  resends: 1,
  connectionsPerNode: 256,
  keepAliveMs: 65_000,
  headersMs: 15_000,
  requestMs: 60_000,
  drainMs: 50_000,
} as const;
