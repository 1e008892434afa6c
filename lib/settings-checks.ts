import { homeRegions } from './home-regions.ts';
import type {
  ClusterSettings,
  ConfigurationSettings,
  DeploymentSettings,
  NetworkSettings,
  NodeSettings,
  RegionSettings,
} from './settings.ts';

/** Sentences that name each option which cannot be deployed; empty when all is well. */
export function checkSettings(settings: DeploymentSettings): string[] {
  return [
    ...deploymentChecks.flatMap((check) => check(settings)),
    ...settings.regions.flatMap((region, index) => checkRegion(region, index, settings)),
    ...settings.clusters.flatMap((cluster, index) => checkCluster(cluster, `clusters[${index}]`, settings)),
  ];
}

/** Memory, MiB, that Fargate offers for each size (task definition reference, task size). */
const fargateMemoryMiB: Readonly<Record<string, readonly [from: number, to: number, step: number]>> = {
  '0.25': [512, 2048, 512],
  '0.5': [1024, 4096, 1024],
  '1': [2048, 8192, 1024],
  '2': [4096, 16_384, 1024],
  '4': [8192, 30_720, 1024],
  '8': [16_384, 61_440, 4096],
  '16': [32_768, 122_880, 8192],
};

// CloudWatch Logs API reference, PutRetentionPolicy.
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const deploymentChecks: readonly ((settings: DeploymentSettings) => string[])[] = [
  ({ name }) => word('name', name, 20),
  ({ account }) =>
    unless(!account || /^\d{12}$/.test(account), `account: "${account}" is not allowed; use twelve digits`),
  ({ regions }) => unless(regions.length > 0, 'regions: empty; name at least the home region'),
  ({ regions }) =>
    duplicates(
      'regions',
      regions.map(({ region }) => region),
    ),
  ({ clusters }) =>
    duplicates(
      'clusters',
      clusters.map(({ name }) => name),
    ),
  ({ logRetentionDays }) => oneOf('logRetentionDays', logRetentionDays, retentionDays),
  ({ operations }) => range('operations.clockSkewMs', operations.clockSkewMs, 10, 60_000),
  ({ operations }) =>
    unless(
      operations.alarmEmail === undefined || /^[^@\s]+@[^@\s]+$/.test(operations.alarmEmail),
      `operations.alarmEmail: "${operations.alarmEmail}" is not an e-mail address`,
    ),
  checkScenario,
  checkConsistency,
  checkWaysHome,
  checkJobFiles,
  checkLargeJobs,
  checkCidrsApart,
];

function checkScenario({ scenario, clusters, configuration }: DeploymentSettings): string[] {
  const grouped = clusters.filter(({ groups }) => groups.length > 0);
  switch (scenario) {
    case 'standard':
      return unless(
        clusters.every(({ nodes, groups }) => nodes.maximum === 1 && groups.length === 0),
        'scenario: "standard" is one node without groups; use "cluster" or "remote-servers"',
      );
    case 'cluster':
      return unless(grouped.length === 0, 'scenario: "cluster" has no groups; use "remote-servers"');
    case 'remote-servers':
      return unless(
        clusters.length > 0 && grouped.length === clusters.length,
        'scenario: "remote-servers" needs at least one entry in groups of every cluster',
      );
    case 'separated-configuration':
      return unless(
        configuration.kind === 'separated' || clusters.length === 0,
        'scenario: "separated-configuration" needs configuration.kind "separated", or no clusters for the deployment that holds the tables',
      );
  }
}

function checkConsistency({ configuration, regions }: DeploymentSettings): string[] {
  const names = regions.map(({ region }) => region);
  if (configuration.kind === 'separated') return checkTables(configuration, names);
  const { consistency, witnessRegion, recoveryDays, auditDays, archiveDays } = configuration;
  const copies = names.length + (witnessRegion ? 1 : 0);
  return [
    ...range('configuration.recoveryDays', recoveryDays, 1, 35),
    ...integer('configuration.auditDays', auditDays, 1, 36_500),
    ...integer('configuration.archiveDays', archiveDays, 1, 36_500),
    ...unless(
      consistency === 'strong' || !witnessRegion,
      'configuration.witnessRegion: only "strong" consistency has a witness; leave it out',
    ),
    ...unless(
      consistency === 'home' || copies === 3,
      `configuration.consistency: "strong" needs exactly three regions, ${copies} given; add regions or one witnessRegion`,
    ),
    ...unless(
      !witnessRegion || !names.includes(witnessRegion),
      `configuration.witnessRegion: "${witnessRegion}" already runs nodes; name another region`,
    ),
  ];
}

