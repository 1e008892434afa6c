import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes } from '../../../contract/exit-codes.ts';
import type { JobPlan, ResultManifest } from '../../../contract/jobs.ts';
import { verifyVintage } from '../../../server/reference-data/index.ts';
import { configs } from '../../lib/support/configs.ts';
import { resourcesOf, synthesize, type Template } from '../../lib/support/synthesis.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../support/vintage-folder.ts';
import { EcsStandIn, launchProgram } from './ecs-stand-in.ts';
import { hasMoto, Moto } from './moto.ts';

// The synthesised definitions, with references filled in, run on moto's interpreter of Amazon States Language. Their
// tasks are the programs of the image, started by a stand-in for ECS; plans, files and results lie in moto's S3.
const run = hasMoto ? test : test.skip;
const tree = resolve('dist/image-of-flows');
let root: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let templates: Record<string, Template>;
let tolerant: Record<string, Template>;
let moto: Moto;
let ecs: EcsStandIn;
let share: string;
let bucket: string;

beforeAll(async () => {
  templates = synthesize(configs['closed-network']);
  const [deployment] = configs['closed-network'];
  if (!deployment) throw new Error('closed-network has no deployment');
  tolerant = synthesize([{ ...deployment, largeJobs: { toleratedFailurePercent: 50 } }]);
  root = await makeTemporaryFolder();
  execFileSync(process.execPath, ['scripts/build-image.js', tree], { stdio: 'ignore' });
  if (!hasMoto) return;
  ecs = new EcsStandIn((words) => launchProgram(join(tree, 'container.cjs'), words, environment()));
  moto = await Moto.start(await ecs.listen());
  ecs.moto = moto.url;
}, 120_000);

beforeEach(async () => {
  if (!hasMoto) return;
  [share, bucket] = [join(root.path, randomUUID()), `jobs-${randomUUID()}`];
  await writeVintage(share, 'v1', smallContent);
  await moto.put(`/${bucket}`, '');
  ecs.clear();
});

afterAll(async () => {
  await root.remove();
  execFileSync('rm', ['-rf', tree]);
  if (!hasMoto) return;
  await moto.stop();
  await ecs.close();
});

function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    SPECTRUM_REFERENCE_DATA: share,
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
}

/** What CloudFormation would fill in, by what the reference names. */
const references = (): readonly (readonly [RegExp, string])[] => [
  [/AWS::Partition/, 'aws'],
  [/TaskGroup/, 'sg-1'],
  [/Subnet/, 'subnet-1'],
  [/Cluster/, 'tasks'],
  [/LargeJobs[0-9A-F]{8}/, bucket],
];

/** Text of the stack's state machine; its pauses are cut to nothing, and moto's grammar wants percentages with a point. */
function definitionOf(stack: string, from = templates): string {
  const [machine] = resourcesOf(from, 'AWS::StepFunctions::StateMachine').filter((found) => found.stack === stack);
  const parts = machine?.Properties.DefinitionString['Fn::Join'][1] as readonly unknown[];
  const text = parts.map((part) => (typeof part === 'string' ? part : nameFor(JSON.stringify(part)))).join('');
  return text
    .replaceAll('"Type":"Wait","Seconds":30', '"Type":"Wait","Seconds":0')
    .replace(/"ToleratedFailurePercentage":(\d+)/, '"ToleratedFailurePercentage":$1.0');
}

function nameFor(reference: string): string {
  const found = references().find(([pattern]) => pattern.test(reference));
  if (!found) throw new Error(`nothing stands for ${reference}`);
  return found[1];
}

const states = (operation: string, body: unknown) => moto.call('states', `AWSStepFunctions.${operation}`, body);

