/**
 * One deployment: everything that is created together under one name. Costs are us-east-1, per month; the table for each
 * example is in docs/costs.md.
 */
export interface DeploymentSettings {
  /** Prefix of every stack, table and log group: lower-case letters, digits and hyphens, at most 20. No default. */
  readonly name: string;
  /** Twelve digits; `undefined` (default) deploys into the account of the caller's credentials. */
  readonly account: string | undefined;
  /** Installation scenario, held against the rest of the settings. Default `cluster`. */
  readonly scenario: Scenario;
  /** Home region first, then replicas; every cluster runs in each of them. No default. */
  readonly regions: readonly RegionSettings[];
  /** The configuration database. Default: its own stack, one region writes. */
  readonly configuration: ConfigurationSettings;
  /** Clusters that share the regions' networks and reference data. Default one, named `main`; may be empty. */
  readonly clusters: readonly ClusterSettings[];
  readonly operations: OperationsSettings;
  /** The files that jobs on the nodes read and write. Default: new ones in every region; none without clusters. */
  readonly jobFiles: JobFilesSettings;
  /** Very large jobs as many tasks of the node image. Default `undefined`: none; costs nothing while no job runs. */
  readonly largeJobs: LargeJobSettings | undefined;
  /** Days that logs are kept: one of CloudWatch's periods. Default 90; $0.03 a GB. */
  readonly logRetentionDays: number;
}

export type Scenario = 'standard' | 'cluster' | 'remote-servers' | 'separated-configuration';

export interface RegionSettings {
  /** Such as `us-east-1`. No default. */
  readonly region: string;
  /** Default: a new network over two zones, closed. */
  readonly network: NetworkSettings;
  /** Default: a new file system in the home region, a replica of it in the second. */
  readonly referenceData: ReferenceDataSettings;
}

export type NetworkSettings = NewNetworkSettings | ExistingNetworkSettings;

export interface NewNetworkSettings {
  readonly kind: 'new';
  /** Private IPv4 range, /16 to /22. Default `10.20.0.0/16`, the second region `10.21.0.0/16` and so on. */
  readonly cidr: string;
  /** Two or three zones; one only in scenario `standard`. Default: two zones every account of the region has. */
  readonly availabilityZones: readonly string[];
  /**
   * How nodes reach AWS. `endpoints` (default): isolated subnets, no way to the internet, about $7.30 an endpoint and zone.
   * `nat`: one gateway a zone, about $33 each and $0.045 a GB; flows may then call services on the internet. Several
   * regions with one home need it: endpoints lead to their own region only.
   */
  readonly outbound: 'endpoints' | 'nat';
  /** Gateways with `outbound: 'nat'`. Default one a zone; `1` halves the price and ties all zones to one. */
  readonly natGateways: number;
}

interface ExistingNetworkSettings {
  readonly kind: 'existing';
  readonly vpcId: string;
  /** The VPC's IPv4 range; security groups name it. */
  readonly cidr: string;
  readonly availabilityZones: readonly string[];
  /** One private subnet a zone, in the zones' order. They must reach the AWS services listed in docs/deployment.md. */
  readonly nodeSubnetIds: readonly string[];
  /** One public subnet a zone; empty (default) when every balancer is internal. */
  readonly publicSubnetIds: readonly string[];
}

export type ReferenceDataSettings =
  | NewReferenceDataSettings
  | { readonly kind: 'replica' }
  | AttachedReferenceDataSettings
  | { readonly kind: 'none' };

export interface NewReferenceDataSettings {
  readonly kind: 'new';
  /**
   * `elastic` (default): no limit to plan for, $0.03 a GB read past the page cache and $0.06 a GB written.
   * `bursting`: no charge for reading, 50 KiB/s a stored GiB; for small data only.
   */
  readonly throughput: 'elastic' | 'bursting';
  /** Days that nightly backups are kept; 0 makes none. Default 35; $0.05 a GB. */
  readonly backupDays: number;
  /** Accounts that may mount through an access point of their own in subnets shared with them. Default none. */
  readonly sharedWithAccounts: readonly string[];
}

