import { metricNames } from '../../contract/watching.ts';
import type { MetricRecord } from '../embedded-metrics.ts';
import type { RunningNode } from '../running-nodes.ts';
import type { Probe } from './probe.ts';

/** One node as the Lambda, the balancer and ECS see it. */
export interface NodeReport {
  readonly node: RunningNode;
  readonly probe: Probe;
  /** State in the target group, such as `healthy`, `unhealthy`, `initial`, `draining`; `unknown` when not in it. */
  readonly balancer: string;
}

/** Whether a direct call failed to get the answer of a working node. */
export function isBad({ probe }: NodeReport): boolean {
  return probe.result === 'silent' || probe.result === 'wrong';
}

/** Whether balancer and direct call contradict each other; states on the way in or out contradict nothing. */
function isSeenDifferently({ probe, balancer }: NodeReport): boolean {
  if (balancer === 'healthy') return probe.result !== 'ready';
  if (balancer === 'unhealthy') return probe.result === 'ready';
  return false;
}

/** A record for each node and one for the cluster. */
export function toMetricRecords(cluster: string, reports: readonly NodeReport[], stopped: number): MetricRecord[] {
  return [...reports.map((report) => toNodeRecord(cluster, report)), toClusterRecord(cluster, reports, stopped)];
}

function toNodeRecord(cluster: string, { node, probe, balancer }: NodeReport): MetricRecord {
  return {
    dimensions: { Cluster: cluster, Node: node.taskArn.split('/').at(-1) ?? node.taskArn },
    metrics: { [metricNames.nodeReady]: probe.result === 'ready' ? 1 : 0, [metricNames.nodeAnswerMs]: probe.answerMs },
    properties: {
      address: node.address,
      zone: node.zone,
      group: node.service.name,
      result: probe.result,
      detail: probe.detail,
      balancer,
      ecs: node.ecsHealth,
    },
  };
}

function toClusterRecord(cluster: string, reports: readonly NodeReport[], stopped: number): MetricRecord {
  return {
    dimensions: { Cluster: cluster },
    metrics: {
      [metricNames.nodesRunning]: reports.length,
      [metricNames.nodesReady]: reports.filter(({ probe }) => probe.result === 'ready').length,
      [metricNames.nodesNotAnswering]: reports.filter(isBad).length,
      [metricNames.viewsDiffering]: reports.filter(isSeenDifferently).length,
      [metricNames.nodesStopped]: stopped,
    },
  };
}
