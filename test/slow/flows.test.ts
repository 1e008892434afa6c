import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSpectrum, type StartedCluster, startCluster } from '../../bench/failover/local-cluster.ts';
import { ManagementClient } from '../../client/index.ts';
import type { ProcessFlowRunView } from '../../contract/process-flows.ts';
import { openMailCatcher } from '../support/mail-catcher.ts';

const rows = 20_000;
const copy = {
  type: 'job',
  stages: [
    { id: 'read', label: 'In', type: 'ReadFromFile', settings: { file: 'in.csv', fields: [{ name: 'Id' }] } },
    { id: 'write', label: 'Out', type: 'WriteToFile', settings: { file: 'out.csv' } },
  ],
  channels: [{ from: { stage: 'read', port: 'output_port' }, to: { stage: 'write', port: 'input_port' } }],
};
const step = (id: string) => ({ id, type: 'job', dataflow: 'copy', files: { Out: `${id}.csv` } });
const night = {
  activities: [step('first'), step('second'), step('third'), { id: 'done', type: 'success' }],
  transitions: [
    { from: 'first', to: 'second' },
    { from: 'second', to: 'third' },
    { from: 'third', to: 'done' },
  ],
};

let folder: string;
let cluster: StartedCluster;
let client: ManagementClient;
let catcher: Awaited<ReturnType<typeof openMailCatcher>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flows-'));
  catcher = await openMailCatcher();
  cluster = await startCluster(join(folder, 'data'), ['--nodes', '3']);
  client = new ManagementClient({ url: cluster.url, credentials: { user: 'admin', password: cluster.password } });
  const ids = Array.from({ length: rows }, (_, id) => String(id));
  writeFileSync(join(folder, 'data/files/in.csv'), `Id\n${ids.join('\n')}\n`);
  for (const [name, document] of Object.entries({ copy, night })) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(document));
  }
}, 120_000);
afterAll(async () => {
  cluster.starter.kill('SIGTERM');
  await cluster.ended;
  await catcher.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const spectrum = (...words: string[]) => runSpectrum([...words, '--data', join(folder, 'data')]).ended;
const read = (name: string) => readFileSync(join(folder, 'data/files', name), 'utf8');

test('a schedule starts a job at its times, and a mail tells of each end', async () => {
  const server = { host: '127.0.0.1', port: catcher.port, encryption: 'none', from: 'jobs@example.com' };
  await client
    .objects('setting')
    .put('mail-server', { value: server }, 'any')
    .catch(async () => {
      await client.objects('setting').create('mail-server', { value: server });
    });
  const outcomes = ['succeeded', 'failed'] as const;
  const recipients = ['steward@example.com'];
  await client.objects('notification').create('stewards', { event: 'job-end', recipients, outcomes, flow: 'copy' });
  expect(await spectrum('dataflow', 'import', join(folder, 'copy.json'), '--expose')).toMatchObject({ code: 0 });
  const created = await spectrum(
    'schedule',
    'create',
    'often',
    '--dataflow',
    'copy',
    '--cron',
    '*/5 * * * * *',
    '--file',
    'Out=often.csv',
  );
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^often: created, next at 20/) });
  await until(
    async () => (await client.schedules.fires('often')).items.filter(({ state }) => state === 'started').length >= 3,
  );
  expect(await spectrum('schedule', 'disable', 'often')).toMatchObject({ code: 0 });
  const { items } = await client.schedules.fires('often');
  const runs = await client.runs.list();
  const started = items.filter(({ run }) => run !== undefined);
  expect(new Set(started.map(({ dueAt }) => dueAt)).size).toBe(started.length);
  expect(runs.map(({ id }) => id).sort()).toEqual(started.map(({ run }) => run).sort());
  await until(async () => (await client.runs.list()).every(({ endedAt }) => endedAt !== undefined));
  expect(read('often.csv')).toBe(read('in.csv'));
  await until(async () => catcher.mails.length === started.length);
  expect(catcher.mails[0]?.data).toContain('copy succeeded');
}, 180_000);

