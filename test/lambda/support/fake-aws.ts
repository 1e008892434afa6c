import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { closeServer } from './fake-node.ts';

interface FakeTask {
  readonly id: string;
  readonly address: string;
  readonly service: string;
  readonly health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  /** State in the target group. */
  readonly balancer: string;
}

export interface FakeAws {
  readonly endpoint: string;
  tasks: readonly FakeTask[];
  deployments: number;
  readonly stopped: string[];
  close(): Promise<void>;
}

type Answer = (input: Record<string, unknown>, aws: FakeAws) => unknown;

const taskArn = (id: string) => `arn:aws:ecs:us-east-1:123456789012:task/main/${id}`;

/** Answers in the shapes of the ECS API reference, for the calls that the watching Lambdas make. */
const ecs: Readonly<Record<string, Answer>> = {
  ListTasks: ({ serviceName, nextToken }, { tasks }) => {
    const own = tasks.filter(({ service }) => service === serviceName).map(({ id }) => taskArn(id));
    // Two pages, however few there are: whoever forgets the second one is found out.
    const half = Math.ceil(own.length / 2);
    return nextToken ? { taskArns: own.slice(half) } : { taskArns: own.slice(0, half), nextToken: 'more' };
  },
  DescribeTasks: (input, { tasks }) => ({
    failures: [],
    tasks: tasks.filter(({ id }) => (input.tasks as string[]).includes(taskArn(id))).map(describeTask),
  }),
  DescribeServices: (_input, { deployments }) => ({
    failures: [],
    services: [{ deployments: Array.from({ length: deployments }, () => ({ rolloutState: 'COMPLETED' })) }],
  }),
  StopTask: ({ task }, { stopped }) => {
    stopped.push(String(task));
    return { task: { taskArn: task } };
  },
};

const secrets: Readonly<Record<string, Answer>> = {
  GetSecretValue: () => ({ Name: 'first-password', SecretString: 'correct horse' }),
};

/** A loopback server for ECS, Elastic Load Balancing, Secrets Manager and (by dynalite) DynamoDB. */
export async function startFakeAws(): Promise<FakeAws> {
  const tables = dynalite({ createTableMs: 0 });
  const server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith('DynamoDB')) tables.emit('request', request, response);
    else void answerRequest(request, response, target, aws);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const aws: FakeAws = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tasks: [],
    deployments: 1,
    stopped: [],
    close: async () => {
      await closeServer(server);
      // It never listened, so its own way of closing is the only one that ends its store.
      await new Promise((resolve) => tables.close(resolve));
    },
  };
  return aws;
}

async function answerRequest(request: IncomingMessage, response: ServerResponse, target: string, aws: FakeAws) {
  let body = '';
  for await (const chunk of request) body += chunk;
  const [service = '', operation = ''] = target.split('.');
  if (service === '') {
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(describeTargetHealth(aws));
    return;
  }
  const answer = (service === 'secretsmanager' ? secrets : ecs)[operation];
  response.writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
  const unknown = { __type: 'UnknownOperationException', message: target };
  response.end(JSON.stringify(answer ? answer(JSON.parse(body), aws) : unknown));
}

function describeTask({ id, address, health }: FakeTask) {
  return {
    taskArn: taskArn(id),
    lastStatus: 'RUNNING',
    healthStatus: health,
    availabilityZone: 'us-east-1a',
    startedAt: 1_760_000_000,
    attachments: [
      {
        type: 'ElasticNetworkInterface',
        details: [
          { name: 'macAddress', value: '0a:00' },
          { name: 'privateIPv4Address', value: address },
        ],
      },
    ],
  };
}

function describeTargetHealth({ tasks }: FakeAws): string {
  const members = tasks.map(
    ({ address, balancer }) =>
      `<member><Target><Id>${address}</Id><Port>8080</Port></Target><TargetHealth><State>${balancer}</State></TargetHealth></member>`,
  );
  return `<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeTargetHealthResult><TargetHealthDescriptions>${members.join('')}</TargetHealthDescriptions></DescribeTargetHealthResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeTargetHealthResponse>`;
}
