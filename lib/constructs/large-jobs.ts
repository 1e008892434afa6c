import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  type CapacityProviderStrategy,
  Cluster,
  type ContainerImage,
  ContainerInsights,
  FargatePlatformVersion,
} from 'aws-cdk-lib/aws-ecs';
import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import {
  DefinitionBody,
  DistributedMap,
  IntegrationPattern,
  JsonPath,
  LogLevel,
  ResultWriterV2,
  S3JsonItemReader,
  StateMachine,
  StateMachineType,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { CapacityProviderOptions, EcsFargateLaunchTarget, EcsRunTask } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { containerPaths, containerUsers } from '../../contract/container.ts';
import { environment } from '../../contract/environment.ts';
import type { LargeJobSettings } from '../settings.ts';
import { createAccessPoint } from './access-point.ts';
import { createLogGroup, type LogKeeping } from './log-group.ts';
import type { Network } from './network.ts';
import { Task } from './task.ts';
import { createTaskGroup } from './task-group.ts';

export interface LargeJobsProps {
  readonly settings: LargeJobSettings;
  readonly network: Network;
  readonly image: ContainerImage;
  readonly fileSystem: IFileSystem;
  readonly logs: LogKeeping;
}

/**
 * Runs the partitions of one plan as many tasks of the node image. Input: `{"partitions": "<key of a JSON list>"}`; each
 * element of the list is `{"arguments": ["job", …]}`. What became of each is written below `results/`, by map run.
 */
export class LargeJobs extends Construct {
  readonly bucket: Bucket;
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: LargeJobsProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Jobs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsPrefix: 'access/',
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { noncurrentVersionExpiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
        { prefix: 'access/', expiration: Duration.days(90) },
      ],
    });
    const map = this.createMap(props.settings);
    map.itemProcessor(this.createRun(props));
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(map),
      timeout: Duration.hours(props.settings.timeoutHours),
      tracingEnabled: true,
      logs: { destination: createLogGroup(this, 'RunLogs', 'large-jobs-runs', props.logs), level: LogLevel.ALL },
    });
  }

  private createMap({ maximumTasks, toleratedFailurePercent }: LargeJobSettings): DistributedMap {
    return new DistributedMap(this, 'Partitions', {
      mapExecutionType: StateMachineType.STANDARD,
      maxConcurrency: maximumTasks,
      toleratedFailurePercentage: toleratedFailurePercent,
      itemReader: new S3JsonItemReader({ bucket: this.bucket, key: JsonPath.stringAt('$.partitions') }),
      resultWriterV2: new ResultWriterV2({ bucket: this.bucket, prefix: 'results' }),
      resultPath: JsonPath.DISCARD,
    });
  }

  private createRun(props: LargeJobsProps): EcsRunTask {
    const { network, fileSystem, settings } = props;
    const group = createTaskGroup(this, network, 'Large jobs');
    group.connections.allowToDefaultPort(fileSystem, 'Jobs read reference data');
    const task = this.createTask(props);
    const run = new EcsRunTask(this, 'Partition', {
      integrationPattern: IntegrationPattern.RUN_JOB,
      cluster: new Cluster(this, 'Cluster', {
        vpc: network.vpc,
        enableFargateCapacityProviders: true,
        containerInsightsV2: ContainerInsights.ENHANCED,
      }),
      taskDefinition: task.definition,
      launchTarget: new EcsFargateLaunchTarget({
        platformVersion: FargatePlatformVersion.VERSION1_4,
        capacityProviderOptions: CapacityProviderOptions.custom(spotFirst),
      }),
      securityGroups: [group],
      subnets: network.nodeSubnets,
      containerOverrides: [{ containerDefinition: task.container, command: JsonPath.listAt('$.arguments') }],
      taskTimeout: Timeout.duration(Duration.hours(Math.min(settings.timeoutHours, 12))),
      resultPath: JsonPath.DISCARD,
    });
    // Safe to repeat: a partition's output is written once, whoever finishes it. Spot interruptions end here too.
    run.addRetry({
      errors: ['ECS.AmazonECSException', 'States.TaskFailed'],
      maxAttempts: 4,
      interval: Duration.seconds(30),
      backoffRate: 2,
    });
    return run;
  }

  private createTask({ image, settings, logs, fileSystem }: LargeJobsProps): Task {
    const task = new Task(this, 'Task', {
      image,
      role: 'job',
      vcpu: settings.vcpu,
      memoryMiB: settings.memoryMiB,
      logGroup: createLogGroup(this, 'Logs', 'large-jobs', logs),
      environment: { [environment.referenceData]: containerPaths.referenceData },
      referenceData: {
        fileSystem,
        accessPoint: createAccessPoint(this, fileSystem, containerUsers.node),
        access: 'read',
      },
    });
    const role = task.definition.taskRole;
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('input/*')] }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects('output/*')] }),
    );
    return task;
  }
}

const spotFirst: CapacityProviderStrategy[] = [
  { capacityProvider: 'FARGATE_SPOT', weight: 3 },
  { capacityProvider: 'FARGATE', weight: 1 },
];
