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
  JsonPath,
  LogLevel,
  ResultWriterV2,
  S3JsonItemReader,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { CapacityProviderOptions, EcsFargateLaunchTarget } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { containerPaths, containerUsers } from '../../contract/container.ts';
import { environment } from '../../contract/environment.ts';
import { jobFiles, jobPrefixes } from '../../contract/jobs.ts';
import type { LargeJobSettings } from '../settings.ts';
import { createAccessPoint } from './access-point.ts';
import { createLogGroup, type LogKeeping } from './log-group.ts';
import type { Network } from './network.ts';
import { createRepeatedTask, type RepeatedTaskProps } from './repeated-task.ts';
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
 * Runs the plan `runs/<run>/plan.json` of its bucket (contract/jobs.ts) as many tasks of the node image. Input:
 * `{"run": "<run>"}`. A first task cuts the plan into partitions; what became of each is written below `results/`, by
 * map run.
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
    const run = this.describeRun(props);
    map.itemProcessor(createRepeatedTask(this, 'Partition', { ...run, command: JsonPath.listAt('$.arguments') }));
    const plan = JsonPath.format(`s3://{}/${jobPrefixes.runs}/{}/${jobFiles.plan}`, this.bucket.bucketName, runName);
    const planning = createRepeatedTask(this, 'Plan', { ...run, command: wordsOf('job', 'plan', plan) }, map);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(planning),
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
      itemReader: new S3JsonItemReader({
        bucket: this.bucket,
        key: JsonPath.format(`${jobPrefixes.runs}/{}/${jobFiles.partitions}`, runName),
      }),
      resultWriterV2: new ResultWriterV2({ bucket: this.bucket, prefix: 'results' }),
      resultPath: JsonPath.DISCARD,
    });
  }

  private describeRun(props: LargeJobsProps): Omit<RepeatedTaskProps, 'command'> {
    const { network, fileSystem, settings } = props;
    const securityGroup = createTaskGroup(this, network, 'Large jobs');
    securityGroup.connections.allowToDefaultPort(fileSystem, 'Jobs read reference data');
    return {
      cluster: new Cluster(this, 'Cluster', {
        vpc: network.vpc,
        enableFargateCapacityProviders: true,
        containerInsightsV2: ContainerInsights.ENHANCED,
      }),
      task: this.createTask(props),
      network,
      securityGroup,
      launchTarget: new EcsFargateLaunchTarget({
        platformVersion: FargatePlatformVersion.VERSION1_4,
        capacityProviderOptions: CapacityProviderOptions.custom(spotFirst),
      }),
      timeout: Duration.hours(Math.min(settings.timeoutHours, 12)),
      // Spot interruptions count too.
      repeats: 4,
    };
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
    const below = (...prefixes: readonly string[]) =>
      prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}/*`));
    const { runs, input, output } = jobPrefixes;
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: below(runs, input, output) }),
    );
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: below(runs, output) }));
    // Without it an object that is not there is answered by 403, as one that may not be read.
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    return task;
  }
}

const runName = JsonPath.stringAt('$.run');

/** A list that is put together when the flow runs; the overrides' type knows only lists of literal words. */
function wordsOf(...words: string[]): string[] {
  return JsonPath.listAt(JsonPath.array(...words));
}

const spotFirst: CapacityProviderStrategy[] = [
  { capacityProvider: 'FARGATE_SPOT', weight: 3 },
  { capacityProvider: 'FARGATE', weight: 1 },
];
