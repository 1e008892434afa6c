import { Duration } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  Capability,
  type ContainerDefinition,
  type ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  type PortMapping,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import type { AccessPoint, IFileSystem } from 'aws-cdk-lib/aws-efs';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type ContainerRole, containerPaths, containerUsers } from '../../contract/container.ts';
import { healthPaths, leavingLimits } from '../../contract/health.ts';

export interface TaskProps {
  readonly image: ContainerImage;
  readonly role: ContainerRole;
  readonly taskRole?: Role;
  readonly vcpu: number;
  readonly memoryMiB: number;
  readonly logGroup: ILogGroup;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, Secret>>;
  readonly ports?: readonly PortMapping[];
  readonly referenceData?: FilesMount;
  readonly jobFiles?: FilesMount | undefined;
}

export interface FilesMount {
  readonly fileSystem: IFileSystem;
  readonly accessPoint: AccessPoint;
  /** Of reference data `write` is the loader's alone; that file system's own policy holds everyone else to reading. */
  readonly access: 'read' | 'write';
}

/** One role of the image as a Fargate task: arm64, unprivileged, read-only root, a scratch volume at /tmp. */
export class Task extends Construct {
  readonly definition: FargateTaskDefinition;
  readonly container: ContainerDefinition;

  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      ...(props.taskRole ? { taskRole: props.taskRole } : {}),
      cpu: props.vcpu * 1024,
      memoryLimitMiB: props.memoryMiB,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    this.container = this.definition.addContainer(props.role, {
      image: props.image,
      command: [props.role],
      environment: { ...props.environment },
      secrets: { ...props.secrets },
      portMappings: [...(props.ports ?? [])],
      logging: LogDrivers.awsLogs({
        logGroup: props.logGroup,
        streamPrefix: props.role,
        mode: AwsLogDriverMode.NON_BLOCKING,
      }),
      readonlyRootFilesystem: true,
      user: userOf(props.role),
      stopTimeout: Duration.millis(leavingLimits.stopTimeoutMs),
      linuxParameters: this.createLinuxParameters(),
      ...(props.role === 'node' ? { healthCheck: livenessCheck } : {}),
    });
    this.mount('scratch', containerPaths.temporary, false);
    this.definition.addVolume({ name: 'scratch' });
    if (props.referenceData) this.mountFiles('reference-data', containerPaths.referenceData, props.referenceData);
    if (props.jobFiles) this.mountFiles('job-files', containerPaths.jobFiles, props.jobFiles);
  }

  private createLinuxParameters(): LinuxParameters {
    const parameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    parameters.dropCapabilities(Capability.ALL);
    return parameters;
  }

  private mountFiles(name: string, path: string, { fileSystem, accessPoint, access }: FilesMount): void {
    this.definition.addVolume({
      name,
      efsVolumeConfiguration: {
        fileSystemId: fileSystem.fileSystemId,
        transitEncryption: 'ENABLED',
        authorizationConfig: { accessPointId: accessPoint.accessPointId, iam: 'ENABLED' },
      },
    });
    this.mount(name, path, access === 'read');
    this.definition.addToTaskRolePolicy(
      new PolicyStatement({
        actions: access === 'read' ? [mountAction] : [mountAction, 'elasticfilesystem:ClientWrite'],
        resources: [fileSystem.fileSystemArn],
        conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn } },
      }),
    );
  }

  private mount(sourceVolume: string, containerPath: string, readOnly: boolean): void {
    this.container.addMountPoints({ sourceVolume, containerPath, readOnly });
  }
}

const mountAction = 'elasticfilesystem:ClientMount';

// Liveness only: whether a node may take requests is the balancer's question, and a busy node must not be replaced.
const livenessCheck = {
  command: ['CMD', 'node', `${containerPaths.application}/probe.cjs`, healthPaths.live],
  interval: Duration.seconds(30),
  timeout: Duration.seconds(10),
  retries: 3,
  startPeriod: Duration.seconds(60),
};

function userOf(role: ContainerRole): string {
  const user = role === 'load' ? containerUsers.loader : containerUsers.node;
  return `${user}:${user}`;
}
