import type { DeploymentInput } from '../lib/settings.ts';

/** No way to the internet in either direction: AWS through endpoints, callers from two office networks, large jobs. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    regions: [{ region: 'us-east-1', network: { kind: 'new', outbound: 'endpoints', cidr: '10.40.0.0/16' } }],
    clusters: [
      {
        name: 'main',
        loadBalancer: {
          allowedCidrs: ['10.40.0.0/16', '192.168.10.0/24', '192.168.20.0/24'],
          listener: {
            kind: 'https',
            hostName: 'spectrum.internal.example.com',
            certificateArns: {
              'us-east-1': 'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
            },
          },
        },
      },
    ],
    largeJobs: { maximumTasks: 100 },
  },
];
