import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { containerPorts } from '../../contract/container.ts';
import { metricNames, metricNamespace, type WatchedService, watchEnvironment } from '../../contract/watching.ts';
import { type AlarmProps, createAlarm, minute } from '../alarms.ts';
import type { OperationsSettings } from '../settings.ts';
import type { ClusterStack } from '../stacks/cluster.ts';
import type { LogKeeping } from './log-group.ts';
import type { Network } from './network.ts';
import type { NamedTable } from './tables.ts';
import { allowCallsToAws } from './task-group.ts';
import { WatchFunction, type WatchFunctionProps } from './watch-function.ts';

export interface ClusterWatchProps {
  readonly cluster: ClusterStack;
  readonly settings: OperationsSettings;
  readonly network: Network;
  readonly runtime: NamedTable;
  readonly logs: LogKeeping;
  readonly alarmTopic: ITopic;
  readonly lost: IQueue;
  readonly schedulerRole: Role;
}

/** Looks at one cluster from beside and from outside: its nodes, their clocks, and what callers get. */
export class ClusterWatch extends Construct {
  readonly name: string;
  private readonly props: ClusterWatchProps;

  constructor(scope: Construct, id: string, props: ClusterWatchProps) {
    super(scope, id);
    this.props = props;
    this.name = props.cluster.clusterName;
    const inside = { network: props.network, group: this.createGroup() };
    this.watchNodes(inside);
    this.watchClocks(inside);
    const canary = canaryPlace(props);
    if (canary !== 'none') this.watchAddress(canary === 'inside' ? inside : undefined);
  }

  /** A metric of this cluster that a watching Lambda publishes. */
  metric(metricName: string, statistic: string = Stats.MAXIMUM): Metric {
    return new Metric({
      namespace: metricNamespace,
      metricName,
      dimensionsMap: { Cluster: this.name },
      statistic,
      period: minute,
    });
  }

  private createGroup(): SecurityGroup {
    const { network, cluster } = this.props;
    const group = new SecurityGroup(this, 'Group', {
      vpc: network.vpc,
      description: `Lambdas that watch ${this.name}`,
      allowAllOutbound: false,
    });
    allowCallsToAws(group);
    group.connections.allowTo(cluster.nodeGroup, Port.tcp(containerPorts.health), 'Lambdas check nodes');
    return group;
  }

  private watchNodes(inside: WatchFunctionProps['inside']): void {
    const { settings, cluster, runtime } = this.props;
    const watch = this.createFunction('node-health', inside, {
      [watchEnvironment.stopUnhealthyNodes]: String(settings.stopUnhealthyNodes),
    });
    this.grantListing(watch);
    watch.function.addToRolePolicy(
      new PolicyStatement({ actions: ['elasticloadbalancing:DescribeTargetHealth'], resources: ['*'] }),
    );
    if (settings.stopUnhealthyNodes) {
      runtime.grant(watch.function, 'DeleteItem', 'UpdateItem');
      watch.function.addToRolePolicy(
        new PolicyStatement({ actions: ['ecs:StopTask'], resources: ['*'], conditions: inCluster(cluster) }),
      );
      watch.function.addToRolePolicy(
        new PolicyStatement({
          actions: ['ecs:DescribeServices'],
          resources: cluster.served.map(({ service }) => service.service.serviceArn),
        }),
      );
    }
    this.alarm('NotAnswering', {
      kind: 'node-not-answering',
      metric: this.metric(metricNames.nodesNotAnswering),
      threshold: 0,
      periods: 3,
    });
    this.alarm('ViewsDiffer', {
      kind: 'node-health-views-differ',
      metric: this.metric(metricNames.viewsDiffering),
      threshold: 0,
      periods: 5,
    });
    this.alarmOnSilence('HealthSilent', 'health-check-silent', metricNames.nodesRunning);
  }

