import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GeneratedOutcome } from '../support/ask-generated-inputs.ts';

/** `GENERATED_INPUTS=1000000` is the full length; `GENERATED_SEED` tells other inputs. */
const count = Number(process.env.GENERATED_INPUTS ?? 100_000);
const seed = Number(process.env.GENERATED_SEED ?? 20_260_101);
/** Of processor time, the least of ten warm runs; a machine that tests every change may be many times slower. */
const slowestAllowedMs = count >= 1_000_000 ? 5 : 50;

test(`${count} generated inputs of seed ${seed} are answered, and none takes long`, async () => {
  const program = join(__dirname, '../support/ask-generated-inputs.ts');
  const words = ['--import', 'tsx', program, String(count), String(seed)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 2 ** 24 });
  const { asked, slowestMs, slowest } = JSON.parse(stdout) as GeneratedOutcome;
  process.stderr.write(`the slowest of all took ${slowestMs.toFixed(1)} ms of processor time, warm\n`);
  expect(asked).toBe(count);
  if (slowestMs > slowestAllowedMs) throw new Error(`${slowestMs} ms of processor time for ${JSON.stringify(slowest)}`);
}, 3_600_000);
