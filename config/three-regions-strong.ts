import type { DeploymentInput } from '../lib/settings.ts';

/** Changes are accepted in any of three regions and survive the loss of one; each region loads its own files. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    regions: [
      { region: 'us-east-1' },
      { region: 'us-east-2', referenceData: { kind: 'new' } },
      { region: 'us-west-2', referenceData: { kind: 'new' } },
    ],
    configuration: { kind: 'own', consistency: 'strong' },
    clusters: [{ name: 'main', loadBalancer: { listener: { kind: 'http' } } }],
  },
];
