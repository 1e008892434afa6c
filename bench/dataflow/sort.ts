import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Report } from '../report.ts';

/** The most memory that a process of its own takes while it sorts five million rows, and then joins them with others. */
export async function measureSortAndJoin(folder: string, report: Report): Promise<void> {
  const program = join(folder, 'sort-process.cjs');
  const entry = join(import.meta.dirname, 'sort-process.ts');
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the process that sorts ended with ${status}: ${stderr}`);
  const { peakMiB, sortSeconds, joinSeconds } = JSON.parse(stdout) as Record<string, number>;
  report.note(`5 million rows: sort ${sortSeconds} CPU s, join ${joinSeconds} CPU s`);
  report.add({ suite: 'dataflow', measure: 'sort-5m-peak-mib', value: Number(peakMiB), unit: 'MiB' });
}
