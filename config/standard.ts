import type { DeploymentInput } from '../lib/settings.ts';

/** One node: the smallest installation that answers. A replacement is started before the node is stopped. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    scenario: 'standard',
    regions: [{ region: 'us-east-1' }],
    clusters: [{ name: 'main', loadBalancer: { listener: { kind: 'http' } } }],
  },
];
