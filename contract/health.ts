/** Paths and limits that the node, the balancers and the Lambdas must agree on. */
export const healthPaths = {
  live: '/health/live',
  ready: '/health/ready',
  time: '/time',
  metrics: '/metrics',
} as const;

export const healthLimits = {
  /** How often a balancer asks a node whether it is ready. */
  intervalMs: 5_000,
  /** A health answer later than this counts as a failure. */
  timeoutMs: 2_000,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  /** The balancer may still route to a leaving node for this long. */
  deregistrationMs: 15_000,
} as const;
