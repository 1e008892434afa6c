import type { App, StackProps } from 'aws-cdk-lib';
import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import { Network } from './constructs/network.ts';
import { homeRegions } from './home-regions.ts';
import type { AttachedReferenceDataSettings, DeploymentSettings, ImageSettings, RegionSettings } from './settings.ts';
import { ClusterStack } from './stacks/cluster.ts';
import { ConfigurationStack } from './stacks/configuration.ts';
import { FoundationStack } from './stacks/foundation.ts';
import { JobFilesStack } from './stacks/job-files.ts';
import { LargeJobsStack } from './stacks/large-jobs.ts';
import { NetworkStack, type NetworkStackProps, networkProps } from './stacks/network.ts';
import { OperationsStack } from './stacks/operations.ts';
import { ReferenceDataReplicaStack, ReferenceDataStack } from './stacks/reference-data.ts';

/** Creates the stacks of one deployment, named `<deployment>[-<region>]-<stack>`; the home region has the short names. */
export function buildDeployment(app: App, settings: DeploymentSettings): void {
  const places = settings.regions.map((region, index) => createPlace(app, settings, region, index));
  const configurations = places.map((place, index) => createConfiguration(place, index === 0));
  // The second region's copy comes before the files that fill it.
  const replica = places[1] && createReplica(places[1]);
  for (const [index, place] of places.entries()) {
    const isHome = index === 0;
    const loading = createReferenceData(place, isHome ? replica : undefined);
    const files = referenceFiles(place, loading, replica);
    if (!files || !place.network) continue;
    const shared = { referenceData: files, jobFiles: createJobFiles(place) };
    const clusters = createClusters(place, shared, [configurations[0], configurations[index]]);
    const largeJobs = createLargeJobs(place, files);
    new OperationsStack(app, place.id('operations'), {
      ...describe(place.stack, place, 'Watching Lambdas, alarms and the dashboard'),
      settings,
      tablesOf: tablesOf(settings),
      network: place.network,
      foundation: place.foundation,
      clusters,
      referenceData: loading,
      replica: isHome ? replica : undefined,
      largeJobs,
    });
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

function createConfiguration(place: Place, isHome: boolean): ConfigurationStack | undefined {
  const { app, settings, id, stateful } = place;
  const { configuration } = settings;
  if (configuration.kind === 'separated') return undefined;
  return new ConfigurationStack(app, id('configuration'), {
    ...describe(stateful, place, 'Configuration database'),
    settings,
    configuration,
    isHome,
  });
}

function createReplica({ app, region, foundation, network, id, stateful }: Place): IFileSystem | undefined {
  if (region.referenceData.kind !== 'replica' || !network) return undefined;
  return new ReferenceDataReplicaStack(app, id('reference-data'), { ...stateful, network, foundation }).fileSystem;
}

type ReferenceFiles = IFileSystem | AttachedReferenceDataSettings;

function createReferenceData(place: Place, replica: IFileSystem | undefined): ReferenceDataStack | undefined {
  const { app, settings, region, foundation, network, id } = place;
  const { referenceData } = region;
  if (referenceData.kind !== 'new' || !network) return undefined;
  const image = imageOf(settings);
  const stack = describe(place.stateful, place, 'Reference data and its loader');
  return new ReferenceDataStack(app, id('reference-data'), {
    ...stack,
    referenceData,
    foundation,
    network,
    image,
    replica,
  });
}

/** The files that a region's clusters read, wherever they come from. */
function referenceFiles(
  { region }: Place,
  loading: ReferenceDataStack | undefined,
  replica: IFileSystem | undefined,
): ReferenceFiles | undefined {
  switch (region.referenceData.kind) {
    case 'new':
      return loading?.fileSystem;
    case 'replica':
      return replica;
    case 'attached':
      return region.referenceData;
    case 'none':
      return undefined;
  }
}

function createJobFiles(place: Place): IFileSystem | undefined {
  const { app, settings, foundation, network, id } = place;
  if (settings.jobFiles.kind === 'none' || !network) return undefined;
  const stack = describe(place.stateful, place, 'Files that jobs read and write');
  return new JobFilesStack(app, id('job-files'), { ...stack, settings: settings.jobFiles, network, foundation })
    .fileSystem;
}

interface SharedFiles {
  readonly referenceData: ReferenceFiles;
  /** Undefined where nodes run no jobs. */
  readonly jobFiles: IFileSystem | undefined;
}

function createClusters(place: Place, files: SharedFiles, tables: readonly (ConfigurationStack | undefined)[]) {
  const { app, settings, foundation, network, id } = place;
  if (!network) return [];
  return settings.clusters.map((cluster) => {
    const clusterStack = new ClusterStack(app, id(cluster.name), {
      ...describe(place.stack, place, `Cluster ${cluster.name}`),
      deployment: settings.name,
      tablesOf: tablesOf(settings),
      homeRegions: homeRegions(settings),
      audit: { region: firstTableRegion(settings), days: settings.configuration.auditDays },
      cluster,
      network,
      foundation,
      ...files,
    });
    // The tables are known by their names alone, so their order has to be said.
    for (const table of tables) if (table) clusterStack.addStackDependency(table);
    return clusterStack;
  });
}

function createLargeJobs(place: Place, referenceData: ReferenceFiles): LargeJobsStack | undefined {
  const { app, settings, foundation, network, id } = place;
  if (!settings.largeJobs || !network) return undefined;
  const stack = describe(place.stack, place, 'Large jobs');
  const image = imageOf(settings);
  return new LargeJobsStack(app, id('large-jobs'), {
    ...stack,
    settings: settings.largeJobs,
    network,
    foundation,
    image,
    referenceData,
  });
}

/** Says in the template what the stack is and in which region it is at home; the rules read the region from it. */
function describe(stack: StackProps, { settings, region }: Place, purpose: string): StackProps {
  return { ...stack, description: `${purpose} of ${settings.name} in ${region.region}` };
}

function tablesOf({ configuration, name }: DeploymentSettings): string {
  return configuration.kind === 'separated' ? configuration.deployment : name;
}

function firstTableRegion({ configuration, regions }: DeploymentSettings): string | undefined {
  return configuration.kind === 'separated' ? configuration.tableRegions[0] : regions[0]?.region;
}

function imageOf({ clusters }: DeploymentSettings): ImageSettings {
  return clusters[0]?.image ?? { kind: 'build' };
}
