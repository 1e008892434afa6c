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
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutants-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(name: string, mutant?: Mutant): Promise<{ acknowledged: number; violations: string[] }> {
  const program = join(folder, `${name.replaceAll(' ', '-')}.cjs`);
  await bundleWorld(program, mutant);
  const { stdout } = await execute(process.execPath, [program, durationMs, firstSeed, seeds].map(String), {
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
  const { violations } = await run(mutant.name, mutant);
  expect(violations).not.toEqual([]);
});
