import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isAlive,
  listProcesses,
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
