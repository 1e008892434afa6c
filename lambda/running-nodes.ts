import { DescribeTasksCommand, type ECSClient, paginateListTasks, type Task } from '@aws-sdk/client-ecs';
import type { WatchedService } from '../contract/watching.ts';

/** A task that ECS says is running, with the address where it can be asked. */
export interface RunningNode {
  readonly service: WatchedService;
  readonly taskArn: string;
  /** Private IPv4 address of the task. */
  readonly address: string;
  readonly zone: string;
  /** What the container's own health check says: `HEALTHY`, `UNHEALTHY` or `UNKNOWN`. */
  readonly ecsHealth: string;
  readonly startedAtMs: number;
}

// ECS API reference, DescribeTasks.
const tasksPerCall = 100;

/** Lists the running tasks of the services, asking ECS and nobody else. */
export async function listRunningNodes(
  client: ECSClient,
  cluster: string,
  services: readonly WatchedService[],
): Promise<RunningNode[]> {
  const lists = await Promise.all(services.map((service) => listNodesOf(client, cluster, service)));
  return lists.flat().sort((a, b) => a.address.localeCompare(b.address));
}

async function listNodesOf(client: ECSClient, cluster: string, service: WatchedService): Promise<RunningNode[]> {
  const arns: string[] = [];
  const pages = paginateListTasks({ client }, { cluster, serviceName: service.serviceArn, desiredStatus: 'RUNNING' });
  for await (const page of pages) arns.push(...(page.taskArns ?? []));
  const tasks: Task[] = [];
  for (let from = 0; from < arns.length; from += tasksPerCall) {
    const answer = await client.send(
      new DescribeTasksCommand({ cluster, tasks: arns.slice(from, from + tasksPerCall) }),
    );
    tasks.push(...(answer.tasks ?? []));
  }
  return tasks.flatMap((task) => toNode(task, service));
}

function toNode(task: Task, service: WatchedService): RunningNode[] {
  const details = task.attachments?.flatMap((attachment) => attachment.details ?? []) ?? [];
  const address = details.find(({ name }) => name === 'privateIPv4Address')?.value;
  if (!address || !task.taskArn || task.lastStatus !== 'RUNNING') return [];
  return [
    {
      service,
      taskArn: task.taskArn,
      address,
      zone: task.availabilityZone ?? 'unknown',
      ecsHealth: task.healthStatus ?? 'UNKNOWN',
      startedAtMs: task.startedAt?.getTime() ?? 0,
    },
  ];
}