/** A file system of another deployment or account: four lines attach to it. */
export interface AttachedReferenceDataSettings {
  readonly kind: 'attached';
  readonly fileSystemId: string;
  /** Security group of its mount targets; one rule is added to it. */
  readonly securityGroupId: string;
}

export type ConfigurationSettings = OwnConfigurationSettings | SeparatedConfigurationSettings;

export interface OwnConfigurationSettings {
  readonly kind: 'own';
  /**
   * `home` (default): one region accepts writes, at first the first one, and nodes of the others write there; replicas
   * follow, usually within a second.
   * `strong`: write in any region, nothing is lost with a region; exactly three regions, a write waits for a second one.
   */
  readonly consistency: 'home' | 'strong';
  /** Third region of `strong` when only two run nodes: it stores, and answers nobody. Default none. */
  readonly witnessRegion: string | undefined;
  /** Days that the table can be restored to any second. Default 35; $0.20 a GB. */
  readonly recoveryDays: number;
  /** Days that a change stays whole in the table; then it moves to a bucket of the first region. Default 90. */
  readonly auditDays: number;
  /** Days that the bucket keeps it. Default 2557, seven years; $0.023 a GB. */
  readonly archiveDays: number;
}

/** Tables that another deployment made, with a lifecycle of their own. */
interface SeparatedConfigurationSettings {
  readonly kind: 'separated';
  /** Its `name`; its tables are `<name>-configuration` and `<name>-runtime`. */
  readonly deployment: string;
  /** As that deployment has it. Default `home`. */
  readonly consistency: 'home' | 'strong';
  /** Regions of its tables, home first. Default: the regions of this deployment. */
  readonly tableRegions: readonly string[];
  /** Days that a change stays whole in the table; then nodes of its first region move it to its bucket. Default 90. */
  readonly auditDays: number;
}

export interface ClusterSettings {
  /** Lower-case letters, digits and hyphens, at most 15. No default. */
  readonly name: string;
  /** Nodes that run every service. */
  readonly nodes: NodeSettings;
  /** Remote servers: groups that run chosen services apart. Default none. */
  readonly groups: readonly NodeGroupSettings[];
  readonly loadBalancer: LoadBalancerSettings;
  readonly image: ImageSettings;
}

export interface NodeSettings {
  /** 0.25, 0.5, 1, 2, 4, 8 or 16. Default 1; $23.60 (arm64). */
  readonly vcpu: number;
  /** Default 2048; $2.60 a GiB. Fargate pairs it with vcpu. */
  readonly memoryMiB: number;
  /** Nodes that always run. Default 2, in scenario `standard` 1. */
  readonly minimum: number;
  /** Nodes at the highest load. Default three times the minimum, in scenario `standard` 1. */
  readonly maximum: number;
  /** CPU use, percent, at which a node is added. Default 60. */
  readonly cpuPercent: number;
  /** Requests a minute and node at which a node is added. Default 30000. */
  readonly requestsPerMinute: number;
  /** Percent of the nodes above the minimum that run on Spot, about 70 % cheaper and stopped at two minutes' notice. Default 0. */
  readonly spotPercent: number;
  /** Worker processes of a node. Default 1; more make sense from 2 vcpu on. */
  readonly processes: number;
}

export interface NodeGroupSettings {
  /** Lower-case letters, digits and hyphens, at most 10. */
  readonly name: string;
  /** Services it runs, by their published names. */
  readonly services: readonly string[];
  readonly nodes: NodeSettings;
}

export interface LoadBalancerSettings {
  /** `true` answers on the internet. Default `false`: only inside the VPC and what is joined to it. */
  readonly internetFacing: boolean;
  /** No default: an encrypted listener needs a certificate, a plain one must be asked for. */
  readonly listener: ListenerSettings;
  /** Callers' IPv4 ranges. Default: the VPC's own. */
  readonly allowedCidrs: readonly string[];
  /** AWS WAF with the common rules and a limit a caller. Default `false`; $8 and $0.60 a million requests. */
  readonly firewall: boolean;
}

type ListenerSettings =
  | { readonly kind: 'https'; readonly certificateArns: CertificateArns; readonly hostName: string }
  | { readonly kind: 'http' };

