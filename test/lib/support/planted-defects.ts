import type { Properties, Resource, Template } from './synthesis.ts';

/** One defect, planted into a copy of a template that is otherwise right. */
export interface PlantedDefect {
  readonly name: string;
  /** End of the stack's name in the templates it is planted into. */
  readonly stack: keyof typeof plantedStacks;
  plant(template: Template): void;
}

/** Configuration and stack that each defect goes into. */
export const plantedStacks = {
  network: { config: 'closed-network', stack: 'spectrum-network' },
  data: { config: 'closed-network', stack: 'spectrum-reference-data' },
  jobFiles: { config: 'closed-network', stack: 'spectrum-job-files' },
  tables: { config: 'two-regions', stack: 'spectrum-configuration' },
  strong: { config: 'three-regions-strong', stack: 'spectrum-configuration' },
  cluster: { config: 'closed-network', stack: 'spectrum-main' },
  operations: { config: 'closed-network', stack: 'spectrum-operations' },
  jobs: { config: 'closed-network', stack: 'spectrum-large-jobs' },
  foundation: { config: 'closed-network', stack: 'spectrum-foundation' },
} as const;

/** First resource of the type; `id` narrows to logical ids that contain it. */
function first(template: Template, type: string, id = ''): Resource {
  const found = Object.entries(template.Resources).find(([name, { Type }]) => Type === type && name.includes(id));
  if (!found) throw new Error(`no ${type} to plant a defect into`);
  return found[1];
}

function set(type: string, change: (properties: Properties, template: Template) => void, id = '') {
  return (template: Template) => change(first(template, type, id).Properties, template);
}

const task = 'AWS::ECS::TaskDefinition';
const service = 'AWS::ECS::Service';
const group = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const balancer = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const table = 'AWS::DynamoDB::GlobalTable';
const files = 'AWS::EFS::FileSystem';
const policy = 'AWS::IAM::Policy';
const lambda = 'AWS::Lambda::Function';
const alarm = 'AWS::CloudWatch::Alarm';
const subnet = 'AWS::EC2::Subnet';
const schedule = 'AWS::Scheduler::Schedule';
const machine = 'AWS::StepFunctions::StateMachine';
const firewallRules = 'AWS::EC2::SecurityGroup';

function setAttribute(list: string, key: string, value: string) {
  return (properties: Properties) => {
    properties[list] = [
      ...properties[list].filter((attribute: Properties) => attribute.Key !== key),
      { Key: key, Value: value },
    ];
  };
}

function changeDefinition(properties: Properties, from: RegExp, to: string): void {
  const text = JSON.stringify(properties.DefinitionString);
  if (!from.test(text)) throw new Error(`${from} is not in the definition`);
  properties.DefinitionString = JSON.parse(text.replace(from, to));
}

