import type { DeploymentInput } from '../lib/settings.ts';

/** Geocoding runs apart: its databases are updated and its nodes restarted while the other services stay up. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    scenario: 'remote-servers',
    regions: [{ region: 'us-east-1' }],
    clusters: [
      {
        name: 'main',
        loadBalancer: { listener: { kind: 'http' } },
        groups: [
          {
            name: 'geocoding',
            services: ['GeocodeUSAddress', 'ReverseGeocodeUSLocation'],
            nodes: { vcpu: 2, memoryMiB: 8192 },
          },
        ],
      },
    ],
  },
];
