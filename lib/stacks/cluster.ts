import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AlarmBehavior,
  Cluster,
  type ContainerImage,
  ContainerInsights,
  Secret as TaskSecret,
} from 'aws-cdk-lib/aws-ecs';
import type { AccessPoint, IFileSystem } from 'aws-cdk-lib/aws-efs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { containerPaths, containerPorts, containerUsers, starterVintage } from '../../contract/container.ts';
import { environment } from '../../contract/environment.ts';
import { createAccessPoint, createJobFilesAccessPoint } from '../constructs/access-point.ts';
import { NamedAuditArchive } from '../constructs/audit-archive.ts';
import { ClusterAlarms } from '../constructs/cluster-alarms.ts';
import { Firewall } from '../constructs/firewall.ts';
import { createImage } from '../constructs/image.ts';
import { LoadBalancer } from '../constructs/load-balancer.ts';
import { createLogGroup } from '../constructs/log-group.ts';
import type { Network } from '../constructs/network.ts';
import { grantNodePermissions, grantSecrets } from '../constructs/node-permissions.ts';
import { NodeService } from '../constructs/node-service.ts';
import { NamedTable, tableNames } from '../constructs/tables.ts';
import { type FilesMount, Task } from '../constructs/task.ts';
import { allowCallsToAws } from '../constructs/task-group.ts';
import type { ClusterSettings, NodeGroupSettings, NodeSettings } from '../settings.ts';
import type { FoundationStack } from './foundation.ts';
import { attachFileSystem } from './reference-data.ts';

export interface ClusterStackProps extends StackProps {
  readonly deployment: string;
  /** Deployment whose tables hold the configuration; most often the same one. */
  readonly tablesOf: string;
  /** Regions that share the configuration and of which one writes, at first the first; none where that is not so. */
  readonly homeRegions: readonly string[];
  /** Region whose nodes move old changes to the archive, the first of the tables, and the days these stay whole. */
  readonly audit: { readonly region: string | undefined; readonly days: number };
  readonly cluster: ClusterSettings;
  readonly network: Network;
  readonly foundation: FoundationStack;
  readonly referenceData: IFileSystem | { readonly fileSystemId: string; readonly securityGroupId: string };
  /** Undefined where nodes run no jobs. */
  readonly jobFiles: IFileSystem | undefined;
}

/** Nodes of one service with the target group that the balancer sees them in. */
export interface ServedNodes {
  /** `nodes`, or the name of the group. */
  readonly name: string;
  readonly service: NodeService;
  readonly targetGroup: ApplicationTargetGroup;
  readonly minimum: number;
}

