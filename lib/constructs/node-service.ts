import { Duration } from 'aws-cdk-lib';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  type CapacityProviderStrategy,
  type Cluster,
  DeploymentStrategy,
  FargatePlatformVersion,
  FargateService,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { NodeSettings } from '../settings.ts';
import type { Network } from './network.ts';
import type { Task } from './task.ts';

export interface NodeServiceProps {
  readonly cluster: Cluster;
  readonly task: Task;
  readonly nodes: NodeSettings;
  readonly network: Network;
  readonly securityGroup: SecurityGroup;
}

/** Identical nodes that replace each other: rolled out with rollback, spread over zones, scaled by load. */
export class NodeService extends Construct {
  readonly service: FargateService;
  private readonly nodes: NodeSettings;

  constructor(scope: Construct, id: string, props: NodeServiceProps) {
    super(scope, id);
    this.nodes = props.nodes;
    this.service = new FargateService(this, 'Service', {
      cluster: props.cluster,
      taskDefinition: props.task.definition,
      vpcSubnets: props.network.nodeSubnets,
      securityGroups: [props.securityGroup],
      assignPublicIp: false,
      platformVersion: FargatePlatformVersion.VERSION1_4,
      capacityProviderStrategies: capacity(props.nodes),
      deploymentStrategy: DeploymentStrategy.ROLLING,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriod: Duration.minutes(2),
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      enableExecuteCommand: false,
      enableECSManagedTags: true,
      propagateTags: PropagatedTagSource.SERVICE,
    });
  }

  /** Adds nodes under load and takes them away slowly; the service's own count is left to the scaling. */
  scaleOn(targetGroup: ApplicationTargetGroup): void {
    const { minimum, maximum, cpuPercent, requestsPerMinute } = this.nodes;
    const scaling = this.service.autoScaleTaskCount({ minCapacity: minimum, maxCapacity: maximum });
    const cooldown = { scaleOutCooldown: Duration.minutes(1), scaleInCooldown: Duration.minutes(10) };
    scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: cpuPercent, ...cooldown });
    scaling.scaleOnRequestCount('Requests', { requestsPerTarget: requestsPerMinute, targetGroup, ...cooldown });
  }
}

function capacity({ minimum, spotPercent }: NodeSettings): CapacityProviderStrategy[] {
  return [
    { capacityProvider: 'FARGATE', base: minimum, weight: 100 - spotPercent },
    ...(spotPercent > 0 ? [{ capacityProvider: 'FARGATE_SPOT', weight: spotPercent }] : []),
  ];
}
