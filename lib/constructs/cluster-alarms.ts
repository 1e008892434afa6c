import { type Alarm, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type ApplicationLoadBalancer,
  type ApplicationTargetGroup,
  HttpCodeElb,
  HttpCodeTarget,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createAlarm, minute } from '../alarms.ts';

export interface ClusterAlarmsProps {
  /** Deployment and cluster: starts the names of the alarms that deployments watch. */
  readonly name: string;
  readonly balancer: ApplicationLoadBalancer;
  /** Each with the nodes that it must always have. */
  readonly targets: readonly {
    readonly name: string;
    readonly group: ApplicationTargetGroup;
    readonly minimum: number;
  }[];
  readonly topic: ITopic;
}

/** What callers notice of a cluster, seen from its balancer. */
export class ClusterAlarms extends Construct {
  /** Those that a deployment must not raise, else it is rolled back; by their names. */
  readonly deployment: Readonly<Record<string, Alarm>>;

  constructor(scope: Construct, id: string, { name: prefix, balancer, targets, topic }: ClusterAlarmsProps) {
    super(scope, id);
    const names = { errors: `${prefix}-server-errors`, latency: `${prefix}-slow-answers` };
    this.deployment = {
      [names.errors]: this.createErrorAlarm(names.errors, balancer, topic),
      [names.latency]: this.createLatencyAlarm(names.latency, balancer, topic),
    };
    for (const { name, group, minimum } of targets) {
      const metrics = group.metrics;
      createAlarm(this, `Unhealthy-${name}`, {
        kind: 'unhealthy-nodes',
        topic,
        metric: metrics.unhealthyHostCount({ period: minute, statistic: Stats.MAXIMUM }),
        threshold: 0,
        periods: 5,
      });
      createAlarm(this, `TooFew-${name}`, {
        kind: 'too-few-nodes',
        topic,
        metric: metrics.healthyHostCount({ period: minute, statistic: Stats.MINIMUM }),
        threshold: minimum,
        isBelow: true,
        periods: 5,
      });
    }
  }

  private createErrorAlarm(name: string, { metrics }: ApplicationLoadBalancer, topic: ITopic): Alarm {
    const sum = { period: minute, statistic: Stats.SUM };
    const percent = new MathExpression({
      expression: 'IF(requests > 20, 100 * (FILL(nodes, 0) + FILL(balancer, 0)) / requests, 0)',
      label: 'Server errors, percent of requests',
      period: minute,
      usingMetrics: {
        nodes: metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, sum),
        balancer: metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, sum),
        requests: metrics.requestCount(sum),
      },
    });
    return createAlarm(this, 'ServerErrors', {
      name,
      kind: 'server-errors',
      topic,
      metric: percent,
      threshold: 1,
      periods: 3,
      breaching: 2,
    });
  }

  private createLatencyAlarm(name: string, { metrics }: ApplicationLoadBalancer, topic: ITopic): Alarm {
    const metric = metrics.targetResponseTime({ period: minute, statistic: Stats.p(99) });
    return createAlarm(this, 'SlowAnswers', {
      name,
      kind: 'slow-answers',
      topic,
      metric,
      threshold: 2,
      periods: 5,
      breaching: 4,
    });
  }
}
