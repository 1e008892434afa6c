import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channel } from '../../bench/dataflow/measuring.ts';
import {
  isAlive,
  listProcesses,
  runSpectrum,
  type StartedCluster,
  startCluster,
  waitUntil,
} from '../../bench/failover/local-cluster.ts';

/**
 * ```
 * callers ──► balancer ──► node-1, node-2 ──(GeocodeUSAddress)──► geocoding-1
 * ```
 */
let root: string;
let cluster: StartedCluster;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'spectrum-groups-'));
  const words = ['--nodes', '2', '--group', 'geocoding=GeocodeUSAddress,ReverseGeocodeUSLocation'];
  cluster = await startCluster(join(root, 'data'), words);
}, 120_000);
afterAll(async () => {
  cluster.starter.kill('SIGTERM');
  await cluster.ended;
  rmSync(root, { recursive: true });
}, 60_000);

const query = 'Data.AddressLine1=1745+T+Street+Southeast&Data.City=Washington&Data.StateProvince=DC';

async function call(service: string): Promise<{ status: number; body: { code?: string; output_port?: object[] } }> {
  const authorization = `Basic ${Buffer.from(`admin:${cluster.password}`).toString('base64')}`;
  const answer = await fetch(`${cluster.url}/rest/${service}/results.json?${query}`, { headers: { authorization } });
  return { status: answer.status, body: (await answer.json()) as { code?: string } };
}

const groupNode = () => listProcesses(join(root, 'data')).find(({ name }) => name.startsWith('geocoding-'));

test('a group is stopped and started under load: its own calls get a clear 503, no other call notices', async () => {
  await waitUntil('the group answers', async () => (await call('GeocodeUSAddress')).status === 200);
  const first = groupNode();
  let isOver = false;
  const others: number[] = [];
  const own: { status: number; code: string | undefined }[] = [];
  const load = [1, 2, 3].flatMap(() => [
    repeat(async () => void others.push((await call('ValidateAddress')).status)),
    repeat(async () => {
      const { status, body } = await call('GeocodeUSAddress');
      own.push({ status, code: body.code });
    }),
  ]);
  process.kill(Number(first?.pid), 'SIGTERM');
  await waitUntil('the old node has gone', () => !isAlive(first?.pid));
  await waitUntil('a call is refused', () => own.some(({ status }) => status !== 200));
  await waitUntil('the group answers again', async () => (await call('GeocodeUSAddress')).status === 200);
  const wasAt = own.length;
  await waitUntil('calls go on', () => own.length > wasAt + 20);
  isOver = true;
  await Promise.all(load);

  expect(groupNode()?.pid).not.toBe(first?.pid);
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter((status) => status !== 200)).toEqual([]);
  const refused = own.filter(({ status }) => status !== 200);
  expect([...new Set(refused.map(({ status, code }) => `${status} ${code}`))]).toEqual(['503 NO_NODE_READY']);
  expect(own.slice(wasAt).every(({ status }) => status === 200)).toBe(true);

  async function repeat(one: () => Promise<void>): Promise<void> {
    while (!isOver) await one();
  }
}, 120_000);

const file = (name: string, fields: readonly string[]) => ({
  file: name,
  fields: fields.map((field) => ({ name: field })),
});
const rows = 3_000;

/** Rows of a service that a node has answered since it started. */
async function rowsOf(node: string, service: string): Promise<number> {
  const port = listProcesses(join(root, 'data')).find(({ name }) => name === node)?.port;
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith('spectrum_rows_total') && one.includes(service));
  return Number(line?.split(' ').at(-1) ?? 0);
}

test('a stage of a job is answered by the group of its service, and a job waits for a group that restarts', async () => {
  await waitUntil('the group answers', async () => (await call('GeocodeUSAddress')).status === 200);
  const data = join(root, 'data');
  const fields = ['Id', 'AddressLine1', 'City', 'StateProvince'];
  const document = {
    type: 'job',
    stages: [
      { id: 'read', type: 'ReadFromFile', settings: file('in.csv', fields) },
      { id: 'validate', type: 'ValidateAddress', instances: 2 },
      { id: 'geocode', type: 'GeocodeUSAddress' },
      { id: 'write', type: 'WriteToFile', settings: file('out.csv', ['Id', 'AddressLine1', 'Latitude']) },
    ],
    channels: [
      'read.output_port > validate.input_port',
      'validate.output_port > geocode.input_port',
      'geocode.output_port > write.input_port',
    ].map(channel),
  };
  mkdirSync(join(data, 'files'), { recursive: true });
  const lines = Array.from({ length: rows }, (_, index) => `${index},1745 t street southeast,washington,dc`);
  writeFileSync(join(data, 'files/in.csv'), `${[fields.join(','), ...lines].join('\n')}\n`);
  writeFileSync(join(root, 'located.json'), JSON.stringify(document));
  const spectrum = async (...words: string[]) =>
    expect(await runSpectrum([...words, '--data', data]).ended).toMatchObject({ code: 0, stderr: '' });
  await spectrum('dataflow', 'import', join(root, 'located.json'), '--expose');

  process.kill(Number(groupNode()?.pid), 'SIGTERM');
  await spectrum('job', 'submit', 'located', '--wait');
  const written = readFileSync(join(data, 'files/out.csv'), 'utf8').trimEnd().split('\n');
  const expected = Array.from({ length: rows }, (_, index) => expect.stringMatching(`^${index},1745 T St SE,38\\.8`));
  expect(written.slice(1)).toEqual(expected);
  const group = String(groupNode()?.name);
  const plain = ['node-1', 'node-2'];
  const [geocoded, ...validated] = await Promise.all([
    rowsOf(group, 'GeocodeUSAddress'),
    ...plain.map((node) => rowsOf(node, 'ValidateAddress')),
  ]);
  // Whichever node owned the run, what it does not run itself was asked of those that do.
  const asked = Math.max(
    Number(geocoded),
    validated.reduce((sum, some) => sum + some),
  );
  expect(asked).toBeGreaterThanOrEqual(rows);
}, 180_000);

test('a service made from a dataflow asks the group for its stage, and tells its caller when the group is away', async () => {
  const fields = ['AddressLine1', 'City', 'StateProvince'];
  const named = (names: readonly string[]) => ({ fields: names.map((name) => ({ name })) });
  const document = {
    type: 'service',
    stages: [
      { id: 'Input', type: 'Input', settings: named(fields) },
      { id: 'geocode', type: 'GeocodeUSAddress' },
      { id: 'Output', type: 'Output', settings: named(['Latitude']) },
    ],
    channels: ['Input.output_port > geocode.input_port', 'geocode.output_port > Output.input_port'].map(channel),
  };
  writeFileSync(join(root, 'Locate.json'), JSON.stringify(document));
  const data = join(root, 'data');
  const words = ['dataflow', 'import', join(root, 'Locate.json'), '--expose', '--data', data];
  expect(await runSpectrum(words).ended).toMatchObject({ code: 0, stderr: '' });
  await waitUntil('the group answers', async () => (await call('Locate')).status === 200);
  expect((await call('Locate')).body).toMatchObject({ Output: [{ Latitude: expect.stringMatching(/^38\.8/) }] });
  process.kill(Number(groupNode()?.pid), 'SIGTERM');
  await waitUntil('a caller is told', async () => {
    const { status, body } = await call('Locate');
    return status === 503 && body.code === 'NO_NODE_READY';
  });
  await waitUntil('the group answers again', async () => (await call('Locate')).status === 200);
}, 120_000);