function checkTables(
  { deployment, tableRegions, auditDays }: Extract<ConfigurationSettings, { kind: 'separated' }>,
  regions: readonly string[],
): string[] {
  return [
    ...word('configuration.deployment', deployment, 20),
    ...integer('configuration.auditDays', auditDays, 1, 36_500),
    ...duplicates('configuration.tableRegions', tableRegions),
    ...regions.flatMap((region) =>
      unless(
        tableRegions.includes(region),
        `configuration.tableRegions: "${region}" runs nodes and is not among them; nodes follow the table of their region`,
      ),
    ),
  ];
}

/** Endpoints lead to their own region (DynamoDB developer guide, endpoint types), and the home may be moved to any. */
function checkWaysHome(settings: DeploymentSettings): string[] {
  const homes = homeRegions(settings);
  if (homes.length === 0 || settings.clusters.length === 0) return [];
  return settings.regions.flatMap(({ network }, index) =>
    unless(
      network.kind === 'existing' || network.outbound === 'nat',
      `regions[${index}].network.outbound: "endpoints" reaches the tables of its own region only, and changes are written in one of ${homes.join(', ')}; use "nat", an existing network with a way to DynamoDB in all of them, or configuration.consistency "strong"`,
    ),
  );
}

function checkJobFiles({ jobFiles, clusters }: DeploymentSettings): string[] {
  if (jobFiles.kind === 'none') return [];
  return [
    ...unless(clusters.length > 0, 'jobFiles: "new" needs at least one cluster; use "none"'),
    ...integer('jobFiles.backupDays', jobFiles.backupDays, 0, 3650),
  ];
}

function checkLargeJobs({ largeJobs, clusters }: DeploymentSettings): string[] {
  if (!largeJobs) return [];
  return [
    ...unless(clusters.length > 0, 'largeJobs: needs at least one cluster'),
    ...range('largeJobs.maximumTasks', largeJobs.maximumTasks, 1, 5000),
    ...range('largeJobs.toleratedFailurePercent', largeJobs.toleratedFailurePercent, 0, 100),
    ...range('largeJobs.timeoutHours', largeJobs.timeoutHours, 1, 24 * 30),
    ...checkTaskSize('largeJobs', largeJobs),
  ];
}

function checkCidrsApart({ regions }: DeploymentSettings): string[] {
  return duplicates(
    'regions[].network.cidr',
    regions.map(({ network }) => network.cidr),
  );
}

function checkRegion(region: RegionSettings, index: number, settings: DeploymentSettings): string[] {
  const at = `regions[${index}]`;
  const data = region.referenceData;
  return [
    ...unless(
      /^[a-z]{2}(-[a-z]+)+-\d$/.test(region.region),
      `${at}.region: "${region.region}" is not a region such as us-east-1`,
    ),
    ...checkNetwork(region, `${at}.network`, settings),
    ...unless(
      data.kind !== 'none' || settings.clusters.length === 0,
      `${at}.referenceData: "none" leaves the clusters without databases`,
    ),
    ...(data.kind === 'new' ? integer(`${at}.referenceData.backupDays`, data.backupDays, 0, 3650) : []),
    ...(data.kind === 'new' ? data.sharedWithAccounts : []).flatMap((account) =>
      unless(/^\d{12}$/.test(account), `${at}.referenceData.sharedWithAccounts: "${account}" is not twelve digits`),
    ),
    // A file system replicates to one other only, and a replica not at all (EFS user guide, replication).
    ...unless(
      data.kind !== 'replica' || (index === 1 && settings.regions[0]?.referenceData.kind === 'new'),
      `${at}.referenceData: "replica" works in the second region only, of a new file system in the first; use "new" and load each region`,
    ),
    ...(data.kind === 'attached' ? identifier(`${at}.referenceData.fileSystemId`, data.fileSystemId, 'fs') : []),
    ...(data.kind === 'attached' ? identifier(`${at}.referenceData.securityGroupId`, data.securityGroupId, 'sg') : []),
  ];
}

