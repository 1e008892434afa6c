import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type FakeAws, startFakeAws } from '../../lambda/support/fake-aws.ts';
import { closeServer, type FakeNode, startFakeNode } from '../../lambda/support/fake-node.ts';
import { invoke, synthesizeFunctions } from './bundled-functions.ts';

// The bundles of a synthesis, invoked in processes of their own, against nodes with faults on loopback addresses.
let bundles: Record<string, string>;
let aws: FakeAws;
let table: DynamoDBClient;
let nodes: FakeNode[] = [];

beforeAll(async () => {
  bundles = synthesizeFunctions('cluster');
  aws = await startFakeAws();
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  table = new DynamoDBClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials });
  await table.send(
    new CreateTableCommand({
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
    }),
  );
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  nodes = [];
});

afterAll(async () => {
  table.destroy();
  await aws.close();
});

function environmentFor(port: number, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    WATCH_CLUSTER: 'main',
    WATCH_ECS_CLUSTER: 'main',
    WATCH_SERVICES: JSON.stringify([{ name: 'nodes', serviceArn: 'nodes', targetGroupArn: 'targets', minimum: 2 }]),
    WATCH_HEALTH_PORT: String(port),
    WATCH_RUNTIME_TABLE: 'runtime',
    WATCH_CLOCK_SKEW_MS: '100',
    WATCH_AWS_ENDPOINT: aws.endpoint,
    ...more,
  };
}

/** Starts nodes on 127.0.0.2 and up, all on one port, and tells the fake ECS of them. */
async function startNodes(
  options: readonly Omit<Parameters<typeof startFakeNode>[0], 'address' | 'port'>[],
): Promise<number> {
  let port = 0;
  for (const [index, option] of options.entries()) {
    const node = await startFakeNode({ ...option, address: `127.0.0.${index + 2}`, port });
    nodes.push(node);
    port = node.port;
  }
  aws.tasks = options.map((_option, index) => ({
    id: `task-${index}`,
    address: `127.0.0.${index + 2}`,
    service: 'nodes',
    health: 'HEALTHY',
    balancer: 'healthy',
  }));
  return port;
}

test('node-health tells the hung and the wrong node from three good ones', async () => {
  const port = await startNodes([
    { behaviour: 'ready' },
    { behaviour: 'ready' },
    { behaviour: 'ready' },
    { behaviour: 'hung' },
    { behaviour: 'wrong' },
  ]);
  const { records } = await invoke(bundles.nodehealth ?? '', environmentFor(port));
  expect(records).toHaveLength(6);
  expect(records.slice(0, 5).map(({ result }) => result)).toEqual(['ready', 'ready', 'ready', 'silent', 'wrong']);
  expect(records[5]).toMatchObject({
    Cluster: 'main',
    NodesRunning: 5,
    NodesReady: 3,
    NodesNotAnswering: 2,
    ViewsDiffering: 2,
    NodesStopped: 0,
  });
  expect(aws.stopped).toEqual([]);
});

test('a node that stays unhealthy is stopped once, and no second one within ten minutes', async () => {
  const port = await startNodes([
    { behaviour: 'ready' },
    { behaviour: 'ready' },
    { behaviour: 'ready' },
    { behaviour: 'hung' },
  ]);
  const environment = environmentFor(port, { WATCH_STOP_UNHEALTHY_NODES: 'true' });
  for (let check = 1; check <= 4; check++) await invoke(bundles.nodehealth ?? '', environment);
  expect(aws.stopped).toEqual([]);
  for (let check = 5; check <= 7; check++) await invoke(bundles.nodehealth ?? '', environment);
  expect(aws.stopped).toEqual(['arn:aws:ecs:us-east-1:123456789012:task/main/task-3']);
});

test('time-sync finds the clock that was moved, within its bound, and keeps the result for the nodes', async () => {
  const port = await startNodes([
    { behaviour: 'ready', stampsWholeMs: true },
    { behaviour: 'ready', clockStatus: 'NOT_SYNCHRONIZED' },
    { behaviour: 'ready' },
    { behaviour: 'ready', clockOffsetMs: 750.5 },
    { behaviour: 'hung' },
  ]);
  const { records } = await invoke(bundles.timesync ?? '', environmentFor(port));
  expect(records.map(({ verdict }) => verdict)).toEqual(['within', 'within', 'within', 'beyond', undefined]);
  const [first, , , moved, cluster] = records as readonly Record<string, number>[];
  const known = Number(moved?.ClockOffsetMs) - Number(first?.ClockOffsetMs);
  expect(Math.abs(known - 750.5)).toBeLessThan(Number(moved?.ClockBoundMs) + Number(first?.ClockBoundMs));
  expect(cluster).toMatchObject({ ClocksUnsynchronised: 1, ClocksUnreachable: 1, ReferenceSuspect: 0 });
  const { Items = [] } = await table.send(new ScanCommand({ TableName: 'runtime' }));
  const clocks = Items.filter(({ pk }) => pk?.S === 'clock#main');
  expect(clocks.map(({ sk, verdict }) => [sk?.S, verdict?.S]).sort()).toEqual([
    ['127.0.0.2', 'within'],
    ['127.0.0.3', 'within'],
    ['127.0.0.4', 'within'],
    ['127.0.0.5', 'beyond'],
  ]);
});

test('the canary validates an address with the first password, and says why when it cannot', async () => {
  const calls: string[] = [];
  let status = 200;
  const gateway: Server = createServer((request, response) => {
    calls.push(`${request.headers.authorization} ${request.url?.split('?')[0]}`);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ output_port: [{ AddressLine1: '1600 PENNSYLVANIA AVE NW' }] }));
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const environment = {
    WATCH_CLUSTER: 'main',
    WATCH_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
    WATCH_CREDENTIALS_SECRET: 'first-password',
    WATCH_AWS_ENDPOINT: aws.endpoint,
  };
  const good = await invoke(bundles.canary ?? '', environment);
  status = 503;
  const bad = await invoke(bundles.canary ?? '', environment);
  await closeServer(gateway);
  expect(calls[0]).toBe(
    `Basic ${Buffer.from('admin:correct horse').toString('base64')} /rest/ValidateAddress/results.json`,
  );
  expect(good.records[0]).toMatchObject({ Cluster: 'main', CanarySuccess: 1, problem: '' });
  expect(bad.records[0]).toMatchObject({ CanarySuccess: 0, problem: expect.stringMatching(/^status 503/) });
});
