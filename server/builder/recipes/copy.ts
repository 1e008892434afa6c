import { resolve } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';
import { openObjectStore, parseLocation } from '../../object-store/index.ts';
import { BuildProgress, type StepProgress } from '../build-progress.ts';
import { copyVintage } from '../copying/vintage-copy.ts';
import { InputError } from '../input-error.ts';
import { UsageError } from '../usage-error.ts';
import { type Flags, readProgressForm, readRequired, text } from './flags.ts';

export const copyFlags = { out: text, progress: text } as const;

/** Copies a sealed vintage from a bucket or folder, verified; the very same one that is there already stays. */
export async function runCopy(flags: Flags<typeof copyFlags>, paths: readonly string[]): Promise<void> {
  const out = resolve(readRequired(flags, 'out', 'give the folder that holds the databases'));
  const form = readProgressForm(flags.progress);
  const [source, ...others] = paths;
  if (source === undefined || others.length > 0) throw new UsageError(`copy takes one location, not ${paths.length}`);
  const from = readLocation(source);
  const tell = (step: StepProgress) => print(form === 'json' ? JSON.stringify(toBytes(step)) : describe(step));
  const store = openObjectStore();
  let step: ReturnType<BuildProgress['begin']> | undefined;
  let copied = 0;
  try {
    const onBytes = (done: number, total: number) => {
      step ??= new BuildProgress(tell).begin('copy', total);
      step.report(done, done);
      copied = done;
    };
    const { folder, manifest, isNew } = await copyVintage({ store, from, out, onBytes });
    step?.end(copied);
    const { database, vintage, counts } = manifest;
    if (form === 'json')
      print(JSON.stringify({ step: 'done', folder, database, vintage, isNew, bytes: copied, counts }));
    else print(`${folder} ${isNew ? 'is copied and verified' : 'was there already'}`);
  } catch (error) {
    throw error instanceof SpectrumError && lasting.has(error.code) ? new InputError(error.message) : error;
  } finally {
    store.close();
  }
}

/** What no other try mends: a vintage that changes, or whose manifest is not as it was sealed. */
const lasting: ReadonlySet<string> = new Set(['OBJECT_CHANGED', 'REFERENCE_DATA_CORRUPT', 'REFERENCE_DATA_FORMAT']);

function readLocation(source: string) {
  try {
    return parseLocation(source);
  } catch (error) {
    throw error instanceof SpectrumError ? new UsageError(error.message) : error;
  }
}

function toBytes({ records: bytes, recordsPerSecond: bytesPerSecond, ...step }: StepProgress) {
  return { ...step, bytes, bytesPerSecond };
}

function describe({ records, recordsPerSecond, share, secondsLeft }: StepProgress): string {
  const mega = (bytes: number) => (bytes / 1e6).toFixed(1);
  return `copy: ${Math.floor(share * 100)} %, ${mega(records)} MB, ${mega(recordsPerSecond)} MB/s, ${secondsLeft} s left`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