function checkNetwork({ region, network }: RegionSettings, at: string, { scenario }: DeploymentSettings): string[] {
  const zones = network.availabilityZones;
  return [
    ...cidr(`${at}.cidr`, network.cidr, 8, 28),
    ...range(`${at}.availabilityZones (their number)`, zones.length, scenario === 'standard' ? 1 : 2, 3),
    ...duplicates(`${at}.availabilityZones`, zones),
    ...zones.flatMap((zone) =>
      unless(zone.startsWith(region), `${at}.availabilityZones: "${zone}" is not in ${region}`),
    ),
    ...(network.kind === 'new' ? checkNewNetwork(network, at) : checkExistingNetwork(network, at)),
  ];
}

function checkNewNetwork(network: Extract<NetworkSettings, { kind: 'new' }>, at: string): string[] {
  return [
    ...cidr(`${at}.cidr`, network.cidr, 16, 22),
    ...integer(`${at}.natGateways`, network.natGateways, 1, network.availabilityZones.length),
  ];
}

function checkExistingNetwork(network: Extract<NetworkSettings, { kind: 'existing' }>, at: string): string[] {
  const zones = network.availabilityZones.length;
  return [
    ...identifier(`${at}.vpcId`, network.vpcId, 'vpc'),
    ...unless(
      network.nodeSubnetIds.length === zones,
      `${at}.nodeSubnetIds: ${network.nodeSubnetIds.length} given; one for each of the ${zones} zones`,
    ),
    ...unless(
      [0, zones].includes(network.publicSubnetIds.length),
      `${at}.publicSubnetIds: ${network.publicSubnetIds.length} given; none, or one for each of the ${zones} zones`,
    ),
    ...[...network.nodeSubnetIds, ...network.publicSubnetIds].flatMap((id) =>
      identifier(`${at}: subnet`, id, 'subnet'),
    ),
  ];
}

function checkCluster(cluster: ClusterSettings, at: string, settings: DeploymentSettings): string[] {
  const minimum = settings.scenario === 'standard' ? 1 : 2;
  return [
    ...word(`${at}.name`, cluster.name, 15),
    ...checkNodes(cluster.nodes, `${at}.nodes`, minimum),
    ...duplicates(
      `${at}.groups`,
      cluster.groups.map(({ name }) => name),
    ),
    ...duplicates(
      `${at}.groups[].services`,
      cluster.groups.flatMap(({ services }) => services),
    ),
    ...cluster.groups.flatMap(({ name, services, nodes }, index) => [
      ...word(`${at}.groups[${index}].name`, name, 10),
      ...unless(services.length > 0, `${at}.groups[${index}].services: empty; name the services it runs`),
      ...services.flatMap((service) =>
        unless(
          /^[A-Za-z][A-Za-z0-9]*$/.test(service),
          `${at}.groups[${index}].services: "${service}" is not a service name`,
        ),
      ),
      ...checkNodes(nodes, `${at}.groups[${index}].nodes`, 1),
    ]),
    ...checkLoadBalancer(cluster, `${at}.loadBalancer`, settings),
    ...unless(
      cluster.image.kind === 'build' || /^[a-z0-9][a-z0-9._/-]*$/.test(cluster.image.repository),
      `${at}.image.repository: not a repository name of this account's registry`,
    ),
  ];
}

function checkNodes(nodes: NodeSettings, at: string, minimum: number): string[] {
  return [
    ...checkTaskSize(at, nodes),
    ...integer(`${at}.minimum`, nodes.minimum, minimum, 1000),
    ...integer(`${at}.maximum`, nodes.maximum, nodes.minimum, 1000),
    ...range(`${at}.cpuPercent`, nodes.cpuPercent, 10, 90),
    ...integer(`${at}.requestsPerMinute`, nodes.requestsPerMinute, 1, 10_000_000),
    ...integer(`${at}.spotPercent`, nodes.spotPercent, 0, 100),
    ...integer(`${at}.processes`, nodes.processes, 1, 16),
  ];
}

