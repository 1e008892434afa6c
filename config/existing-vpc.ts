import type { DeploymentInput } from '../lib/settings.ts';

/** Nodes in the subnets of a network that is already there, behind a certificate and the firewall. */
export const deployments: readonly DeploymentInput[] = [
  {
    name: 'spectrum',
    regions: [
      {
        region: 'us-east-1',
        network: {
          kind: 'existing',
          vpcId: 'vpc-0123456789abcdef0',
          cidr: '10.0.0.0/16',
          availabilityZones: ['us-east-1a', 'us-east-1b'],
          nodeSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
          publicSubnetIds: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
        },
      },
    ],
    clusters: [
      {
        name: 'main',
        loadBalancer: {
          internetFacing: true,
          firewall: true,
          allowedCidrs: ['0.0.0.0/0'],
          listener: {
            kind: 'https',
            hostName: 'spectrum.example.com',
            certificateArns: {
              'us-east-1': 'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
            },
          },
        },
      },
    ],
  },
];
