import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../report.ts';
import { type StartedCluster, startCluster } from './local-cluster.ts';
import { runFailover } from './scenario.ts';
import { runVintageSwitches } from './vintage-switch.ts';
import { buildSwitchedVintages } from './vintages.ts';

const durationMs = Number(process.env.FAILOVER_SECONDS ?? 60) * 1_000;

/** Failed requests of clients while one node is killed, another leaves in order, and a database changes its vintage. */
export async function run(report: Report): Promise<void> {
  const dataPath = mkdtempSync(join(tmpdir(), 'spectrum-failover-'));
  const cluster = await startCluster(dataPath);
  try {
    const { requests, failuresOfKill, failuresOfDrain } = await runFailover(cluster, dataPath, durationMs);
    report.note(`${requests} requests in ${durationMs / 1_000} s of load`);
    for (const failure of [...failuresOfKill, ...failuresOfDrain].slice(0, 10)) report.note(failure);
    report.add({ suite: 'failover', measure: 'failed-requests-kill', value: failuresOfKill.length });
    report.add({ suite: 'failover', measure: 'failed-requests-drain', value: failuresOfDrain.length });
    await measureVintageSwitch(cluster, dataPath, report);
  } finally {
    cluster.starter.kill('SIGTERM');
    await cluster.ended;
    rmSync(dataPath, { recursive: true });
  }
}

async function measureVintageSwitch(cluster: StartedCluster, dataPath: string, report: Report): Promise<void> {
  buildSwitchedVintages(join(dataPath, 'reference-data'));
  const { requests, switches, failures } = await runVintageSwitches(cluster, durationMs / 2);
  report.note(`${requests} requests while the vintage changed ${switches} times`);
  for (const failure of failures.slice(0, 10)) report.note(failure);
  report.add({ suite: 'failover', measure: 'failed-or-mixed-vintage-switch', value: failures.length });
}