  private watchClocks(inside: WatchFunctionProps['inside']): void {
    const { settings, runtime } = this.props;
    const watch = this.createFunction('time-sync', inside, {});
    this.grantListing(watch);
    runtime.grant(watch.function, 'PutItem');
    this.alarm('ClockSkew', {
      kind: 'clock-skew',
      metric: this.metric(metricNames.provenSkewMs),
      threshold: settings.clockSkewMs,
      periods: 2,
    });
    this.alarm('ClockState', {
      kind: 'clock-not-synchronised',
      metric: this.metric(metricNames.clocksUnsynchronised),
      threshold: 0,
      periods: 3,
    });
    this.alarm('ClockReference', {
      kind: 'clock-reference-suspect',
      metric: this.metric(metricNames.referenceSuspect),
      threshold: 0,
      periods: 5,
    });
    this.alarmOnSilence('ClockSilent', 'clock-check-silent', metricNames.clockSpreadMs);
  }

  private watchAddress(inside: WatchFunctionProps['inside']): void {
    const { cluster } = this.props;
    const watch = this.createFunction('canary', inside, {
      [watchEnvironment.url]: cluster.loadBalancer.url,
      [watchEnvironment.credentialsSecret]: cluster.administrator.secretArn,
    });
    cluster.administrator.grantRead(watch.function);
    if (inside) {
      const port = Port.tcp(cluster.loadBalancer.url.startsWith('https') ? 443 : 80);
      inside.group.connections.allowTo(cluster.loadBalancer.balancer, port, 'The canary calls as any client does');
    }
    this.alarm('Canary', {
      kind: 'canary-failing',
      metric: this.metric(metricNames.canarySuccess, Stats.MINIMUM),
      threshold: 1,
      isBelow: true,
      periods: 3,
    });
  }

  private createFunction(
    program: WatchFunctionProps['program'],
    inside: WatchFunctionProps['inside'],
    extra: Readonly<Record<string, string>>,
  ): WatchFunction {
    const { cluster, logs, alarmTopic, lost, schedulerRole } = this.props;
    const environment = {
      [watchEnvironment.cluster]: this.name,
      ...(program === 'canary' ? {} : this.nodeEnvironment()),
      ...extra,
    };
    const props = { program, cluster: cluster.clusterName, environment, logs, alarmTopic, lost, schedulerRole };
    return new WatchFunction(this, program, inside ? { ...props, inside } : props);
  }

  private nodeEnvironment(): Record<string, string> {
    const { cluster, settings, runtime } = this.props;
    const services: WatchedService[] = cluster.served.map(({ name, service, targetGroup, minimum }) => ({
      name,
      serviceArn: service.service.serviceArn,
      targetGroupArn: targetGroup.targetGroupArn,
      minimum,
    }));
    return {
      [watchEnvironment.ecsCluster]: cluster.cluster.clusterArn,
      [watchEnvironment.services]: Stack.of(this).toJsonString(services),
      [watchEnvironment.healthPort]: String(containerPorts.health),
      [watchEnvironment.runtimeTable]: runtime.name,
      [watchEnvironment.clockSkewMs]: String(settings.clockSkewMs),
    };
  }

  private grantListing(watch: WatchFunction): void {
    watch.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:DescribeTasks', 'ecs:ListTasks'],
        resources: ['*'],
        conditions: inCluster(this.props.cluster),
      }),
    );
  }

  private alarm(id: string, props: Omit<AlarmProps, 'topic'>): void {
    createAlarm(this, id, { ...props, topic: this.props.alarmTopic });
  }

  private alarmOnSilence(id: string, kind: AlarmProps['kind'], metricName: string): void {
    const metric = this.metric(metricName, Stats.SAMPLE_COUNT).with({ period: Duration.minutes(5) });
    this.alarm(id, { kind, metric, threshold: 1, isBelow: true, periods: 2 });
  }
}

function inCluster({ cluster }: ClusterStack) {
  return { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
}

/** Where the canary can reach the balancer from: outside when everyone may call it, inside when it is internal. */
function canaryPlace({ settings, cluster }: ClusterWatchProps): 'inside' | 'outside' | 'none' {
  if (settings.canary === false) return 'none';
  const { internetFacing, allowedCidrs } = cluster.settings.loadBalancer;
  if (!internetFacing) return 'inside';
  return allowedCidrs.includes('0.0.0.0/0') ? 'outside' : 'none';
}