/** One cluster: its balancer, its nodes and node groups, its first password. */
export class ClusterStack extends Stack {
  readonly clusterName: string;
  /** With the deployment before it: what secrets of its nodes begin with. */
  readonly fullName: string;
  /** Deployment whose tables hold the configuration. */
  readonly tablesOf: string;
  readonly settings: ClusterSettings;
  readonly cluster: Cluster;
  readonly loadBalancer: LoadBalancer;
  readonly nodeGroup: SecurityGroup;
  readonly administrator: Secret;
  readonly served: readonly ServedNodes[];
  private readonly props: ClusterStackProps;
  private readonly image: ContainerImage;
  private readonly fileSystem: IFileSystem;
  private readonly accessPoint: AccessPoint;
  private readonly jobFiles: FilesMount | undefined;
  private readonly nodeLogs;
  /** Undefined in regions whose nodes leave old changes to others. */
  private readonly auditArchive: NamedAuditArchive | undefined;

  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id, props);
    const { cluster, deployment, network, foundation } = props;
    const name = `${deployment}-${cluster.name}`;
    this.props = props;
    this.clusterName = cluster.name;
    this.fullName = name;
    this.tablesOf = props.tablesOf;
    this.settings = cluster;
    this.image = createImage(this, cluster.image);
    this.cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      enableFargateCapacityProviders: true,
      containerInsightsV2: ContainerInsights.ENHANCED,
    });
    this.nodeLogs = createLogGroup(this, 'NodeLogs', `${cluster.name}/nodes`, foundation.logs);
    this.fileSystem = 'securityGroupId' in props.referenceData ? this.attach(props.referenceData) : props.referenceData;
    this.accessPoint = createAccessPoint(this, this.fileSystem, containerUsers.node);
    this.jobFiles = this.attachJobFiles();
    const archives = props.audit.region === this.region;
    this.auditArchive = archives ? new NamedAuditArchive(this, props.tablesOf) : undefined;
    this.administrator = this.createAdministrator(name);
    this.loadBalancer = new LoadBalancer(this, 'LoadBalancer', {
      settings: cluster.loadBalancer,
      network,
      region: this.region,
      accessLogs: foundation.accessLogs,
      accessLogPrefix: name,
    });
    this.nodeGroup = this.createNodeGroup(name);
    this.served = [
      this.serveNodes(cluster.nodes),
      ...cluster.groups.map((group, index) => this.serveGroup(group, index)),
    ];
    this.guardDeployments();
    if (cluster.loadBalancer.firewall) {
      const loadBalancerArn = this.loadBalancer.balancer.loadBalancerArn;
      new Firewall(this, 'Firewall', { name, loadBalancerArn, logs: foundation.logs });
    }
    new CfnOutput(this, 'Url', { value: this.loadBalancer.url });
    new CfnOutput(this, 'FirstPasswordSecret', { value: this.administrator.secretArn });
  }

  private attach({ fileSystemId, securityGroupId }: { fileSystemId: string; securityGroupId: string }): IFileSystem {
    return attachFileSystem(this, fileSystemId, securityGroupId);
  }

  private attachJobFiles(): FilesMount | undefined {
    const { jobFiles: fileSystem, cluster } = this.props;
    if (!fileSystem) return undefined;
    return { fileSystem, accessPoint: createJobFilesAccessPoint(this, fileSystem, cluster.name), access: 'write' };
  }

  private createAdministrator(name: string): Secret {
    return new Secret(this, 'Administrator', {
      description: `First password of the user admin of ${name}`,
      // The password policy wants a special character; these few need no quoting in a shell.
      generateSecretString: { passwordLength: 32, excludeCharacters: `!"#$&'()*+,-./:;<=>?[\\]^_\`{|}~` },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private createNodeGroup(name: string): SecurityGroup {
    const group = new SecurityGroup(this, 'NodeGroup', {
      vpc: this.props.network.vpc,
      description: `Nodes of ${name}`,
      allowAllOutbound: false,
    });
    allowCallsToAws(group);
    group.connections.allowInternally(Port.tcp(containerPorts.service), 'A node forwards a call to another group');
    group.connections.allowToDefaultPort(this.fileSystem, 'Nodes read reference data');
    if (this.jobFiles) group.connections.allowToDefaultPort(this.jobFiles.fileSystem, 'Jobs read and write files');
    for (const port of Object.values(containerPorts)) {
      this.loadBalancer.balancer.connections.allowTo(group, Port.tcp(port), 'The balancer calls and checks nodes');
    }
    return group;
  }

  private serveNodes(nodes: NodeSettings): ServedNodes {
    const service = this.createService('Nodes', nodes, {});
    const targetGroup = this.loadBalancer.addDefaultTarget(target(service));
    service.scaleOn(targetGroup);
    return { name: 'nodes', service, targetGroup, minimum: nodes.minimum };
  }

  private serveGroup({ name, services, nodes }: NodeGroupSettings, index: number): ServedNodes {
    const service = this.createService(`Group-${name}`, nodes, {
      [environment.nodeGroup]: name,
      [environment.services]: services.join(','),
      // A group answers its services; runs are the work of the nodes that have all of them.
      [environment.jobRuns]: '0',
    });
    const targetGroup = this.loadBalancer.addGroupTarget(name, services, index, target(service));
    service.scaleOn(targetGroup);
    return { name, service, targetGroup, minimum: nodes.minimum };
  }

  private createService(id: string, nodes: NodeSettings, extra: Readonly<Record<string, string>>): NodeService {
    const task = new Task(this, `${id}Task`, {
      image: this.image,
      role: 'node',
      vcpu: nodes.vcpu,
      memoryMiB: nodes.memoryMiB,
      logGroup: this.nodeLogs,
      ports: Object.entries(containerPorts).map(([name, containerPort]) => ({ name, containerPort })),
      environment: { ...this.nodeEnvironment(nodes), ...extra },
      secrets: { [environment.adminPassword]: TaskSecret.fromSecretsManager(this.administrator) },
      referenceData: { fileSystem: this.fileSystem, accessPoint: this.accessPoint, access: 'read' },
      jobFiles: this.jobFiles,
    });
    const { network, tablesOf, homeRegions } = this.props;
    const names = tableNames(tablesOf);
    // Home can be moved to any of the regions, and every node writes where home is.
    const configurations = [...new Set([this.region, ...homeRegions])].map(
      (region) => new NamedTable(this, names.configuration, region),
    );
    grantNodePermissions(task, this.cluster, configurations, new NamedTable(this, names.runtime));
    grantSecrets(task, this.fullName);
    this.auditArchive?.grantPut(task.definition.taskRole);
    return new NodeService(this, id, { cluster: this.cluster, task, nodes, network, securityGroup: this.nodeGroup });
  }

  private nodeEnvironment(nodes: NodeSettings): Record<string, string> {
    const { tablesOf, homeRegions } = this.props;
    const names = tableNames(tablesOf);
    const [home] = homeRegions;
    return {
      ...(home ? { [environment.region]: this.region, [environment.homeRegion]: home } : {}),
      [environment.clusterName]: this.clusterName,
      [environment.host]: '0.0.0.0',
      [environment.port]: String(containerPorts.service),
      [environment.healthPort]: String(containerPorts.health),
      [environment.configurationTable]: names.configuration,
      [environment.runtimeTable]: names.runtime,
      [environment.healthOnMainPort]: 'false',
      [environment.referenceData]: containerPaths.referenceData,
      [environment.starterDatabase]: `${starterVintage.database}/${starterVintage.vintage}`,
      ...(this.auditArchive ? { [environment.auditArchive]: this.auditArchive.location } : {}),
      [environment.auditDays]: String(this.props.audit.days),
      ...(this.jobFiles ? { [environment.jobFiles]: containerPaths.jobFiles } : {}),
      [environment.processes]: String(nodes.processes),
      [environment.logLevel]: 'info',
    };
  }

  private guardDeployments(): void {
    const alarms = new ClusterAlarms(this, 'Alarms', {
      name: this.fullName,
      balancer: this.loadBalancer.balancer,
      targets: this.served.map(({ name, targetGroup, minimum }) => ({ name, group: targetGroup, minimum })),
      topic: this.props.foundation.alarmTopic,
    });
    for (const { service } of this.served) {
      service.service.enableDeploymentAlarms(Object.keys(alarms.deployment), {
        behavior: AlarmBehavior.ROLLBACK_ON_ALARM,
      });
      // Names of literal text, since a reference to the alarms could close a circle; so their order has to be said.
      service.service.node.addDependency(...Object.values(alarms.deployment));
    }
  }
}

function target({ service }: NodeService) {
  return service.loadBalancerTarget({ containerName: 'node', containerPort: containerPorts.service });
}
