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
  /** The balancer of AWS may still route to a leaving node for this long, and the node goes on serving. */
  deregistrationMs: 60_000,
} as const;

/** How a node leaves: it serves on, finishes what is in flight and has ended before it is killed. Milliseconds. */
export const leavingLimits = {
  /** From the first byte to the last byte of a request. */
  requestMs: 45_000,
  /** From SIGTERM to SIGKILL: the longest that Fargate gives. */
  stopTimeoutMs: 120_000,
  /** The balancer of AWS closes a connection that is idle for this long. */
  balancerIdleMs: 60_000,
  /** A node keeps it longer, so that it is never the one that closes while a request is on its way. */
  keepAliveMs: 65_000,
  /** On one machine, in place of the deregistration time: longer than three health checks of its balancer. */
  localLeaveMs: 1_600,
} as const;
