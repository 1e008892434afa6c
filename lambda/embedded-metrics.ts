import { metricNamespace } from '../contract/watching.ts';

export interface MetricRecord {
  /** Such as `{ Cluster: 'main' }`; each record is one metric stream a dimension set. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** Kept in the log beside the metrics, without becoming any. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** One line of the embedded metric format: CloudWatch Logs turns it into metrics, so no endpoint has to be called. */
export function formatMetricRecord({ dimensions, metrics, properties }: MetricRecord, nowMs: number): string {
  return JSON.stringify({
    _aws: {
      Timestamp: Math.round(nowMs),
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.keys(metrics).map((name) => ({
            Name: name,
            Unit: name.endsWith('Ms') ? 'Milliseconds' : 'Count',
          })),
        },
      ],
    },
    ...properties,
    ...dimensions,
    ...metrics,
  });
}
