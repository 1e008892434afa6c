import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSpectrum, type StartedCluster, startCluster } from '../../bench/failover/local-cluster.ts';
import { ManagementClient } from '../../client/index.ts';
import type { RunView } from '../../contract/runs.ts';

const rows = 30_000;
const kills = 3;
const channel = (from: string, fromPort: string, to: string) => ({
  from: { stage: from, port: fromPort },
  to: { stage: to, port: 'input_port' },
});
const names = ['Id', 'AddressLine1', 'City', 'StateProvince', 'PostalCode'].map((name) => ({ name }));
const job = {
  type: 'job',
  stages: [
    { id: 'read', label: 'Customers', type: 'ReadFromFile', settings: { file: 'customers.csv', fields: names } },
    { id: 'validate', type: 'ValidateAddress' },
    { id: 'geocode', type: 'GeocodeUSAddress', settings: { options: { FallbackToGeographic: 'N' } } },
    {
      id: 'route',
      type: 'ConditionalRouter',
      settings: { conditions: [{ port: 'good', all: [{ field: 'Status', operator: 'is null' }] }], default: 'bad' },
    },
    { id: 'good', label: 'Good', type: 'WriteToFile', settings: { file: 'good.csv' } },
    { id: 'bad', label: 'Bad', type: 'WriteToFile', settings: { file: 'bad.csv', fields: [{ name: 'Id' }] } },
  ],
  channels: [
    channel('read', 'output_port', 'validate'),
    channel('validate', 'output_port', 'geocode'),
    channel('geocode', 'output_port', 'route'),
    channel('route', 'good', 'good'),
    channel('route', 'bad', 'bad'),
  ],
};

let folder: string;
let cluster: StartedCluster;
let client: ManagementClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'takeover-'));
  cluster = await startCluster(join(folder, 'data'), ['--nodes', '3']);
  client = new ManagementClient({ url: cluster.url, credentials: { user: 'admin', password: cluster.password } });
  writeFileSync(join(folder, 'clean.json'), JSON.stringify(job));
  // Every third address does not exist; the others differ by their text alone.
  const lines = Array.from({ length: rows }, (_, id) =>
    id % 3 === 2
      ? `${id},${id} Nowhere Lane,Washington,DC,`
      : `${id},1745 t street ${id % 2 ? 'SE' : 'southeast'},washington,dc,20020`,
  );
  writeFileSync(join(folder, 'data/files/customers.csv'), `Id,Line,City,State,ZIP\n${lines.join('\n')}\n`);
}, 120_000);
afterAll(async () => {
  cluster.starter.kill('SIGTERM');
  await cluster.ended;
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('what the commands say: a job is imported, exposed, run and watched', async () => {
  const data = ['--data', join(folder, 'data')];
  const imported = await runSpectrum(['dataflow', 'import', join(folder, 'clean.json'), '--expose', ...data]).ended;
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('clean: version 1 is saved and exposed') });
  const run = await runSpectrum(['job', 'submit', 'clean', '--wait', ...data]).ended;
  expect(run).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/state +succeeded[\s\S]+20,000 .+ Good\n +10,000 .+ Bad\n/),
  });
  const failed = await runSpectrum(['job', 'submit', 'clean', '--file', 'Customers=gone.csv', '--wait', ...data]).ended;
  expect(failed).toMatchObject({ code: 43, stdout: expect.stringContaining('gone.csv is not there') });
}, 240_000);

test('a run whose owner is killed, again and again, gives the same bytes as an undisturbed one', async () => {
  const outputs = () => ['good.csv', 'bad.csv'].map((name) => readFileSync(join(folder, 'data/files', name), 'utf8'));
  const undisturbed = outputs();
  const { id } = await client.runs.submit({ dataflow: 'clean' });
  for (let kill = 1; kill <= kills; kill++) {
    const running = await until(id, (run) => run.epoch >= kill && read(run) > (rows / (kills + 2)) * kill);
    if (running.endedAt !== undefined) break;
    process.kill(Number(running.owner?.split('#')[1]), 'SIGKILL');
  }
  const ended = await until(id, ({ endedAt }) => endedAt !== undefined);
  expect(ended).toMatchObject({ state: 'succeeded' });
  expect(ended.epoch).toBeGreaterThan(1);
  expect(ended.stages[0]?.recordsRead).toBe(rows);
  expect(outputs()).toEqual(undisturbed);
}, 400_000);

function read({ stages }: RunView): number {
  return stages[0]?.recordsRead ?? 0;
}

async function until(id: string, isReached: (run: RunView) => boolean): Promise<RunView> {
  for (;;) {
    const run = await client.runs.get(id);
    if (isReached(run) || run.endedAt !== undefined) return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
