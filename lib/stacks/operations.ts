import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type AlarmProps, createAlarm } from '../alarms.ts';
import { ClusterWatch } from '../constructs/cluster-watch.ts';
import type { Network } from '../constructs/network.ts';
import { OperationsDashboard } from '../constructs/operations-dashboard.ts';
import { NamedTable, tableNames } from '../constructs/tables.ts';
import type { DeploymentSettings } from '../settings.ts';
import type { ClusterStack } from './cluster.ts';
import type { FoundationStack } from './foundation.ts';
import type { LargeJobsStack } from './large-jobs.ts';
import type { ReferenceDataStack } from './reference-data.ts';

export interface OperationsStackProps extends StackProps {
  readonly settings: DeploymentSettings;
  readonly tablesOf: string;
  readonly network: Network;
  readonly foundation: FoundationStack;
  readonly clusters: readonly ClusterStack[];
  /** Where the region loads reference data itself. */
  readonly referenceData: ReferenceDataStack | undefined;
  /** Copy in the second region that this region's files fill. */
  readonly replica: IFileSystem | undefined;
  readonly largeJobs: LargeJobsStack | undefined;
}

/** Whoever watches: the Lambdas, their schedules, every alarm that is not a cluster's own, one dashboard. */
export class OperationsStack extends Stack {
  private readonly foundation: FoundationStack;

  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    this.foundation = props.foundation;
    const names = tableNames(props.tablesOf);
    const lost = this.createLostInvocations();
    const schedulerRole = this.createSchedulerRole(lost);
    const clusters = props.clusters.map((cluster) => ({
      cluster,
      watch: this.watch(cluster, props, names.runtime, lost, schedulerRole),
    }));
    new OperationsDashboard(this, 'Overview', { name: id, clusters });
    for (const [purpose, tableName] of Object.entries(names)) this.watchTable(purpose, tableName);
    if (props.referenceData) this.watchReferenceData(props.referenceData, props.replica);
    if (props.largeJobs) this.watchLargeJobs(props.largeJobs);
  }

  private watch(
    cluster: ClusterStack,
    { settings, network }: OperationsStackProps,
    runtime: string,
    lost: Queue,
    schedulerRole: Role,
  ): ClusterWatch {
    return new ClusterWatch(this, `Watch-${cluster.clusterName}`, {
      cluster,
      settings: settings.operations,
      network,
      runtime: new NamedTable(this, runtime),
      logs: this.foundation.logs,
      alarmTopic: this.foundation.alarmTopic,
      lost,
      schedulerRole,
    });
  }

  private createSchedulerRole(lost: Queue): Role {
    const role = new Role(this, 'SchedulerRole', {
      description: 'Invokes the watching Lambdas',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [lost.queueArn] }));
    return role;
  }

  private createLostInvocations(): Queue {
    const queue = new Queue(this, 'LostInvocations', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.alarm('Lost', {
      kind: 'lost-invocations',
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 0,
    });
    return queue;
  }

  private watchTable(purpose: string, tableName: string): void {
    const metric = (metricName: string) =>
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName,
        dimensionsMap: { TableName: tableName },
        statistic: Stats.SUM,
        period: Duration.minutes(5),
      });
    this.alarm(`Throttled-${purpose}`, {
      kind: 'configuration-throttled',
      metric: metric('ReadThrottleEvents'),
      threshold: 10,
    });
    this.alarm(`WriteThrottled-${purpose}`, {
      kind: 'configuration-throttled',
      metric: metric('WriteThrottleEvents'),
      threshold: 10,
    });
    this.alarm(`Errors-${purpose}`, { kind: 'configuration-errors', metric: metric('SystemErrors'), threshold: 10 });
  }

  private watchReferenceData({ fileSystem, loader }: ReferenceDataStack, replica: IFileSystem | undefined): void {
    const metric = (metricName: string, period: Duration, more: Record<string, string> = {}) =>
      new Metric({
        namespace: 'AWS/EFS',
        metricName,
        dimensionsMap: { FileSystemId: fileSystem.fileSystemId, ...more },
        statistic: Stats.MAXIMUM,
        period,
      });
    this.alarm('FilesSlow', {
      kind: 'reference-data-slow',
      metric: metric('PercentIOLimit', Duration.minutes(5)),
      threshold: 90,
      periods: 3,
    });
    if (replica) {
      const lastSync = metric('TimeSinceLastSync', Duration.minutes(15), {
        DestinationFileSystemId: replica.fileSystemId,
      });
      this.alarm('ReplicaBehind', { kind: 'replica-behind', metric: lastSync, threshold: 3600, periods: 2 });
    }
    this.alarm('LoadFailed', {
      kind: 'load-failed',
      metric: loader.stateMachine.metricFailed({ period: Duration.minutes(5), statistic: Stats.SUM }),
      threshold: 0,
    });
  }

  private watchLargeJobs({ jobs }: LargeJobsStack): void {
    this.alarm('LargeJobFailed', {
      kind: 'large-job-failed',
      metric: jobs.stateMachine.metricFailed({ period: Duration.minutes(5), statistic: Stats.SUM }),
      threshold: 0,
    });
  }

  private alarm(id: string, props: Omit<AlarmProps, 'topic'>): void {
    createAlarm(this, id, { ...props, topic: this.foundation.alarmTopic });
  }
}