function checkTaskSize(at: string, { vcpu, memoryMiB }: { vcpu: number; memoryMiB: number }): string[] {
  const row = fargateMemoryMiB[String(vcpu)];
  if (!row) return [`${at}.vcpu: ${vcpu} is not a Fargate size; use ${Object.keys(fargateMemoryMiB).join(', ')}`];
  const [from, to, step] = row;
  const fits = memoryMiB >= from && memoryMiB <= to && (memoryMiB - from) % step === 0;
  return unless(
    fits,
    `${at}.memoryMiB: ${memoryMiB} does not go with ${vcpu} vcpu; use ${from} to ${to} in steps of ${step}`,
  );
}

function checkLoadBalancer({ loadBalancer }: ClusterSettings, at: string, settings: DeploymentSettings): string[] {
  const { internetFacing, allowedCidrs, listener } = loadBalancer;
  const regions = settings.regions.map(({ region }) => region);
  return [
    ...allowedCidrs.flatMap((range) => cidr(`${at}.allowedCidrs`, range, 0, 32)),
    ...unless(
      !internetFacing || allowedCidrs.length > 0,
      `${at}.allowedCidrs: an internet-facing balancer must say who may call it; 0.0.0.0/0 is everyone`,
    ),
    ...unless(
      !internetFacing ||
        settings.regions.every(({ network }) => network.kind === 'new' || network.publicSubnetIds.length > 0),
      `${at}.internetFacing: the existing network has no publicSubnetIds`,
    ),
    ...(listener.kind === 'https'
      ? regions.flatMap((region) =>
          unless(
            listener.certificateArns[region]?.startsWith('arn:') ?? false,
            `${at}.listener.certificateArns: no ARN for ${region}; certificates are regional`,
          ),
        )
      : []),
    ...(listener.kind === 'https'
      ? unless(
          /^[a-z0-9.-]+$/.test(listener.hostName),
          `${at}.listener.hostName: "${listener.hostName}" is not a host name`,
        )
      : []),
    ...unless(
      settings.operations.canary !== true || !internetFacing || allowedCidrs.includes('0.0.0.0/0'),
      'operations.canary: a Lambda outside the VPC has no fixed address, so allowedCidrs shuts it out; leave canary out',
    ),
  ];
}

function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}

function word(option: string, value: string, length: number): string[] {
  const fits = /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(value) && value.length <= length;
  return unless(
    fits,
    `${option}: "${value}" is not allowed; use up to ${length} lower-case letters, digits and inner hyphens`,
  );
}

function range(option: string, value: number, from: number, to: number): string[] {
  return unless(value >= from && value <= to, `${option}: ${value} is not allowed; use ${from} to ${to}`);
}

function integer(option: string, value: number, from: number, to: number): string[] {
  return Number.isInteger(value) ? range(option, value, from, to) : [`${option}: ${value} is not a whole number`];
}

function oneOf(option: string, value: number, allowed: readonly number[]): string[] {
  return unless(allowed.includes(value), `${option}: ${value} is not allowed; use one of ${allowed.join(', ')}`);
}

function identifier(option: string, value: string, prefix: string): string[] {
  return unless(
    new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(value),
    `${option}: "${value}" is not an id such as ${prefix}-0123456789abcdef0`,
  );
}

function duplicates(option: string, values: readonly string[]): string[] {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  return unless(twice === undefined, `${option}: "${twice}" is named twice`);
}

function cidr(option: string, value: string, from: number, to: number): string[] {
  const [address = '', prefix = ''] = value.split('/');
  const parts = address.split('.');
  const isAddress = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  const bits = Number(prefix);
  const fits = isAddress && /^\d{1,2}$/.test(prefix) && bits >= from && bits <= to;
  if (!fits) return [`${option}: "${value}" is not an IPv4 range from /${from} to /${to}`];
  const number = parts.reduce((sum, part) => sum * 256 + Number(part), 0);
  return unless(number % 2 ** (32 - bits) === 0, `${option}: "${value}" has bits set behind /${bits}`);
}