/** The 46 of the experiment that showed how few defects the default checks find. */
export const experimentDefects: readonly PlantedDefect[] = [
  {
    name: 'Fargate CPU and memory that do not go together',
    stack: 'cluster',
    plant: set(task, (p) => {
      p.Memory = '9000';
    }),
  },
  {
    name: 'property that does not exist',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.DesireCount = 2;
    }),
  },
  {
    name: 'value outside an enumeration',
    stack: 'data',
    plant: set(files, (p) => {
      p.ThroughputMode = 'elastik';
    }),
  },
  {
    name: 'text where a number belongs',
    stack: 'cluster',
    plant: set(group, (p) => {
      p.HealthCheckIntervalSeconds = 'five';
    }),
  },
  {
    name: 'balancer in one subnet',
    stack: 'cluster',
    plant: set(balancer, (p) => {
      p.Subnets = p.Subnets.slice(0, 1);
    }),
  },
  {
    name: 'HTTPS without a certificate',
    stack: 'cluster',
    plant: set(
      'AWS::ElasticLoadBalancingV2::Listener',
      (p) => {
        delete p.Certificates;
      },
      'Encrypted',
    ),
  },
  {
    name: 'Ref to nothing',
    stack: 'data',
    plant: set('AWS::EFS::AccessPoint', (p) => {
      p.FileSystemId = { Ref: 'Nothing' };
    }),
  },
  {
    name: 'GetAtt of an unknown attribute',
    stack: 'data',
    plant: set('AWS::EFS::MountTarget', (p) => {
      p.SecurityGroups = [{ 'Fn::GetAtt': [p.SecurityGroups[0]['Fn::GetAtt'][0], 'GroupIdd'] }];
    }),
  },
  {
    name: 'misspelt Effect of a policy',
    stack: 'cluster',
    plant: set(policy, (p) => {
      p.PolicyDocument.Statement[0].Effect = 'Alow';
    }),
  },
  {
    name: 'misspelt condition operator',
    stack: 'operations',
    plant: set(
      policy,
      (p) => {
        conditioned(p).Condition = { StringEqualls: { 'ecs:cluster': 'x' } };
      },
      'nodehealth',
    ),
  },
  {
    name: 'Lambda runtime that does not exist',
    stack: 'operations',
    plant: set(lambda, (p) => {
      p.Runtime = 'nodejs99.x';
    }),
  },
  {
    name: 'Lambda runtime that is no longer offered',
    stack: 'operations',
    plant: set(lambda, (p) => {
      p.Runtime = 'nodejs12.x';
    }),
  },
  {
    name: 'Lambda with 64 MB',
    stack: 'operations',
    plant: set(lambda, (p) => {
      p.MemorySize = 64;
    }),
  },
  {
    name: 'alarm operator that does not exist',
    stack: 'operations',
    plant: set(alarm, (p) => {
      p.ComparisonOperator = 'GreaterThan';
    }),
  },
  {
    name: 'lifecycle that does not exist',
    stack: 'data',
    plant: set(files, (p) => {
      p.LifecyclePolicies = [{ TransitionToIA: 'AFTER_8_DAYS' }];
    }),
  },
  {
    name: 'subnets that overlap',
    stack: 'network',
    plant: (t) => {
      const [a, b] = subnets(t);
      if (a && b) b.CidrBlock = a.CidrBlock;
    },
  },
  {
    name: 'subnet outside its VPC',
    stack: 'network',
    plant: set(subnet, (p) => {
      p.CidrBlock = '172.31.0.0/24';
    }),
  },
  { name: 'circle of dependencies', stack: 'data', plant: plantCircle },
  {
    name: 'misspelt IAM action',
    stack: 'cluster',
    plant: set(
      policy,
      (p) => {
        withActions(p).Action = ['dynamodb:Qerry'];
      },
      'TaskRole',
    ),
  },
  {
    name: 'misspelt IAM service',
    stack: 'cluster',
    plant: set(
      policy,
      (p) => {
        withActions(p).Action = ['dynamdb:Query'];
      },
      'TaskRole',
    ),
  },
  {
    name: 'port 70000',
    stack: 'network',
    plant: set(firewallRules, (p) => {
      p.SecurityGroupIngress[0].FromPort = 70_000;
    }),
  },
  {
    name: 'stop timeout of 300 s',
    stack: 'cluster',
    plant: set(task, (p) => {
      p.ContainerDefinitions[0].StopTimeout = 300;
    }),
  },
  {
    name: 'ephemeral storage of 10 GiB',
    stack: 'cluster',
    plant: set(task, (p) => {
      p.EphemeralStorage = { SizeInGiB: 10 };
    }),
  },
  {
    name: 'mount of an unknown volume',
    stack: 'cluster',
    plant: set(task, (p) => {
      p.ContainerDefinitions[0].MountPoints[0].SourceVolume = 'scrtach';
    }),
  },
  {
    name: 'IAM authorisation without TLS',
    stack: 'cluster',
    plant: set(task, (p) => {
      delete efsVolume(p).TransitEncryption;
    }),
  },
  {
    name: 'root directory beside an access point',
    stack: 'cluster',
    plant: set(task, (p) => {
      efsVolume(p).RootDirectory = '/databases';
    }),
  },
  {
    name: 'balancer names an unknown container',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.LoadBalancers[0].ContainerName = 'web';
    }),
  },
  {
    name: 'balancer names a port the container has not',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.LoadBalancers[0].ContainerPort = 8088;
    }),
  },
  {
    name: 'zone rebalancing with at most 100 percent',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.DeploymentConfiguration.MaximumPercent = 100;
    }),
  },
  {
    name: 'slow start with least outstanding requests',
    stack: 'cluster',
    plant: set(group, setAttribute('TargetGroupAttributes', 'slow_start.duration_seconds', '60')),
  },
  {
    name: 'target group attribute that does not exist',
    stack: 'cluster',
    plant: set(group, setAttribute('TargetGroupAttributes', 'deregistration_delay.timeout', '15')),
  },
  {
    name: 'health check that outlasts its interval',
    stack: 'cluster',
    plant: set(group, (p) => {
      p.HealthCheckTimeoutSeconds = 30;
    }),
  },
  {
    name: 'instance targets for Fargate',
    stack: 'cluster',
    plant: set(group, (p) => {
      p.TargetType = 'instance';
    }),
  },
  {
    name: 'table key without a definition',
    stack: 'tables',
    plant: set(table, (p) => {
      p.KeySchema[1].AttributeName = 'sort';
    }),
  },
  {
    name: 'attribute definition that no key uses',
    stack: 'tables',
    plant: set(table, (p) => {
      p.AttributeDefinitions.push({ AttributeName: 'kind', AttributeType: 'S' });
    }),
  },
  {
    name: 'strong consistency with expiry',
    stack: 'strong',
    plant: set(
      table,
      (p) => {
        p.TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
      },
      'Configuration',
    ),
  },
  {
    name: 'strong consistency in two regions',
    stack: 'strong',
    plant: set(
      table,
      (p) => {
        p.Replicas.pop();
      },
      'Configuration',
    ),
  },
  {
    name: 'strong consistency in a region without it',
    stack: 'strong',
    plant: set(
      table,
      (p) => {
        p.Replicas[1].Region = 'sa-east-1';
      },
      'Configuration',
    ),
  },
  {
    name: 'provisioned table without capacity',
    stack: 'tables',
    plant: set(table, (p) => {
      p.BillingMode = 'PROVISIONED';
    }),
  },
  {
    name: "table without a replica in the stack's region",
    stack: 'tables',
    plant: set(
      table,
      (p) => {
        p.Replicas = p.Replicas.filter(({ Region }: Properties) => Region !== 'us-east-1');
      },
      'Configuration',
    ),
  },
  {
    name: 'replicas without a stream',
    stack: 'tables',
    plant: set(
      table,
      (p) => {
        delete p.StreamSpecification;
      },
      'Configuration',
    ),
  },
  {
    name: 'provisioned throughput without its amount',
    stack: 'data',
    plant: set(files, (p) => {
      p.ThroughputMode = 'provisioned';
    }),
  },
  {
    name: 'elastic throughput with maxIO',
    stack: 'data',
    plant: set(files, (p) => {
      p.PerformanceMode = 'maxIO';
    }),
  },
  {
    name: 'schedule that cannot be read',
    stack: 'operations',
    plant: set(schedule, (p) => {
      p.ScheduleExpression = 'rate(1 minuet)';
    }),
  },
  {
    name: 'StartAt names no state',
    stack: 'jobs',
    plant: set(machine, (p) => changeDefinition(p, /StartAt\\":\\"PlanBegins/, 'StartAt\\":\\"PlanBegin')),
  },
  {
    name: 'VPC of /8',
    stack: 'network',
    plant: set('AWS::EC2::VPC', (p) => {
      p.CidrBlock = '10.0.0.0/8';
    }),
  },
];