async function start(definition: string, input: unknown): Promise<string> {
  const roleArn = 'arn:aws:iam::123456789012:role/any';
  const name = randomUUID();
  const { stateMachineArn } = await states('CreateStateMachine', { name, definition, roleArn });
  const { executionArn } = await states('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) });
  return String(executionArn);
}

async function endOf(executionArn: string): Promise<Record<string, string>> {
  for (let tries = 0; tries < 600; tries++) {
    const execution = await states('DescribeExecution', { executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await pause(100);
  }
  throw new Error('the execution does not end');
}

const execute = async (definition: string, input: unknown) => endOf(await start(definition, input));

/** Orders run-7: 25 rows in partitions of 10. */
async function order(change: Partial<JobPlan> = {}): Promise<void> {
  const rows = Array.from({ length: 25 }, (_, index) => `${index},20020\n`).join('');
  const plan: JobPlan = {
    format: 1,
    run: 'run-7',
    step: { kind: 'service', service: 'GetCityStateProvince', options: {} },
    input: { location: `s3://${bucket}/input/run-7.csv`, delimiter: ',' },
    output: { location: `s3://${bucket}/output/run-7` },
    rowsPerPartition: 10,
    databases: { us: 'test/v1' },
    ...change,
  };
  await moto.put(`/${bucket}/input/run-7.csv`, `Id,PostalCode\n${rows}`);
  await moto.put(`/${bucket}/runs/run-7/plan.json`, JSON.stringify(plan));
}

const verbs = () => ecs.started.map(({ words }) => words[1]);
const codes = () => ecs.started.map(({ child }) => child.exitCode);

run(
  'a large job plans, runs and leaves the results of every partition (skipped where moto is not installed)',
  async () => {
    await order();
    const execution = await execute(definitionOf('spectrum-large-jobs'), { run: 'run-7' });
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(verbs().sort()).toEqual(['partition', 'partition', 'partition', 'plan']);
    const results: ResultManifest[] = [];
    for (const part of ['00000', '00001', '00002']) {
      const text = await moto.get(`/${bucket}/output/run-7/part-${part}.manifest.json`);
      results.push(JSON.parse(text ?? '') as ResultManifest);
      expect(await moto.get(`/${bucket}/output/run-7/part-${part}.csv`)).toMatch(/washington/i);
    }
    expect(results.map(({ records }) => records)).toEqual([10, 10, 5]);
  },
);

run(
  'a plan that nobody can run is refused by the first task, which is not started again (skipped likewise)',
  async () => {
    await order({ step: { kind: 'service', service: 'Nothing', options: {} } });
    const execution = await execute(definitionOf('spectrum-large-jobs'), { run: 'run-7' });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Refused' });
    expect(codes()).toEqual([exitCodes.inputRefused.code]);
  },
);

run('a task that was stopped is started again and finds what is done (skipped likewise)', async () => {
  await order();
  // As Spot takes a task back.
  ecs.onStart = ({ child }) => {
    if (ecs.started.length === 3) child.kill('SIGTERM');
  };
  const execution = await execute(definitionOf('spectrum-large-jobs'), { run: 'run-7' });
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  expect(verbs()).toHaveLength(5);
});

run('a run whose vintage never comes is given up after four more tries (skipped likewise)', async () => {
  await order({ databases: { us: 'test/later' }, rowsPerPartition: 100 });
  const execution = await execute(definitionOf('spectrum-large-jobs'), { run: 'run-7' });
  expect(execution).toMatchObject({ status: 'FAILED' });
  expect(codes()).toEqual([0, 1, 1, 1, 1, 1]);
});

run.each([
  ['none', () => templates, 'FAILED'],
  ['half', () => tolerant, 'SUCCEEDED'],
] as const)('one failed partition of three with %s tolerated (skipped likewise)', async (_what, from, status) => {
  await order();
  await moto.put(`/${bucket}/output/run-7/part-00001.csv`, 'of somebody else');
  const execution = await execute(definitionOf('spectrum-large-jobs', from()), { run: 'run-7' });
  expect(execution).toMatchObject({ status });
  expect(codes().filter((code) => code === exitCodes.inputRefused.code)).toHaveLength(1);
  expect(await moto.get(`/${bucket}/output/run-7/part-00001.csv`)).toBe('of somebody else');
});

run('a cancelled run starts nothing more (skipped likewise)', async () => {
  await order();
  ecs.onStart = ({ child }) => child.kill('SIGSTOP');
  const executionArn = await start(definitionOf('spectrum-large-jobs'), { run: 'run-7' });
  for (let tries = 0; tries < 200 && ecs.started.length === 0; tries++) await pause(50);
  await states('StopExecution', { executionArn, error: 'Cancelled', cause: 'by hand' });
  expect(await endOf(executionArn)).toMatchObject({ status: 'ABORTED' });
  for (const { child } of ecs.started) child.kill('SIGCONT');
  await pause(1_500);
  expect(verbs()).toEqual(['plan']);
});

/** Puts the sealed vintage into the loader's bucket. */
async function upload(): Promise<string> {
  const built = await writeVintage(join(root.path, randomUUID()), '2026q3', smallContent);
  for (const name of await readdir(built)) {
    await moto.put(`/${bucket}/vintages/test/2026q3/${name}`, await readFile(join(built, name)));
  }
  return `s3://${bucket}/vintages/test/2026q3`;
}

run('the loader copies a vintage from the bucket to the share (skipped likewise)', async () => {
  const words = ['load', 'copy', await upload(), '--out', share];
  const execution = await execute(definitionOf('spectrum-reference-data'), { arguments: words });
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  await expect(verifyVintage(join(share, 'test', '2026q3'))).resolves.toMatchObject({ vintage: '2026q3' });
});

run('the loader is stopped in the middle, and its second try ends the copy (skipped likewise)', async () => {
  const words = ['load', 'copy', await upload(), '--out', share];
  ecs.onStart = ({ child }) => {
    if (ecs.started.length === 1) child.kill('SIGTERM');
  };
  const execution = await execute(definitionOf('spectrum-reference-data'), { arguments: words });
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  expect(ecs.started).toHaveLength(2);
});

run('another vintage of the same name is refused at once (skipped likewise)', async () => {
  await mkdir(join(share, 'test', '2026q3'));
  await writeVintage(join(root.path, 'other'), '2026q3', { ...smallContent, streets: [] });
  execFileSync('cp', ['-r', join(root.path, 'other', 'test', '2026q3'), join(share, 'test')]);
  const words = ['load', 'copy', await upload(), '--out', share];
  const execution = await execute(definitionOf('spectrum-reference-data'), { arguments: words });
  expect(execution).toMatchObject({ status: 'FAILED', error: 'Refused' });
  expect(codes()).toEqual([exitCodes.inputRefused.code]);
  expect(ecs.started[0]?.errors).toContain('is there with other content');
});

run('words that the loader does not know are refused at once (skipped likewise)', async () => {
  const execution = await execute(definitionOf('spectrum-reference-data'), { arguments: ['load', 'nothing'] });
  expect(execution).toMatchObject({ status: 'FAILED', error: 'Refused' });
  expect(codes()).toEqual([exitCodes.usage.code]);
  expect(existsSync(join(share, 'nothing'))).toBe(false);
});
