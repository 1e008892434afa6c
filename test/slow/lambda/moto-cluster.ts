import { Moto } from '../lib/moto.ts';

/** A cluster as ECS and Elastic Load Balancing of moto show it: tasks that run, each with an address of this machine. */
export interface MotoCluster {
  readonly endpoint: string;
  readonly targetGroupArn: string;
  readonly addresses: readonly string[];
  /** Items of the runtime table. */
  scan(): Promise<readonly Readonly<Record<string, Readonly<Record<string, string>>>>[]>;
  stop(): Promise<void>;
}

const ec2 = '2016-11-15';

/** Starts moto with one service, `nodes`, of the cluster `main`, and the table `runtime`. */
export async function startMotoCluster(tasks: number): Promise<MotoCluster> {
  const moto = await Moto.start();
  const network = await createNetwork(moto);
  const addresses = await runTasks(moto, network, tasks);
  const targetGroupArn = await registerTargets(moto, network.vpc, addresses);
  await moto.call('dynamodb', 'DynamoDB_20120810.CreateTable', {
    TableName: 'runtime',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  });
  return {
    endpoint: moto.url,
    targetGroupArn,
    addresses,
    scan: async () => {
      const { Items } = await moto.call('dynamodb', 'DynamoDB_20120810.Scan', { TableName: 'runtime' });
      return Items as unknown as Awaited<ReturnType<MotoCluster['scan']>>;
    },
    stop: () => moto.stop(),
  };
}

interface MotoNetwork {
  readonly vpc: string;
  readonly subnet: string;
  readonly group: string;
}

async function createNetwork(moto: Moto): Promise<MotoNetwork> {
  const create = async (action: string, prefix: string, parameters: Readonly<Record<string, string>>) =>
    new RegExp(`${prefix}-[0-9a-f]{17}`).exec(await moto.query('ec2', ec2, action, parameters))?.[0] ?? '';
  const vpc = await create('CreateVpc', 'vpc', { CidrBlock: '10.20.0.0/16' });
  // Without host names moto's tasks end in an internal error.
  await moto.query('ec2', ec2, 'ModifyVpcAttribute', { VpcId: vpc, 'EnableDnsHostnames.Value': 'true' });
  const subnet = await create('CreateSubnet', 'subnet', { VpcId: vpc, CidrBlock: '10.20.0.0/24' });
  const group = await create('CreateSecurityGroup', 'sg', {
    VpcId: vpc,
    GroupName: 'nodes',
    GroupDescription: 'nodes',
  });
  return { vpc, subnet, group };
}

async function runTasks(moto: Moto, { subnet, group }: MotoNetwork, count: number): Promise<string[]> {
  const ecs = (operation: string, input: unknown) =>
    moto.call('ecs', `AmazonEC2ContainerServiceV20141113.${operation}`, input);
  await moto.keepTasksRunning();
  await ecs('CreateCluster', { clusterName: 'main' });
  await ecs('RegisterTaskDefinition', {
    family: 'nodes',
    containerDefinitions: [{ name: 'node', image: 'spectrum', memory: 512 }],
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
  });
  const place = {
    cluster: 'main',
    taskDefinition: 'nodes',
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: [subnet], securityGroups: [group] } },
  };
  await ecs('CreateService', { ...place, serviceName: 'nodes', desiredCount: 0 });
  // moto's services start no tasks of their own; these belong to it by their group.
  const { tasks } = (await ecs('RunTask', { ...place, count, group: 'service:nodes' })) as unknown as RunTaskAnswer;
  const details = tasks.flatMap(({ attachments }) => attachments.flatMap((attachment) => attachment.details));
  return details.filter(({ name }) => name === 'privateIPv4Address').map(({ value }) => value);
}

interface RunTaskAnswer {
  readonly tasks: readonly {
    readonly attachments: readonly { readonly details: readonly { readonly name: string; readonly value: string }[] }[];
  }[];
}

async function registerTargets(moto: Moto, vpc: string, addresses: readonly string[]): Promise<string> {
  const balancing = (action: string, parameters: Readonly<Record<string, string>>) =>
    moto.query('elasticloadbalancing', '2015-12-01', action, parameters);
  const group = { Name: 'nodes', Protocol: 'HTTP', Port: '8080', VpcId: vpc, TargetType: 'ip' };
  const arn = /<TargetGroupArn>([^<]+)</.exec(await balancing('CreateTargetGroup', group))?.[1] ?? '';
  const targets = addresses.map((address, index) => [`Targets.member.${index + 1}.Id`, address]);
  await balancing('RegisterTargets', { TargetGroupArn: arn, ...Object.fromEntries(targets) });
  return arn;
}
