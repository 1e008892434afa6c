import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { type ClockItem, type ClockVerdict, runtimePartitions } from '../../contract/runtime-table.ts';
import { tableAttributes } from '../../contract/tables.ts';
import { metricNames, type TimeAnswer } from '../../contract/watching.ts';
import type { MetricRecord } from '../embedded-metrics.ts';
import type { WatchSettings } from '../environment.ts';
import { listRunningNodes } from '../running-nodes.ts';
import { type ClockEstimate, estimateOffset } from './estimate.ts';
import { exchangeTimes, startClock } from './exchange.ts';
import { isReferenceSuspect, judgeClocks, largestProvenSkewMs, spreadMs } from './verdict.ts';

/** One node's clock as this check found it. */
export interface CheckedClock {
  readonly node: string;
  readonly estimate: ClockEstimate;
  readonly verdict: ClockVerdict;
  /** The platform's own word, where the node has one. */
  readonly clock: TimeAnswer['clock'];
}

export interface ClockCheck {
  readonly clocks: readonly CheckedClock[];
  /** Addresses that did not answer. */
  readonly unreachable: readonly string[];
}

/** Exchanges after the one that opens the connection: the least of nine round trips is near the least possible. */
const exchangesPerNode = 9;
const resultsExpireMs = 10 * 60_000;

/** Measures the clock of every running node and judges each by the others. */
export async function checkClocks(settings: WatchSettings, ecs: ECSClient): Promise<ClockCheck> {
  const nodes = await listRunningNodes(ecs, settings.ecsCluster, settings.services);
  const nowMs = startClock();
  const measured = await Promise.all(
    nodes.map(({ address }) =>
      exchangeTimes(address, settings.healthPort, exchangesPerNode, nowMs).then(
        (times) => ({ times, address }),
        () => ({ times: undefined, address }),
      ),
    ),
  );
  const answered = measured.flatMap(({ times }) => (times ? [times] : []));
  const estimates = answered.map(({ exchanges }) => estimateOffset(exchanges));
  const verdicts = judgeClocks(estimates, settings.clockSkewMs);
  return {
    clocks: answered.map(({ node, clock }, index) => ({
      node,
      clock,
      estimate: estimates[index] ?? { offsetMs: 0, boundMs: Number.POSITIVE_INFINITY },
      verdict: verdicts[index] ?? 'undecided',
    })),
    unreachable: measured.flatMap(({ times, address }) => (times ? [] : [address])),
  };
}

/** Keeps the latest result of each node where every node reads it. */
export async function saveClocks(client: DynamoDBClient, settings: WatchSettings, clocks: readonly CheckedClock[]) {
  const checkedAtMs = Date.now();
  await Promise.all(
    clocks.map(({ node, estimate, verdict }) => {
      const item: ClockItem = {
        verdict,
        ...estimate,
        checkedAtMs,
        expiresAt: Math.ceil((checkedAtMs + resultsExpireMs) / 1000),
      };
      return client.send(
        new PutItemCommand({ TableName: settings.runtimeTable, Item: toAttributes(settings.cluster, node, item) }),
      );
    }),
  );
}

/** A record for each node and one for the cluster. */
export function toClockRecords(
  { cluster, clockSkewMs }: WatchSettings,
  { clocks, unreachable }: ClockCheck,
): MetricRecord[] {
  const estimates = clocks.map(({ estimate }) => estimate);
  const suspect = isReferenceSuspect(estimates, clockSkewMs);
  return [
    ...clocks.map(({ node, estimate, verdict, clock }) => ({
      dimensions: { Cluster: cluster, Node: node },
      metrics: { [metricNames.clockOffsetMs]: estimate.offsetMs, [metricNames.clockBoundMs]: estimate.boundMs },
      properties: { verdict, platform: clock },
    })),
    {
      dimensions: { Cluster: cluster },
      metrics: {
        [metricNames.clockSpreadMs]: spreadMs(estimates),
        [metricNames.provenSkewMs]: largestProvenSkewMs(estimates),
        [metricNames.clocksUnsynchronised]: clocks.filter(({ clock }) => clock?.status === 'NOT_SYNCHRONIZED').length,
        [metricNames.clocksUnreachable]: unreachable.length,
        [metricNames.referenceSuspect]: suspect ? 1 : 0,
      },
      properties: { unreachable },
    },
  ];
}

function toAttributes(cluster: string, node: string, item: ClockItem): Record<string, AttributeValue> {
  return {
    [tableAttributes.partitionKey]: { S: `${runtimePartitions.clocks}#${cluster}` },
    [tableAttributes.sortKey]: { S: node },
    [tableAttributes.expiresAt]: { N: String(item.expiresAt) },
    verdict: { S: item.verdict },
    offsetMs: { N: item.offsetMs.toFixed(3) },
    boundMs: { N: item.boundMs.toFixed(3) },
    checkedAtMs: { N: String(item.checkedAtMs) },
  };
}
