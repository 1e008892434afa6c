import type { DeploymentInput } from '../lib/settings.ts';

/** Two nodes over two zones behind an internal balancer: the default scenario. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    regions: [{ region: 'us-east-1' }],
    clusters: [{ name: 'main', loadBalancer: { listener: { kind: 'http' } } }],
  },
];
