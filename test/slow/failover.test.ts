import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listProcesses, type StartedCluster, startCluster } from '../../bench/failover/local-cluster.ts';
import { runFailover } from '../../bench/failover/scenario.ts';

/** Seconds of load; the share of automation is short, `FAILOVER_SECONDS=60` is the full length. */
const durationMs = Number(process.env.FAILOVER_SECONDS ?? 20) * 1_000;

let dataPath = '';
let cluster: StartedCluster;

beforeAll(async () => {
  dataPath = mkdtempSync(join(tmpdir(), 'spectrum-failover-'));
  cluster = await startCluster(dataPath);
});
afterAll(async () => {
  cluster.starter.kill('SIGTERM');
  await cluster.ended;
  rmSync(dataPath, { recursive: true });
});

test(`no client request fails in ${durationMs / 1_000} s while one node is killed and the other leaves`, async () => {
  const { requests, failuresOfKill, failuresOfDrain } = await runFailover(cluster, dataPath, durationMs);
  process.stderr.write(`failover: ${requests} requests, ${failuresOfKill.length + failuresOfDrain.length} failed\n`);
  expect(failuresOfKill).toEqual([]);
  expect(failuresOfDrain).toEqual([]);
});

test('both nodes are back and the person was told', () => {
  expect(listProcesses(dataPath).map(({ name, port }) => [name, typeof port])).toEqual([
    ['configuration', 'number'],
    ['node-1', 'number'],
    ['node-2', 'number'],
    ['balancer', 'number'],
  ]);
  const said = cluster.output();
  for (const line of ['node-1 ended (SIGKILL)', 'node-1 is back', 'node-2 ended (code 0)', 'node-2 is back']) {
    expect(said).toContain(line);
  }
});
