import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * Every alarm there is. The key is its article in docs/runbook.md; the sentence is what the person reads who was woken.
 * `missing` says what silence means: nothing wrong, or the alarm itself.
 */
const alarmKinds = {
  'server-errors': { says: 'More than one request in a hundred fails with a server error', missing: 'fine' },
  'slow-answers': { says: 'One request in a hundred takes longer than two seconds', missing: 'fine' },
  'unhealthy-nodes': { says: 'The balancer holds a node for unhealthy', missing: 'fine' },
  'too-few-nodes': { says: 'Fewer healthy nodes than the configured minimum', missing: 'alarm' },
  'node-not-answering': { says: 'A running node does not answer its health check', missing: 'fine' },
  'node-health-views-differ': { says: 'The balancer and a direct call disagree about a node', missing: 'fine' },
  'health-check-silent': { says: 'The node-health Lambda has published nothing', missing: 'alarm' },
  'clock-skew': { says: 'The clocks of two nodes differ by more than the allowed bound, proven', missing: 'fine' },
  'clock-not-synchronised': { says: 'A node says that its own clock is not synchronised', missing: 'fine' },
  'clock-reference-suspect': {
    says: 'All nodes agree, and the checking Lambda does not: its own clock is suspect',
    missing: 'fine',
  },
  'clock-check-silent': { says: 'The time-sync Lambda has published nothing', missing: 'alarm' },
  'canary-failing': { says: 'A real ValidateAddress through the public address fails', missing: 'alarm' },
  'lambda-errors': { says: 'A watching Lambda ends with an error', missing: 'fine' },
  'lost-invocations': { says: 'A scheduled check could not be started at all', missing: 'fine' },
  'configuration-throttled': {
    says: 'The configuration table refuses requests because there are too many',
    missing: 'fine',
  },
  'configuration-errors': { says: 'The configuration table answers with errors of its own', missing: 'fine' },
  'reference-data-slow': {
    says: 'The reference data file system works at the limit of its throughput',
    missing: 'fine',
  },
  'replica-behind': { says: 'The copy of the reference data is more than an hour behind', missing: 'alarm' },
  'load-failed': { says: 'A load of reference data failed', missing: 'fine' },
  'large-job-failed': { says: 'A large job failed', missing: 'fine' },
} as const satisfies Record<string, { readonly says: string; readonly missing: 'fine' | 'alarm' }>;

type AlarmKind = keyof typeof alarmKinds;

export interface AlarmProps {
  readonly kind: AlarmKind;
  readonly topic: ITopic;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly isBelow?: boolean;
  /** Periods looked at. Default 1. */
  readonly periods?: number;
  /** Periods of those that must breach. Default all. */
  readonly breaching?: number;
  /** Fixed name, for alarms that a service in the same stack refers to. */
  readonly name?: string;
}

/** Creates the alarm `kind`: it tells the topic, and names the runbook article that says what to do. */
export function createAlarm(scope: Construct, id: string, props: AlarmProps): Alarm {
  const { says, missing } = alarmKinds[props.kind];
  const evaluationPeriods = props.periods ?? 1;
  const alarm = new Alarm(scope, id, {
    ...(props.name ? { alarmName: props.name } : {}),
    alarmDescription: `${says}. What to do: docs/runbook.md#${props.kind}`,
    metric: props.metric,
    threshold: props.threshold,
    comparisonOperator: props.isBelow
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods,
    datapointsToAlarm: props.breaching ?? evaluationPeriods,
    treatMissingData: missing === 'alarm' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(props.topic));
  alarm.addOkAction(new SnsAction(props.topic));
  return alarm;
}

export const minute = Duration.minutes(1);
