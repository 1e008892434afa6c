import type { DeploymentInput } from '../lib/settings.ts';

/** The configuration database in a deployment of its own, that outlives and serves any number of clusters. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum-tables',
    scenario: 'separated-configuration',
    regions: [{ region: 'us-east-1' }],
    clusters: [],
  },
  {
    name: 'spectrum',
    scenario: 'separated-configuration',
    regions: [{ region: 'us-east-1' }],
    configuration: { kind: 'separated', deployment: 'spectrum-tables' },
    clusters: [{ name: 'main', nodes: { minimum: 5, maximum: 10 }, loadBalancer: { listener: { kind: 'http' } } }],
  },
];
