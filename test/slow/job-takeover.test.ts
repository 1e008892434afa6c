import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerOf, recordsRead, TakeoverCluster } from '../../bench/dataflow/takeover-cluster.ts';
import { listProcesses, runSpectrum } from '../../bench/failover/local-cluster.ts';
import { ManagementClient } from '../../client/index.ts';
import type { RunView } from '../../contract/runs.ts';

const kills = 3;
/** A run that lasts about so long, whatever the machine, can be met at work. */
const runMs = 12_000;

let folder: string;
let cluster: TakeoverCluster;
let rows = 30_000;
let undisturbed: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'takeover-'));
  cluster = await TakeoverCluster.start(folder);
  cluster.writeCustomers(rows);
}, 120_000);
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('what the commands say: a job is exposed, run and watched', async () => {
  const data = ['--data', cluster.data];
  const run = await runSpectrum(['job', 'submit', 'clean', '--wait', ...data]).ended;
  expect(run).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/state +succeeded[\s\S]+20,000 .+ Good\n +10,000 .+ Bad\n/),
  });
  const failed = await runSpectrum(['job', 'submit', 'clean', '--file', 'Customers=gone.csv', '--wait', ...data]).ended;
  expect(failed).toMatchObject({ code: 43, stdout: expect.stringContaining('gone.csv is not there') });
}, 240_000);

test('an undisturbed run gives what the others are compared with', async () => {
  const small = await cluster.end(await cluster.submit('-small'));
  const tookMs = Date.parse(small.endedAt ?? '') - Date.parse(small.startedAt ?? '');
  rows = Math.min(600_000, Math.max(rows, Math.ceil((rows * runMs) / tookMs)));
  cluster.writeCustomers(rows);
  expect(await cluster.end(await cluster.submit(''))).toMatchObject({ state: 'succeeded' });
  undisturbed = cluster.outputs('');
}, 240_000);

/** The run has ended with the bytes of the undisturbed one. */
function expectWhole(ended: RunView, mark: string): void {
  expect(ended).toMatchObject({ state: 'succeeded' });
  expect(recordsRead(ended)).toBe(rows);
  const outputs = cluster.outputs(mark);
  expect(outputs.map((text, index) => text === undisturbed[index])).toEqual([true, true]);
}

/** A run that has written something. */
async function begin(mark: string): Promise<RunView> {
  return await cluster.until(await cluster.submit(mark), (run) => recordsRead(run) > 0);
}

test('a run whose owner is killed, again and again, gives the same bytes as an undisturbed one', async () => {
  const { id } = await begin('-killed');
  for (let kill = 1; kill <= kills; kill++) {
    const running = await cluster.until(id, (run) => run.epoch >= kill && recordsRead(run) > 0);
    if (running.endedAt !== undefined) break;
    process.kill(ownerOf(running), 'SIGKILL');
    await cluster.until(id, ({ epoch }) => epoch > kill);
  }
  const ended = await cluster.end(id);
  expect(ended.epoch).toBeGreaterThan(1);
  expectWhole(ended, '-killed');
}, 400_000);

test('an owner that stands still past its lease and wakes up changes nothing', async () => {
  const running = await begin('-asleep');
  process.kill(ownerOf(running), 'SIGSTOP');
  try {
    await cluster.until(running.id, ({ epoch }) => epoch > running.epoch);
  } finally {
    process.kill(ownerOf(running), 'SIGCONT');
  }
  const ended = await cluster.end(running.id);
  expect(ended.epoch).toBeGreaterThan(running.epoch);
  expectWhole(ended, '-asleep');
  // The one that woke up may still hold its file; it is gone when it has noticed.
  await cluster.nothingUnfinished();
}, 400_000);

test('a run goes on while the table cannot be reached for longer than a lease', async () => {
  const running = await begin('-tableless');
  const table = Number(listProcesses(cluster.data).find(({ name }) => name === 'configuration')?.pid);
  process.kill(table, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  process.kill(table, 'SIGCONT');
  expectWhole(await cluster.end(running.id), '-tableless');
}, 400_000);

test('a run that is paused stands still, and goes on where it was', async () => {
  const { id } = await begin('-paused');
  await cluster.client.runs.command(id, 'pause');
  const paused = await cluster.until(id, ({ state }) => state === 'paused');
  await cluster.client.runs.command(id, 'resume');
  expect(['paused', 'succeeded']).toContain(paused.state);
  expectWhole(await cluster.end(id), '-paused');
}, 400_000);

test('a node that is told to stop hands its run over before it goes', async () => {
  const running = await begin('-drained');
  process.kill(ownerOf(running), 'SIGTERM');
  const ended = await cluster.end(running.id);
  expect(ended.owner).not.toBe(running.owner);
  expectWhole(ended, '-drained');
}, 400_000);

test('a version that one node has exposed is what any other node runs at once', async () => {
  const nodes = listProcesses(cluster.data).filter(({ name }) => name.startsWith('node'));
  const clients = nodes.map(
    ({ port }) =>
      new ManagementClient({
        url: `http://127.0.0.1:${port}`,
        credentials: { user: 'admin', password: cluster.cluster.password },
      }),
  );
  const [first, second] = clients as [ManagementClient, ManagementClient];
  const document = {
    type: 'job',
    stages: [
      { id: 'read', type: 'ReadFromFile', settings: { file: 'gone.csv', fields: [{ name: 'Id' }] } },
      { id: 'write', type: 'WriteToNull' },
    ],
    channels: [{ from: { stage: 'read', port: 'output_port' }, to: { stage: 'write', port: 'input_port' } }],
  };
  for (let version = 1; version <= 20; version++) {
    const [writer, runner] = version % 2 ? [first, second] : [second, first];
    const versions = [{ number: version, comment: '', document }];
    const value = { versions, latest: document, exposedVersion: version };
    if (version === 1) await writer.objects('dataflow').create('often', value);
    else await writer.objects('dataflow').put('often', value, 'any');
    const run = await runner.runs.submit({ dataflow: 'often' });
    expect(run.version).toBe(version);
  }
}, 120_000);
