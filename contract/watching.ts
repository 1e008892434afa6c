/** What the watching Lambdas publish and what the alarms and the dashboard read. */
export const metricNamespace = 'Spectrum';

export const metricNames = {
  nodesRunning: 'NodesRunning',
  nodesReady: 'NodesReady',
  nodesNotAnswering: 'NodesNotAnswering',
  viewsDiffering: 'ViewsDiffering',
  nodesStopped: 'NodesStopped',
  nodeReady: 'NodeReady',
  nodeAnswerMs: 'NodeAnswerMs',
  clockSpreadMs: 'ClockSpreadMs',
  provenSkewMs: 'ProvenSkewMs',
  clocksUnsynchronised: 'ClocksUnsynchronised',
  clocksUnreachable: 'ClocksUnreachable',
  referenceSuspect: 'ReferenceSuspect',
  clockOffsetMs: 'ClockOffsetMs',
  clockBoundMs: 'ClockBoundMs',
  canarySuccess: 'CanarySuccess',
  canaryMs: 'CanaryMs',
} as const;

/** Names of the environment variables of the watching Lambdas. */
export const watchEnvironment = {
  deployment: 'WATCH_DEPLOYMENT',
  cluster: 'WATCH_CLUSTER',
  /** ARN or name of the ECS cluster. */
  ecsCluster: 'WATCH_ECS_CLUSTER',
  /** JSON list of `WatchedService`. */
  services: 'WATCH_SERVICES',
  healthPort: 'WATCH_HEALTH_PORT',
  runtimeTable: 'WATCH_RUNTIME_TABLE',
  /** `true` lets the node-health Lambda stop a node that stays unhealthy. */
  stopUnhealthyNodes: 'WATCH_STOP_UNHEALTHY_NODES',
  clockSkewMs: 'WATCH_CLOCK_SKEW_MS',
  url: 'WATCH_URL',
  credentialsSecret: 'WATCH_CREDENTIALS_SECRET',
  /** Endpoint of AWS-compatible servers, for rehearsals; the region's own when empty. */
  awsEndpoint: 'WATCH_AWS_ENDPOINT',
} as const;

/** One ECS service of a cluster and how its nodes are seen from the balancer. */
export interface WatchedService {
  /** `nodes`, or the name of the node group. */
  readonly name: string;
  readonly serviceArn: string;
  readonly targetGroupArn: string;
  /** Nodes that must always run. */
  readonly minimum: number;
}

/** What `GET /time` answers: the second and third stamp of a four-timestamp exchange. */
export interface TimeAnswer {
  /** Name of the node. */
  readonly node: string;
  /** When the request arrived, milliseconds since 1970 by the node's clock. */
  readonly t1: number;
  /** When the answer left. */
  readonly t2: number;
  /** How far `t1` and `t2` can be from the node's clock, in milliseconds; absent where the node does not know. */
  readonly uncertaintyMs?: number;
  /** What the platform says of the node's clock (ECS task metadata v4, `ClockDrift`); absent elsewhere. */
  readonly clock?: {
    readonly status: 'SYNCHRONIZED' | 'NOT_SYNCHRONIZED';
    readonly errorBoundMs: number;
  };
}
