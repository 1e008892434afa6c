import type { DeploymentInput } from '../lib/settings.ts';

/** The home region accepts changes, the second one follows; reference data is replicated. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    regions: [{ region: 'us-east-1' }, { region: 'us-west-2' }],
    clusters: [{ name: 'main', loadBalancer: { listener: { kind: 'http' } } }],
  },
];
