import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleWorld, type Mutant, mutants } from '../support/table-mutants.ts';

const execute = promisify(execFile);
const root = resolve(__dirname, '../..');
const durationMs = 30_000;
const seeds = Number(process.env.CHAOS_SEEDS ?? 6);
const firstSeed = Number(process.env.CHAOS_SEED ?? 1);
const rounds = 6;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutants-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Found {
  readonly acknowledged: number;
  readonly violations: readonly string[];
}

async function run(name: string, mutant?: Mutant, from = firstSeed): Promise<Found> {
  const program = join(folder, `${name.replaceAll(' ', '-')}.cjs`);
  await bundleWorld(program, mutant);
  const { stdout } = await execute(process.execPath, [program, durationMs, from, seeds].map(String), {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  });
  return JSON.parse(stdout);
}

test('a cluster under faults, kills, pauses, outages, home moves and a forced move keeps every promise', async () => {
  const { acknowledged, violations } = await run('as it is');
  expect(violations).toEqual([]);
  expect(acknowledged).toBeGreaterThan(seeds * 300);
});

test.each(mutants)('the checker catches a node that $name', async (mutant) => {
  // What a fault meets is a matter of chance: of a rare meeting, several rounds are needed.
  for (let round = 0; round < rounds; round++) {
    const { violations } = await run(mutant.name, mutant, firstSeed + round * seeds);
    if (violations.length > 0) return;
  }
  throw new Error(`not caught by ${rounds * seeds} seeds from ${firstSeed} on`);
});
