import type {
  ClusterInput,
  ClusterSettings,
  ConfigurationSettings,
  DeploymentInput,
  DeploymentSettings,
  JobFilesInput,
  LargeJobSettings,
  NetworkSettings,
  NewReferenceDataSettings,
  NodeInput,
  NodeSettings,
  OperationsSettings,
  ReferenceDataInput,
  ReferenceDataSettings,
  RegionInput,
  RegionSettings,
  Scenario,
} from './settings.ts';
import { checkSettings } from './settings-checks.ts';

/** Completes a deployment with the defaults and checks it; throws one error that lists every refused option. */
export function parseSettings(input: DeploymentInput): DeploymentSettings {
  const scenario = input.scenario ?? 'cluster';
  const settings: DeploymentSettings = {
    name: input.name,
    account: input.account,
    scenario,
    regions: input.regions.map((region, index) => toRegion(region, index, input.clusters.length > 0)),
    configuration: toConfiguration(input),
    clusters: input.clusters.map((cluster) => toCluster(cluster, scenario)),
    operations: { ...operationsDefaults, ...input.operations },
    jobFiles: toJobFiles(input.jobFiles, input.clusters.length > 0),
    largeJobs: input.largeJobs && { ...largeJobDefaults, ...input.largeJobs },
    logRetentionDays: input.logRetentionDays ?? 90,
  };
  const refused = checkSettings(settings);
  if (refused.length > 0) throw new SettingsError(refused);
  return settings;
}

/** Settings that cannot be deployed; `refused` has one sentence for each option. */
class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly refused: readonly string[]) {
    super(`the settings are refused:\n- ${refused.join('\n- ')}`);
  }
}

const operationsDefaults: OperationsSettings = {
  alarmEmail: undefined,
  canary: undefined,
  stopUnhealthyNodes: false,
  clockSkewMs: 100,
};

const largeJobDefaults: LargeJobSettings = {
  maximumTasks: 50,
  toleratedFailurePercent: 0,
  timeoutHours: 24,
  vcpu: 2,
  memoryMiB: 4096,
};

const nodeDefaults = {
  vcpu: 1,
  memoryMiB: 2048,
  cpuPercent: 60,
  requestsPerMinute: 30_000,
  spotPercent: 0,
  processes: 1,
};

const newReferenceData: NewReferenceDataSettings = {
  kind: 'new',
  throughput: 'elastic',
  backupDays: 35,
  sharedWithAccounts: [],
};

// The letters differ where new accounts do not get zones a and b (EC2 user guide, regions and zones).
const zoneLetters: Readonly<Record<string, readonly string[]>> = {
  'ap-northeast-1': ['a', 'c'],
  'ca-central-1': ['a', 'b'],
  'us-west-1': ['a', 'c'],
};

function toRegion(input: RegionInput, index: number, hasClusters: boolean): RegionSettings {
  return {
    region: input.region,
    network: toNetwork(input, index),
    referenceData: toReferenceData(input.referenceData, index, hasClusters),
  };
}

function toNetwork({ region, network }: RegionInput, index: number): NetworkSettings {
  if (network?.kind === 'existing') return { publicSubnetIds: [], ...network };
  const zones = (zoneLetters[region] ?? ['a', 'b']).map((letter) => region + letter);
  const availabilityZones = network?.availabilityZones ?? zones;
  const defaults = {
    cidr: `10.${20 + index}.0.0/16`,
    outbound: 'endpoints',
    natGateways: availabilityZones.length,
  } as const;
  return { ...defaults, ...network, kind: 'new', availabilityZones };
}

function toReferenceData(
  input: ReferenceDataInput | undefined,
  index: number,
  hasClusters: boolean,
): ReferenceDataSettings {
  if (input?.kind === 'new') return { ...newReferenceData, ...input };
  if (input) return input;
  if (!hasClusters) return { kind: 'none' };
  return index === 1 ? { kind: 'replica' } : newReferenceData;
}

const auditDays = 90;
const archiveDays = 2557;

function toConfiguration({ configuration: input, regions }: DeploymentInput): ConfigurationSettings {
  if (input?.kind === 'separated')
    return { consistency: 'home', tableRegions: regions.map(({ region }) => region), auditDays, ...input };
  const defaults = { consistency: 'home', witnessRegion: undefined, recoveryDays: 35, auditDays, archiveDays } as const;
  return { ...defaults, ...input, kind: 'own' };
}

function toJobFiles(input: JobFilesInput | undefined, hasClusters: boolean): DeploymentSettings['jobFiles'] {
  if (input?.kind === 'none' || (!input && !hasClusters)) return { kind: 'none' };
  return { throughput: 'elastic', backupDays: 35, ...input, kind: 'new' };
}

function toCluster(input: ClusterInput, scenario: Scenario): ClusterSettings {
  return {
    name: input.name,
    nodes: toNodes(input.nodes, scenario),
    groups: (input.groups ?? []).map((group) => ({ ...group, nodes: toNodes(group.nodes, scenario) })),
    loadBalancer: { internetFacing: false, allowedCidrs: [], firewall: false, ...input.loadBalancer },
    image: input.image ?? { kind: 'build' },
  };
}

function toNodes(input: NodeInput | undefined, scenario: Scenario): NodeSettings {
  const minimum = input?.minimum ?? (scenario === 'standard' ? 1 : 2);
  return { ...nodeDefaults, minimum, maximum: scenario === 'standard' ? 1 : minimum * 3, ...input };
}
