import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Network, type NetworkProps } from '../constructs/network.ts';
import type { DeploymentSettings, RegionSettings } from '../settings.ts';
import type { FoundationStack } from './foundation.ts';

export interface NetworkStackProps extends StackProps {
  readonly settings: DeploymentSettings;
  readonly region: RegionSettings;
  readonly foundation: FoundationStack;
}

/** The region's network: new, or an existing one described by its attributes. */
export class NetworkStack extends Stack {
  readonly network: Network;
  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    this.zones = props.region.network.availabilityZones;
    this.network = new Network(this, 'Network', networkProps(props));
  }

  // From the settings, so that no account has to be asked while synthesising.
  override get availabilityZones(): string[] {
    return [...this.zones];
  }
}

/** What a region's network needs to know of the deployment in it. */
export function networkProps({ settings, region, foundation }: NetworkStackProps): NetworkProps {
  return {
    settings: region.network,
    logs: foundation.logs,
    isPublic: settings.clusters.some(({ loadBalancer }) => loadBalancer.internetFacing),
    startsJobs: settings.largeJobs !== undefined,
  };
}
