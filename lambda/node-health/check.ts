import { DescribeServicesCommand, type ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { WatchedService } from '../../contract/watching.ts';
import type { WatchSettings } from '../environment.ts';
import { listRunningNodes } from '../running-nodes.ts';
import { probeNode } from './probe.ts';
import { isBad, type NodeReport } from './report.ts';
import { chooseNodeToStop } from './stopping.ts';
import type { WatchState } from './watch-state.ts';

export interface HealthCheckProps {
  readonly settings: WatchSettings;
  readonly ecs: ECSClient;
  readonly balancers: ElasticLoadBalancingV2Client;
  readonly state: WatchState;
  log(line: string): void;
}

/** Asks every running node directly and lays the balancer's view beside it. */
export async function checkNodes({ settings, ecs, balancers }: HealthCheckProps): Promise<NodeReport[]> {
  const [nodes, views] = await Promise.all([
    listRunningNodes(ecs, settings.ecsCluster, settings.services),
    listTargetStates(balancers, settings.services),
  ]);
  return Promise.all(
    nodes.map(async (node) => ({
      node,
      probe: await probeNode(node.address, settings.healthPort),
      balancer: views.get(`${node.service.targetGroupArn} ${node.address}`) ?? 'unknown',
    })),
  );
}

/** Stops at most one node that stays unhealthy, where the settings allow it; answers how many it stopped. */
export async function stopUnhealthyNode(props: HealthCheckProps, reports: readonly NodeReport[]): Promise<number> {
  const { settings, ecs, state, log } = props;
  if (!settings.stopUnhealthyNodes) return 0;
  const badChecks = await countBadChecks(state, reports);
  for (const service of settings.services) {
    const own = reports.filter(({ node }) => node.service.name === service.name);
    const isDeploying = await isBeingDeployed(ecs, settings.ecsCluster, service);
    const choice = chooseNodeToStop({ reports: own, minimum: service.minimum, isDeploying, badChecks });
    if ('spare' in choice) continue;
    if (!(await state.claimStop(Date.now()))) {
      log(JSON.stringify({ event: 'stop-postponed', service: service.name, reason: 'the last stop is too young' }));
      return 0;
    }
    const { taskArn, address } = choice.stop.node;
    await ecs.send(new StopTaskCommand({ cluster: settings.ecsCluster, task: taskArn, reason: 'stays unhealthy' }));
    log(JSON.stringify({ event: 'node-stopped', service: service.name, taskArn, address }));
    return 1;
  }
  return 0;
}

async function countBadChecks(state: WatchState, reports: readonly NodeReport[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const report of reports) {
    if (isBad(report)) counts.set(report.node.address, await state.countBadCheck(report.node.address));
    else await state.forgetBadChecks(report.node.address);
  }
  return counts;
}

async function listTargetStates(
  client: ElasticLoadBalancingV2Client,
  services: readonly WatchedService[],
): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (const { targetGroupArn } of services) {
    const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
    for (const { Target, TargetHealth } of answer.TargetHealthDescriptions ?? []) {
      states.set(`${targetGroupArn} ${Target?.Id}`, TargetHealth?.State ?? 'unknown');
    }
  }
  return states;
}

async function isBeingDeployed(client: ECSClient, cluster: string, service: WatchedService): Promise<boolean> {
  const answer = await client.send(new DescribeServicesCommand({ cluster, services: [service.serviceArn] }));
  const deployments = answer.services?.[0]?.deployments ?? [];
  return deployments.length !== 1 || deployments[0]?.rolloutState === 'IN_PROGRESS';
}
