import { deployments as closedNetwork } from '../../../config/closed-network.ts';
import { deployments as cluster } from '../../../config/cluster.ts';
import { deployments as existingVpc } from '../../../config/existing-vpc.ts';
import { deployments as lowCost } from '../../../config/low-cost.ts';
import { deployments as remoteServers } from '../../../config/remote-servers.ts';
import { deployments as separatedConfiguration } from '../../../config/separated-configuration.ts';
import { deployments as sharedReferenceData } from '../../../config/shared-reference-data.ts';
import { deployments as standard } from '../../../config/standard.ts';
import { deployments as threeRegionsStrong } from '../../../config/three-regions-strong.ts';
import { deployments as twoRegions } from '../../../config/two-regions.ts';
import type { DeploymentInput } from '../../../lib/settings.ts';

/** Every example of `config/`, by its name. */
export const configs = {
  standard,
  cluster,
  'remote-servers': remoteServers,
  'separated-configuration': separatedConfiguration,
  'two-regions': twoRegions,
  'three-regions-strong': threeRegionsStrong,
  'shared-reference-data': sharedReferenceData,
  'existing-vpc': existingVpc,
  'closed-network': closedNetwork,
  'low-cost': lowCost,
} as const satisfies Record<string, readonly DeploymentInput[]>;
