import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Cluster, type ContainerImage, ContainerInsights, FargatePlatformVersion } from 'aws-cdk-lib/aws-ecs';
import type { FileSystem } from 'aws-cdk-lib/aws-efs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, JsonPath, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { EcsFargateLaunchTarget } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { containerPaths, containerUsers, loaderPrefixes } from '../../contract/container.ts';
import { environment } from '../../contract/environment.ts';
import { createAccessPoint } from './access-point.ts';
import { createLogGroup, type LogKeeping } from './log-group.ts';
import type { Network } from './network.ts';
import { createRepeatedTask } from './repeated-task.ts';
import { Task } from './task.ts';
import { createTaskGroup } from './task-group.ts';

export interface ReferenceLoaderProps {
  readonly network: Network;
  readonly fileSystem: FileSystem;
  readonly image: ContainerImage;
  readonly role: Role;
  readonly logs: LogKeeping;
}

/** Role of the loader; made first, since the file system's policy names it. */
export function createLoaderRole(scope: Construct): Role {
  return new Role(scope, 'LoaderRole', {
    description: 'The only principal that may write reference data',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
}

/**
 * Puts vintages on the file system: built from source files, or copied whole from `vintages/` of its bucket. A task
 * writes aside, verifies, then renames; a state machine runs it.
 */
export class ReferenceLoader extends Construct {
  readonly bucket: Bucket;
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: ReferenceLoaderProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Sources', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsPrefix: 'access/',
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        { prefix: 'access/', expiration: Duration.days(90) },
      ],
    });
    const task = this.createTask(props);
    const cluster = new Cluster(this, 'Cluster', {
      vpc: props.network.vpc,
      containerInsightsV2: ContainerInsights.ENHANCED,
    });
    this.stateMachine = this.createStateMachine(props, task, cluster);
  }

  private createTask({ image, role, logs, fileSystem }: ReferenceLoaderProps): Task {
    const accessPoint = createAccessPoint(this, fileSystem, containerUsers.loader);
    const task = new Task(this, 'Task', {
      image,
      role: 'load',
      taskRole: role,
      vcpu: 2,
      memoryMiB: 4096,
      logGroup: createLogGroup(this, 'Logs', 'loader', logs),
      environment: { [environment.referenceData]: containerPaths.referenceData },
      referenceData: { fileSystem, accessPoint, access: 'write' },
    });
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:GetObjectVersion'],
        resources: Object.values(loaderPrefixes).map((prefix) => this.bucket.arnForObjects(`${prefix}/*`)),
      }),
    );
    return task;
  }

  private createStateMachine(
    { network, fileSystem, logs }: ReferenceLoaderProps,
    task: Task,
    cluster: Cluster,
  ): StateMachine {
    const group = createTaskGroup(this, network, 'Loader of the reference data');
    group.connections.allowToDefaultPort(fileSystem, 'The loader writes reference data');
    // A vintage becomes visible by one rename, and a whole one is left alone.
    const load = createRepeatedTask(this, 'Load', {
      cluster,
      task,
      network,
      securityGroup: group,
      launchTarget: new EcsFargateLaunchTarget({ platformVersion: FargatePlatformVersion.VERSION1_4 }),
      command: JsonPath.listAt('$.arguments'),
      timeout: Duration.hours(12),
      repeats: 2,
    });
    return new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(load),
      timeout: Duration.hours(37),
      tracingEnabled: true,
      logs: {
        destination: createLogGroup(this, 'RunLogs', 'loader-runs', logs),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
  }
}
