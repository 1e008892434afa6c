import type { DeploymentInput } from '../lib/settings.ts';

/** As little as an always-on pair of nodes can cost: one gateway instead of endpoints, small nodes, Spot above the base. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    regions: [
      {
        region: 'us-east-1',
        network: { kind: 'new', outbound: 'nat', natGateways: 1 },
        referenceData: { kind: 'new', backupDays: 7 },
      },
    ],
    clusters: [
      {
        name: 'main',
        nodes: { vcpu: 0.25, memoryMiB: 512, maximum: 4, spotPercent: 100 },
        loadBalancer: { listener: { kind: 'http' } },
      },
    ],
    logRetentionDays: 14,
  },
];