test('a process flow executes statements and clears a cache', async () => {
  await client.objects('connection').create('store', { type: 'sqlite', settings: { file: 'store.db' } });
  const cache = { id: 'make', type: 'job', dataflow: 'cache' };
  const keep = {
    type: 'job',
    stages: [copy.stages[0], { id: 'keep', type: 'GenerateCache', settings: { cache: 'ids' } }],
    channels: [{ from: { stage: 'read', port: 'output_port' }, to: { stage: 'keep', port: 'input_port' } }],
  };
  const sql = (id: string, statement: string) => ({ id, type: 'execute-sql', connection: 'store', sql: statement });
  const noon = {
    variables: { who: "O'Hara" },
    activities: [
      cache,
      sql('table', 'CREATE TABLE people (name TEXT UNIQUE)'),
      sql('insert', `INSERT INTO people VALUES ($\{who})`),
      sql('again', `INSERT INTO people VALUES ($\{who})`),
      { id: 'clear', type: 'clear-cache', cache: 'ids' },
      { id: 'done', type: 'success' },
    ],
    transitions: [
      { from: 'make', to: 'table' },
      { from: 'table', to: 'insert' },
      { from: 'insert', to: 'again' },
      { from: 'again', to: 'clear', when: 'conditional', returnCodes: ['1'] },
      { from: 'clear', to: 'done' },
    ],
  };
  for (const [name, document] of Object.entries({ cache: keep, noon })) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(document));
  }
  expect(await spectrum('dataflow', 'import', join(folder, 'cache.json'), '--expose')).toMatchObject({ code: 0 });
  expect(await spectrum('processflow', 'import', join(folder, 'noon.json'), '--expose')).toMatchObject({ code: 0 });
  const { id } = await client.processFlows.submit({ processFlow: 'noon' });
  await until(async () => (await client.processFlows.get(id)).endedAt !== undefined);
  const run = await client.processFlows.get(id);
  expect(run.activities.map((activity) => `${activity.id} ${activity.state}`)).toEqual([
    'make succeeded',
    'table succeeded',
    'insert succeeded',
    'again failed',
    'clear succeeded',
    'done succeeded',
  ]);
  expect(run.activities[3]?.error).toMatch(/^connection store: .*UNIQUE/);
  expect(existsSync(join(folder, 'data/files/.caches/ids.jsonl.gz'))).toBe(false);
  await expect(client.objects('connection').delete('store', 'any')).rejects.toThrow('is used by process-flow/noon');
}, 180_000);

test('a process flow whose owner is killed, between and during its jobs, goes on elsewhere and submits each job once', async () => {
  expect(await spectrum('processflow', 'import', join(folder, 'night.json'), '--expose')).toMatchObject({ code: 0 });
  const { id } = await client.processFlows.submit({ processFlow: 'night' });
  const killed = new Set<string>();
  let run: ProcessFlowRunView = await client.processFlows.get(id);
  const before = (await client.runs.list()).length;
  await until(async () => {
    run = await client.processFlows.get(id);
    const [, owner] = run.owner?.split('#') ?? [];
    // Once while the first job is on its way, and once when the next one begins.
    const place = run.activities.filter(({ state }) => state === 'succeeded').length;
    const isDue = run.endedAt === undefined && owner !== undefined && killed.size === place && killed.size < 2;
    if (isDue && !killed.has(owner)) {
      killed.add(owner);
      process.kill(Number(owner), 'SIGKILL');
    }
    return run.endedAt !== undefined;
  });
  expect(run.state).toBe('succeeded');
  expect(run.activities.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
  expect(killed.size).toBe(2);
  expect(run.epoch).toBeGreaterThan(2);
  const jobs = (await client.runs.list()).filter(({ submittedBy }) => submittedBy === 'process flow night');
  expect(jobs.map((job) => job.id).sort()).toEqual(run.activities.flatMap((activity) => activity.run ?? []).sort());
  expect((await client.runs.list()).length).toBeLessThanOrEqual(before + 3);
  for (const name of ['first.csv', 'second.csv', 'third.csv']) expect(read(name)).toBe(read('in.csv'));
}, 300_000);

async function until(isReached: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_500; tries++) {
    if (await isReached().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it was not reached in time');
}
