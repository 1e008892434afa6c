import type { App, StackProps } from 'aws-cdk-lib';
import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import { Network } from './constructs/network.ts';
import type { AttachedReferenceDataSettings, DeploymentSettings, RegionSettings } from './settings.ts';
import { ClusterStack } from './stacks/cluster.ts';
import { ConfigurationStack } from './stacks/configuration.ts';
import { FoundationStack } from './stacks/foundation.ts';
import { NetworkStack, type NetworkStackProps, networkProps } from './stacks/network.ts';
import { ReferenceDataReplicaStack, ReferenceDataStack } from './stacks/reference-data.ts';

/** Creates the stacks of one deployment, named `<deployment>[-<region>]-<stack>`; the home region has the short names. */
export function buildDeployment(app: App, settings: DeploymentSettings): void {
  const places = settings.regions.map((region, index) => createPlace(app, settings, region, index));
  const configurations = places.map((place, index) => createConfiguration(place, index === 0));
  // The second region's copy comes before the files that fill it.
  const replica = places[1] && createReplica(places[1]);
  for (const place of places) {
    const referenceData = createReferenceData(place, replica);
    if (referenceData) createClusters(place, referenceData, [configurations[0], configurations[places.indexOf(place)]]);
  }
}

/** One region of a deployment with what all its stacks share. */
interface Place {
  readonly app: App;
  readonly settings: DeploymentSettings;
  readonly region: RegionSettings;
  readonly foundation: FoundationStack;
  /** Absent where nothing runs: a deployment that only holds the configuration. */
  readonly network: Network | undefined;
  id(stack: string): string;
  readonly stack: StackProps;
  readonly stateful: StackProps;
}

function createPlace(app: App, settings: DeploymentSettings, region: RegionSettings, index: number): Place {
  const { name, account } = settings;
  const stack = { env: { region: region.region, ...(account ? { account } : {}) } };
  const stateful = { ...stack, terminationProtection: true };
  const id = (part: string) => [name, ...(index > 0 ? [region.region] : []), part].join('-');
  const foundation = new FoundationStack(app, id('foundation'), { ...stateful, settings });
  const network = createNetwork(app, id('network'), { ...stack, settings, region, foundation });
  return { app, settings, region, foundation, network, id, stack, stateful };
}

function createNetwork(app: App, id: string, props: NetworkStackProps): Network | undefined {
  const { settings, region, foundation } = props;
  if (settings.clusters.length === 0 && region.referenceData.kind === 'none') return undefined;
  if (region.network.kind === 'new') return new NetworkStack(app, id, props).network;
  // An existing network has no resources of its own, so it needs no stack.
  return new Network(foundation, 'Network', networkProps(props));
}

function createConfiguration({ app, settings, id, stateful }: Place, isHome: boolean): ConfigurationStack | undefined {
  const { configuration } = settings;
  if (configuration.kind === 'separated') return undefined;
  return new ConfigurationStack(app, id('configuration'), { ...stateful, settings, configuration, isHome });
}

function createReplica({ app, region, foundation, network, id, stateful }: Place): IFileSystem | undefined {
  if (region.referenceData.kind !== 'replica' || !network) return undefined;
  return new ReferenceDataReplicaStack(app, id('reference-data'), { ...stateful, network, foundation }).fileSystem;
}

function createReferenceData(
  place: Place,
  replica: IFileSystem | undefined,
): IFileSystem | AttachedReferenceDataSettings | undefined {
  const { app, settings, region, foundation, network, id, stateful } = place;
  const { referenceData } = region;
  if (referenceData.kind === 'none' || !network) return undefined;
  if (referenceData.kind === 'attached') return referenceData;
  if (referenceData.kind === 'replica') return replica;
  const stack = new ReferenceDataStack(app, id('reference-data'), {
    ...stateful,
    referenceData,
    foundation,
    network,
    image: settings.clusters[0]?.image ?? { kind: 'build' },
    replica,
  });
  return stack.fileSystem;
}

function createClusters(
  { app, settings, foundation, network, id, stack }: Place,
  referenceData: IFileSystem | AttachedReferenceDataSettings,
  tables: readonly (ConfigurationStack | undefined)[],
): ClusterStack[] {
  if (!network) return [];
  const { configuration, name, clusters } = settings;
  const tablesOf = configuration.kind === 'separated' ? configuration.deployment : name;
  return clusters.map((cluster) => {
    const props = { ...stack, deployment: name, tablesOf, cluster, network, foundation, referenceData };
    const clusterStack = new ClusterStack(app, id(cluster.name), props);
    // The tables are known by their names alone, so their order has to be said.
    for (const table of tables) if (table) clusterStack.addStackDependency(table);
    return clusterStack;
  });
}
