import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { configs } from '../../lib/support/configs.ts';
import { resourcesOf, synthesize, type Template } from '../../lib/support/synthesis.ts';
import { hasMoto, Moto } from './moto.ts';

// The synthesised definitions, with references filled in, run on moto's interpreter of Amazon States Language.
const run = hasMoto ? test : test.skip;
let templates: Record<string, Template>;
let moto: Moto;
let names: readonly (readonly [RegExp, string])[];

beforeAll(() => {
  templates = synthesize(configs['closed-network']);
});

// A server for each test: moto 5.2 answers the second execution of a server with an internal error.
beforeEach(async () => {
  if (!hasMoto) return;
  moto = await Moto.start();
  names = [
    [/AWS::Partition/, 'aws'],
    [/TaskGroup/, await moto.firstId('DescribeSecurityGroups', 'sg')],
    [/Subnet/, await moto.firstId('DescribeSubnets', 'subnet')],
    [/Cluster/, 'tasks'],
    [/LargeJobs[0-9A-F]{8}/, 'jobs'],
  ];
  await moto.call('ecs', 'AmazonEC2ContainerServiceV20141113.CreateCluster', { clusterName: 'tasks' });
  for (const role of ['job', 'load']) {
    await moto.call('ecs', 'AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition', {
      family: role,
      containerDefinitions: [{ name: role, image: 'spectrum', memory: 512 }],
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
    });
  }
}, 60_000);

afterEach(async () => {
  if (hasMoto) await moto.stop();
});

/** Text of the stack's state machine for one role, with everything that CloudFormation would fill in. */
function definitionOf(stack: string, role: string): string {
  const [machine] = resourcesOf(templates, 'AWS::StepFunctions::StateMachine').filter((found) => found.stack === stack);
  const parts = machine?.Properties.DefinitionString['Fn::Join'][1] as readonly unknown[];
  const text = parts.map((part) => (typeof part === 'string' ? part : nameFor(JSON.stringify(part)))).join('');
  return text.replace(/"TaskDefinition":"[^"]+"/, `"TaskDefinition":"${role}"`);
}

function nameFor(reference: string): string {
  const found = names.find(([pattern]) => pattern.test(reference));
  if (!found) throw new Error(`nothing stands for ${reference}`);
  return found[1];
}

/** The same flow with each ECS task replaced by a step that does nothing: moto 5.2 cannot start tasks from a flow. */
function withoutTasks(definition: string): string {
  return JSON.stringify(JSON.parse(definition), (_key, value: Record<string, unknown> | null) =>
    value?.Type === 'Task' ? { Type: 'Pass', Parameters: { 'command.$': '$.arguments' }, End: true } : value,
  );
}

async function execute(definition: string, input: unknown): Promise<Record<string, string>> {
  const states = (operation: string, body: unknown) => moto.call('states', `AWSStepFunctions.${operation}`, body);
  const roleArn = 'arn:aws:iam::123456789012:role/any';
  const name = randomUUID();
  const { stateMachineArn } = await states('CreateStateMachine', { name, definition, roleArn });
  const { executionArn } = await states('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) });
  for (let tries = 0; tries < 300; tries++) {
    const execution = await states('DescribeExecution', { executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await pause(100);
  }
  throw new Error('the execution does not end');
}

run(
  'large jobs read the list of partitions and end well when each does (skipped where moto is not installed)',
  async () => {
    await moto.put('/jobs', '');
    const partitions = Array.from({ length: 5 }, (_, part) => ({ arguments: ['job', 'run-7', String(part)] }));
    await moto.put('/jobs/input/run-7.json', JSON.stringify(partitions));
    const execution = await execute(withoutTasks(definitionOf('spectrum-large-jobs', 'job')), {
      partitions: 'input/run-7.json',
    });
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  },
);

run('large jobs fail when their list is not there (skipped likewise)', async () => {
  const execution = await execute(withoutTasks(definitionOf('spectrum-large-jobs', 'job')), {
    partitions: 'input/nowhere.json',
  });
  expect(execution).toMatchObject({ status: 'FAILED' });
});

run('the loader ends well when its task does (skipped likewise)', async () => {
  const execution = await execute(withoutTasks(definitionOf('spectrum-reference-data', 'load')), {
    arguments: ['load', 'starter'],
  });
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
});

run('the loader fails with its own error when the task cannot be started (skipped likewise)', async () => {
  const definition = definitionOf('spectrum-reference-data', 'unknown').replace(
    '"IntervalSeconds":30',
    '"IntervalSeconds":1',
  );
  expect(await execute(definition, { arguments: ['load', 'starter'] })).toMatchObject({
    status: 'FAILED',
    error: 'NotLoaded',
  });
});
