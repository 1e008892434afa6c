import type { DeploymentInput } from '../lib/settings.ts';

/** Two clusters and one file system: the second cluster is four lines. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    regions: [{ region: 'us-east-1' }],
    clusters: [
      { name: 'main', loadBalancer: { listener: { kind: 'http' } } },
      {
        name: 'second',
        loadBalancer: { listener: { kind: 'http' } },
      },
    ],
  },
];
