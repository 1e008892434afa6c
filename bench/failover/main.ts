import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../report.ts';
import { startCluster } from './local-cluster.ts';
import { runFailover } from './scenario.ts';

const durationMs = Number(process.env.FAILOVER_SECONDS ?? 60) * 1_000;

/** Failed requests of clients while one node is killed and another leaves in order. */
export async function run(report: Report): Promise<void> {
  const dataPath = mkdtempSync(join(tmpdir(), 'spectrum-failover-'));
  const cluster = await startCluster(dataPath);
  try {
    const { requests, failuresOfKill, failuresOfDrain } = await runFailover(cluster, dataPath, durationMs);
    report.note(`${requests} requests in ${durationMs / 1_000} s of load`);
    for (const failure of [...failuresOfKill, ...failuresOfDrain].slice(0, 10)) report.note(failure);
    report.add({ suite: 'failover', measure: 'failed-requests-kill', value: failuresOfKill.length });
    report.add({ suite: 'failover', measure: 'failed-requests-drain', value: failuresOfDrain.length });
  } finally {
    cluster.starter.kill('SIGTERM');
    await cluster.ended;
    rmSync(dataPath, { recursive: true });
  }
}
