import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleWorld, type Mutant, mutants } from '../../test/support/table-mutants.ts';

export interface ChaosResult {
  readonly acknowledged: number;
  readonly violations: readonly string[];
}

const simulatedMs = 30_000;

/** The simulated cluster under faults, for so many seeds; with a mutant it stops at the first violation. */
export async function runChaos(seeds: number, mutant?: Mutant): Promise<ChaosResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-chaos-'));
  try {
    const program = join(folder, 'world.cjs');
    await bundleWorld(program, mutant);
    const env = { ...process.env, NODE_PATH: join(process.cwd(), 'node_modules') };
    const words = [program, simulatedMs, 1, seeds].map(String);
    const { stdout } = await promisify(execFile)(process.execPath, words, { env, maxBuffer: 2 ** 26 });
    return JSON.parse(stdout) as ChaosResult;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Percent of the planted bugs that the checker finds, and the names of those it does not. */
export async function huntMutants(seeds: number): Promise<{ caughtPercent: number; missed: string[] }> {
  const missed: string[] = [];
  for (const mutant of mutants) {
    const { violations } = await runChaos(seeds, mutant);
    if (violations.length === 0) missed.push(mutant.name);
  }
  return { caughtPercent: (100 * (mutants.length - missed.length)) / mutants.length, missed };
}
