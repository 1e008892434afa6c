import type { DeploymentInput } from '../lib/settings.ts';

/** The home region accepts changes, the second one follows and writes there; reference data is replicated. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    regions: [
      { region: 'us-east-1', network: { kind: 'new', outbound: 'nat' } },
      { region: 'us-west-2', network: { kind: 'new', outbound: 'nat' } },
    ],
    clusters: [{ name: 'main', loadBalancer: { listener: { kind: 'http' } } }],
  },
];
