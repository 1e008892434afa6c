import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { formatMetricRecord } from '../embedded-metrics.ts';
import { readWatchSettings } from '../environment.ts';
import { checkNodes, stopUnhealthyNode } from './check.ts';
import { toMetricRecords } from './report.ts';
import { openWatchState } from './watch-state.ts';

const settings = readWatchSettings(process.env);
const endpoint = settings.awsEndpoint ? { endpoint: settings.awsEndpoint } : {};
const props = {
  settings,
  ecs: new ECSClient(endpoint),
  balancers: new ElasticLoadBalancingV2Client(endpoint),
  state: openWatchState(new DynamoDBClient(endpoint), settings.runtimeTable, settings.cluster),
  log: (line: string) => void process.stdout.write(`${line}\n`),
};

/** Once a minute: asks every node of the cluster and publishes what it and the balancer see. */
export async function handler(): Promise<{ readonly nodes: number; readonly stopped: number }> {
  const reports = await checkNodes(props);
  const stopped = await stopUnhealthyNode(props, reports);
  for (const record of toMetricRecords(settings.cluster, reports, stopped)) {
    props.log(formatMetricRecord(record, Date.now()));
  }
  return { nodes: reports.length, stopped };
}