/** What else would hurt here. */
export const ownDefects: readonly PlantedDefect[] = [
  {
    name: 'anyone may write the reference data',
    stack: 'data',
    plant: set(files, (p) => {
      p.FileSystemPolicy.Statement.push({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['elasticfilesystem:ClientWrite', 'elasticfilesystem:ClientRootAccess'],
        Condition: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } },
      });
    }),
  },
  {
    name: 'policy that no longer denies writing',
    stack: 'data',
    plant: set(files, (p) => {
      p.FileSystemPolicy.Statement = p.FileSystemPolicy.Statement.filter(
        ({ Sid }: Properties) => Sid !== 'OnlyTheLoaderWrites',
      );
    }),
  },
  {
    name: 'files without encryption',
    stack: 'data',
    plant: set(files, (p) => {
      p.Encrypted = false;
    }),
  },
  {
    name: 'files deleted with their stack',
    stack: 'data',
    plant: (t) => Object.assign(first(t, files), { DeletionPolicy: 'Delete' }),
  },
  {
    name: 'table deleted with its stack',
    stack: 'tables',
    plant: (t) => Object.assign(first(t, table), { DeletionPolicy: 'Delete' }),
  },
  {
    name: 'copy without deletion protection',
    stack: 'tables',
    plant: set(
      table,
      (p) => {
        p.Replicas[1].DeletionProtectionEnabled = false;
      },
      'Configuration',
    ),
  },
  {
    name: 'writable root file system',
    stack: 'cluster',
    plant: set(task, (p) => {
      p.ContainerDefinitions[0].ReadonlyRootFilesystem = false;
    }),
  },
  {
    name: 'container as root',
    stack: 'cluster',
    plant: set(task, (p) => {
      p.ContainerDefinitions[0].User = '0:0';
    }),
  },
  {
    name: 'privileged container',
    stack: 'cluster',
    plant: set(task, (p) => {
      p.ContainerDefinitions[0].Privileged = true;
    }),
  },
  {
    name: 'node with writable reference data',
    stack: 'cluster',
    plant: set(task, (p) => {
      for (const mount of p.ContainerDefinitions[0].MountPoints) mount.ReadOnly = false;
    }),
  },
  {
    name: 'password in a plain variable',
    stack: 'cluster',
    plant: set(task, (p) => {
      p.ContainerDefinitions[0].Environment.push({ Name: 'SPECTRUM_ADMIN_PASSWORD', Value: 'x' });
    }),
  },
  {
    name: 'no rollback of a failed deployment',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.DeploymentConfiguration.DeploymentCircuitBreaker.Rollback = false;
    }),
  },
  {
    name: 'count that undoes the scaling',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.DesiredCount = 2;
    }),
  },
  {
    name: 'nodes with public addresses',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp = 'ENABLED';
    }),
  },
  {
    name: 'commands in nodes',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.EnableExecuteCommand = true;
    }),
  },
  {
    name: 'two bases',
    stack: 'cluster',
    plant: set(service, (p) => {
      p.CapacityProviderStrategy.push({ CapacityProvider: 'FARGATE_SPOT', Base: 1, Weight: 1 });
    }),
  },
  {
    name: 'capacity provider that the cluster does not offer',
    stack: 'cluster',
    plant: set('AWS::ECS::ClusterCapacityProviderAssociations', (p) => {
      p.CapacityProviders = ['FARGATE_SPOT'];
    }),
  },
  {
    name: 'draining that outlasts the stop timeout',
    stack: 'cluster',
    plant: set(group, setAttribute('TargetGroupAttributes', 'deregistration_delay.timeout_seconds', '300')),
  },
  {
    name: 'health check of another path',
    stack: 'cluster',
    plant: set(group, (p) => {
      p.HealthCheckPath = '/';
    }),
  },
  {
    name: 'balancer without access logs',
    stack: 'cluster',
    plant: set(balancer, setAttribute('LoadBalancerAttributes', 'access_logs.s3.enabled', 'false')),
  },
  {
    name: 'balancer that waits longer than the nodes',
    stack: 'cluster',
    plant: set(balancer, setAttribute('LoadBalancerAttributes', 'idle_timeout.timeout_seconds', '120')),
  },
  {
    name: 'nodes open to an address range',
    stack: 'cluster',
    plant: set('AWS::EC2::SecurityGroupIngress', (p) => {
      delete p.SourceSecurityGroupId;
      p.CidrIp = '10.0.0.0/8';
    }),
  },
  {
    name: 'port that nothing listens on',
    stack: 'cluster',
    plant: set('AWS::EC2::SecurityGroupIngress', (p) => {
      p.FromPort = 22;
      p.ToPort = 22;
    }),
  },
  {
    name: 'alarm that tells nobody',
    stack: 'operations',
    plant: set(alarm, (p) => {
      p.AlarmActions = [];
    }),
  },
  {
    name: 'alarm without an article',
    stack: 'operations',
    plant: set(alarm, (p) => {
      p.AlarmDescription = 'Something is wrong';
    }),
  },
  {
    name: 'log group for ever',
    stack: 'operations',
    plant: set('AWS::Logs::LogGroup', (p) => {
      delete p.RetentionInDays;
    }),
  },
  {
    name: 'log group without a key',
    stack: 'cluster',
    plant: set('AWS::Logs::LogGroup', (p) => {
      delete p.KmsKeyId;
    }),
  },
  {
    name: 'state machine without an end',
    stack: 'data',
    // The last limit is the machine's own; those before it are of its states.
    plant: set(machine, (p) => changeDefinition(p, /,?\\"TimeoutSeconds\\":\d+(?!.*TimeoutSeconds)/, '')),
  },
  {
    name: 'state that goes on to nowhere',
    stack: 'data',
    plant: set(machine, (p) => changeDefinition(p, /Next\\":\\"LoadFailed/, 'Next\\":\\"LoadFailet')),
  },
  {
    name: 'choice that goes on to nowhere',
    stack: 'data',
    plant: set(machine, (p) => changeDefinition(p, /Default\\":\\"LoadWaits/, 'Default\\":\\"LoadWait')),
  },
  {
    name: 'permission without a bound',
    stack: 'cluster',
    plant: set(
      policy,
      (p) => {
        Object.assign(withActions(p), { Resource: '*' });
      },
      'TaskRole',
    ),
  },
  {
    name: 'node that writes files through any access point',
    stack: 'cluster',
    plant: set(
      policy,
      (p) => {
        delete withActions(p, 'elasticfilesystem:ClientWrite').Condition;
      },
      'TaskRole',
    ),
  },
  {
    name: 'job files mounted without an access point',
    stack: 'jobFiles',
    plant: set(files, (p) => {
      p.FileSystemPolicy.Statement = p.FileSystemPolicy.Statement.filter(
        ({ Sid }: Properties) => Sid !== 'OnlyThroughAnAccessPoint',
      );
    }),
  },
  {
    name: 'secret deleted with its stack',
    stack: 'cluster',
    plant: (t) => Object.assign(first(t, 'AWS::SecretsManager::Secret'), { DeletionPolicy: 'Delete' }),
  },
  {
    name: 'key deleted with its stack',
    stack: 'foundation',
    plant: (t) => Object.assign(first(t, 'AWS::KMS::Key'), { DeletionPolicy: 'Delete' }),
  },
  {
    name: 'mount without an access point',
    stack: 'cluster',
    plant: set(task, (p) => {
      delete efsVolume(p).AuthorizationConfig;
    }),
  },
  {
    name: 'policy that allows all but what it names',
    stack: 'cluster',
    plant: set(
      policy,
      (p) => {
        const statement = withActions(p);
        statement.NotAction = statement.Action;
        delete statement.Action;
      },
      'TaskRole',
    ),
  },
  {
    name: 'subnet that gives public addresses',
    stack: 'network',
    plant: set(subnet, (p) => {
      p.MapPublicIpOnLaunch = true;
    }),
  },
  {
    name: 'definition that is not JSON',
    stack: 'data',
    plant: set(machine, (p) => {
      p.DefinitionString = '{"StartAt":';
    }),
  },
];

function conditioned(properties: Properties): Properties {
  return properties.PolicyDocument.Statement.find(({ Condition }: Properties) => Condition);
}

function withActions(properties: Properties, action = 'dynamodb:PutItem'): Properties {
  return properties.PolicyDocument.Statement.find(({ Action }: Properties) => JSON.stringify(Action).includes(action));
}

function efsVolume(properties: Properties): Properties {
  const volume = properties.Volumes.find((candidate: Properties) => candidate.EFSVolumeConfiguration);
  return volume.EFSVolumeConfiguration;
}

function subnets({ Resources }: Template): Properties[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === subnet)
    .map(({ Properties }) => Properties);
}

function plantCircle({ Resources }: Template): void {
  const ids = (type: string) => Object.keys(Resources).filter((id) => Resources[id]?.Type === type);
  const [filesId] = ids(files);
  const [pointId] = ids('AWS::EFS::AccessPoint');
  if (filesId && pointId) Object.assign(Resources[filesId] ?? {}, { DependsOn: [pointId] });
}
