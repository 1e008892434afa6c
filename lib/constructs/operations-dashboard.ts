import { Dashboard, GraphWidget, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metricNames } from '../../contract/watching.ts';
import type { ClusterStack } from '../stacks/cluster.ts';
import type { ClusterWatch } from './cluster-watch.ts';

export interface OperationsDashboardProps {
  readonly name: string;
  readonly clusters: readonly { readonly cluster: ClusterStack; readonly watch: ClusterWatch }[];
}

/** One page for all clusters of a region: what callers get, how nodes are, how clocks are. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, clusters }: OperationsDashboardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      widgets: clusters.flatMap(({ cluster, watch }) => [
        [
          new TextWidget({
            markdown: `# ${cluster.clusterName}\nWhat to do about an alarm: docs/runbook.md`,
            width: 24,
            height: 2,
          }),
        ],
        clusterRow(cluster, watch),
      ]),
    });
  }
}

function clusterRow(cluster: ClusterStack, watch: ClusterWatch): IWidget[] {
  const { metrics } = cluster.loadBalancer.balancer;
  return [
    new GraphWidget({ title: 'Requests', left: [metrics.requestCount()], right: [metrics.targetResponseTime()] }),
    new GraphWidget({
      title: 'Nodes',
      left: [metricNames.nodesRunning, metricNames.nodesReady, metricNames.nodesNotAnswering].map((metric) =>
        watch.metric(metric),
      ),
    }),
    new GraphWidget({
      title: 'Clocks, ms',
      left: [metricNames.clockSpreadMs, metricNames.provenSkewMs].map((metric) => watch.metric(metric)),
    }),
    new GraphWidget({
      title: 'CPU and memory, %',
      left: cluster.served.flatMap(({ service }) => [
        service.service.metricCpuUtilization(),
        service.service.metricMemoryUtilization(),
      ]),
    }),
  ];
}
