import { type App, Stack, Validations } from 'aws-cdk-lib';
import { formatArchivedObjects } from './constructs/audit-archive.ts';
import { formatReadableSecrets } from './constructs/node-permissions.ts';
import { ClusterStack } from './stacks/cluster.ts';

/** One finding that is known, looked at and left; a test fails when it no longer occurs. */
export interface Acknowledgement {
  /** Of the construct that the finding names, its stack's name included. */
  readonly path: RegExp;
  readonly id: string;
  readonly reason: string;
}

// The id is what cdk-nag makes of the resource: {region} stands for the stack's, {archived} for what its
// nodes archive, {secrets} for the secrets that they may read.
const distributedMapExecutions =
  'arn:aws:states:{region}:<AWS::AccountId>:execution:{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"LargeJobsStateMachine2A4EC06C"}]}]}';

/** Every finding that is acknowledged, with why. */
export const acknowledgements: readonly Acknowledgement[] = [
  {
    path: /\/Network\/Vpc\/\w+Subnet\d\/Subnet$/,
    id: 'CloudFormation-Validate::W3010',
    reason: 'Zones are a setting: a list from the account may change its order, which would replace the subnets',
  },
  {
    path: /\/LoadBalancer\/Group\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-EC23',
    reason: 'Open to everyone only where loadBalancer.allowedCidrs says 0.0.0.0/0 in so many words',
  },
  {
    path: /\/AccessLogs\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-S1',
    reason: 'This bucket is where access logs go; logging its own access would feed itself',
  },
  {
    path: /\/LoaderRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<LoaderSources2F57B0DE.Arn>/sources/*]',
    reason: 'The loader reads any file below two prefixes of its own bucket; their names are not known before',
  },
  {
    path: /\/LoaderRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<LoaderSources2F57B0DE.Arn>/vintages/*]',
    reason: 'The loader reads any file below two prefixes of its own bucket; their names are not known before',
  },
  {
    path: /\/(ReferenceData|JobFiles)\/Backup\/Files\/Role\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
    reason: 'AWS Backup documents this policy as the one its role needs, and changes it with the service',
  },
  {
    path: /Task\/Definition\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-ECS2',
    reason: 'Names, ports and table names of contract/environment.ts, none of them secret; secrets come by reference',
  },
  {
    path: /\/Definition\/ExecutionRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'ecr:GetAuthorizationToken has no resource-level permission',
  },
  {
    path: /\/StateMachine\/Role\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'Log delivery, X-Ray and ecs:StopTask of started tasks have no resource-level permission known before',
  },
  {
    path: /\/Administrator\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-SMG4',
    reason: 'The first password only: afterwards it is a user of the configuration, changed there and not here',
  },
  {
    path: /\/TaskRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'Task protection is bounded by the condition ecs:cluster; task ARNs are not known before',
  },
  {
    path: /Task\/Definition\/TaskRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::{archived}]',
    reason: 'Nodes add old changes below one prefix of one bucket; the names come with the changes',
  },
  {
    path: /Task\/Definition\/TaskRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::{secrets}]',
    reason: 'Connections name secrets below the name of the cluster; they are made while it runs',
  },
  {
    path: /\/LargeJobs\/Task\/Definition\/TaskRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<LargeJobsD734B22B.Arn>/input/*]',
    reason: 'A job reads input below one prefix of its own bucket; their names are not known before',
  },
  {
    path: /\/LargeJobs\/Task\/Definition\/TaskRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<LargeJobsD734B22B.Arn>/runs/*]',
    reason: 'A job reads its plan and writes the list of its partitions below one prefix; the names come with the run',
  },
  {
    path: /\/LargeJobs\/Task\/Definition\/TaskRole\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::<LargeJobsD734B22B.Arn>/output/*]',
    reason:
      'A job writes its part below one prefix, and reads what an earlier try left; the names are not known before',
  },
  {
    path: /\/LargeJobs\/StateMachine\/Role\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<LargeJobsD734B22B>/*]',
    reason: 'The map reads the list of partitions and writes its results; both names come with the run',
  },
  {
    path: /\/LargeJobs\/StateMachine\/DistributedMapPolicy\/Resource$/,
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${distributedMapExecutions}:*]`,
    reason: 'A distributed map controls its own child executions, named by the service while it runs',
  },
  {
    path: /\/LargeJobs\/StateMachine\/DistributedMapPolicy\/Resource$/,
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${distributedMapExecutions}/*:*]`,
    reason: 'A distributed map controls its own child executions, named by the service while it runs',
  },
  {
    path: /\/Watch-[a-z0-9-]+\/(node-health|time-sync|canary)\/Role\/DefaultPolicy\/Resource$/,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason:
      'Network interfaces, X-Ray and target health have no resource-level permission; ECS is bounded by ecs:cluster',
  },
  {
    path: /\/LostInvocations\/Resource$/,
    id: 'Serverless::Serverless-SQSRedrivePolicy',
    reason: 'This queue is the dead-letter queue of schedules and functions; it has nowhere to send on',
  },
];

/** Puts every acknowledgement on the constructs that it names. */
export function acknowledge(app: App): void {
  for (const construct of app.node.findAll()) {
    for (const { path, id, reason } of acknowledgements) {
      if (!path.test(`/${construct.node.path}`)) continue;
      Validations.of(construct).acknowledge({ id: completeId(id, Stack.of(construct)), reason });
    }
  }
}

function completeId(id: string, stack: Stack): string {
  const named = id.replace('{region}', stack.region);
  if (!(stack instanceof ClusterStack)) return named;
  return named
    .replace('{archived}', formatArchivedObjects(stack.tablesOf, stack))
    .replace('{secrets}', formatReadableSecrets(stack.fullName, stack));
}