/** ARN of the certificate by region: certificates are regional. */
type CertificateArns = Readonly<Record<string, string>>;

export type ImageSettings =
  /** Default: built from this repository's Dockerfile at deployment. */
  | { readonly kind: 'build' }
  /** An image of your own in this account's registry: `repository` and `tag`. */
  | { readonly kind: 'repository'; readonly repository: string; readonly tag: string };

export interface OperationsSettings {
  /** Who is told of alarms; `undefined` (default) leaves the topic without subscribers. */
  readonly alarmEmail: string | undefined;
  /** A real call through the public URL every minute. Default: wherever a Lambda can reach the balancer; $0.30. */
  readonly canary: boolean | undefined;
  /** Stops a node that stays unhealthy though ECS thinks it healthy, at most one in ten minutes. Default `false`. */
  readonly stopUnhealthyNodes: boolean;
  /** Proven clock difference between two nodes, milliseconds, that raises the alarm. Default 100. */
  readonly clockSkewMs: number;
}

/** `none` leaves the clusters without jobs and schedules: they only answer requests. */
type JobFilesSettings = NewJobFilesSettings | { readonly kind: 'none' };

/** A file system a region, apart from the reference data, with a folder for each cluster; $0.30 a GB. */
export interface NewJobFilesSettings {
  readonly kind: 'new';
  /** `elastic` (default): $0.03 a GB read and $0.06 a GB written. `bursting`: neither, and 50 KiB/s a stored GiB. */
  readonly throughput: 'elastic' | 'bursting';
  /** Days that nightly backups are kept; 0 makes none. Default 35; $0.05 a GB. */
  readonly backupDays: number;
}

export interface LargeJobSettings {
  /** Tasks at once, 1 to 5000. Default 50; the account's Fargate quota must allow them. */
  readonly maximumTasks: number;
  /** Percent of partitions that may fail before the run does. Default 0. */
  readonly toleratedFailurePercent: number;
  /** Hours after which a run is stopped. Default 24. */
  readonly timeoutHours: number;
  readonly vcpu: number;
  readonly memoryMiB: number;
}

type Optional<T, Required extends keyof T> = Pick<T, Required> & Partial<Omit<T, Required>>;
export type NodeInput = Partial<NodeSettings>;
type NodeGroupInput = Pick<NodeGroupSettings, 'name' | 'services'> & { readonly nodes?: NodeInput };
type LoadBalancerInput = Optional<LoadBalancerSettings, 'listener'>;
type NetworkInput = Optional<NewNetworkSettings, 'kind'> | Optional<ExistingNetworkSettings, ExistingRequired>;
type ExistingRequired = Exclude<keyof ExistingNetworkSettings, 'publicSubnetIds'>;
export type ReferenceDataInput =
  | Optional<NewReferenceDataSettings, 'kind'>
  | Exclude<ReferenceDataSettings, { kind: 'new' }>;
type ConfigurationInput =
  | Optional<OwnConfigurationSettings, 'kind'>
  | Optional<SeparatedConfigurationSettings, 'kind' | 'deployment'>;

export type JobFilesInput = Optional<NewJobFilesSettings, 'kind'> | { readonly kind: 'none' };

export interface ClusterInput {
  readonly name: string;
  readonly loadBalancer: LoadBalancerInput;
  readonly nodes?: NodeInput;
  readonly groups?: readonly NodeGroupInput[];
  readonly image?: ImageSettings;
}

export interface RegionInput {
  readonly region: string;
  readonly network?: NetworkInput;
  readonly referenceData?: ReferenceDataInput;
}

/** What a file of `config/` writes: everything that has no default, and what differs from the defaults. */
export interface DeploymentInput {
  readonly name: string;
  readonly regions: readonly RegionInput[];
  readonly clusters: readonly ClusterInput[];
  readonly account?: string;
  readonly scenario?: Scenario;
  readonly configuration?: ConfigurationInput;
  readonly operations?: Partial<OperationsSettings>;
  readonly jobFiles?: JobFilesInput;
  readonly largeJobs?: Partial<LargeJobSettings>;
  readonly logRetentionDays?: number;
}
