import { parseArgs } from 'node:util';
import { containerPaths } from '../../contract/container.ts';
import { environment } from '../../contract/environment.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { type Location, type ObjectStore, openObjectStore, parseLocation } from '../object-store/index.ts';
import { runPartition } from './partition.ts';
import { planPartitions } from './planning.ts';

const usage = `job plan PLAN
  Cuts the input into partitions and lists them beside the plan, with the words that run each.
job partition PLAN --partition NUMBER --bytes FROM-TO [--first-line NUMBER]
  Runs one of them.
  PLAN, and what it names, is a path or s3://<bucket>/<key>.`;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Verb = (store: ObjectStore, planAt: Location, flags: Flags) => Promise<object>;
type Flags = Readonly<Record<'partition' | 'bytes' | 'first-line', string | undefined>>;

const verbs: Readonly<Record<string, Verb>> = {
  plan: async (store, planAt) => ({ partitions: await planPartitions(store, planAt) }),
  partition: (store, planAt, flags) => {
    const partition = readNumber('partition', flags.partition);
    const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(flags.bytes ?? '') ?? [];
    if (!to || Number(to) < Number(from)) throw new UsageError(`--bytes: "${flags.bytes ?? ''}" is not FROM-TO`);
    return runPartition({
      store,
      planAt,
      partition,
      bytes: { from: Number(from), to: Number(to) },
      firstLine: readNumber('first-line', flags['first-line'] ?? '1'),
      referenceData: process.env[environment.referenceData] ?? containerPaths.referenceData,
      onRows: createRowReport(partition),
      // A staged file that the end of the process leaves behind would fill the disk of the next try.
      onStaged: (file) => process.once('exit', () => file.discard()),
    });
  },
};

async function main(words: readonly string[]): Promise<number> {
  const store = openObjectStore();
  try {
    const { values, positionals } = readWords(words);
    const [name = '', plan, ...more] = positionals;
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (!verb || plan === undefined || more.length > 0)
      throw new UsageError(`give one of ${Object.keys(verbs).join(', ')} and one plan`);
    const { partition, bytes } = values;
    const flags = { partition, bytes, 'first-line': values['first-line'] };
    process.stdout.write(`${JSON.stringify(await verb(store, parseLocation(plan), flags))}\n`);
    return exitCodes.success.code;
  } catch (error) {
    const { code, sentence } = explain(error);
    process.stderr.write(`job: ${sentence}\n`);
    return code;
  } finally {
    store.close();
  }
}

function readWords(words: readonly string[]) {
  const options = {
    partition: { type: 'string' },
    bytes: { type: 'string' },
    'first-line': { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readNumber(flag: string, text = ''): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${flag}: "${text}" is not allowed; use a whole number from 0`);
}

/** Says every ten seconds how many rows are done. */
function createRowReport(partition: number): (rows: number) => void {
  let toldMs = performance.now();
  return (rows) => {
    if (performance.now() - toldMs < 10_000) return;
    toldMs = performance.now();
    process.stdout.write(`${JSON.stringify({ partition, rows })}\n`);
  };
}

/** What ends the same way however often it is tried: a plan, input or output that does not fit. */
const lasting: ReadonlySet<ErrorCode> = new Set([
  'INVALID_OPTION',
  'INVALID_SETTING',
  'OBJECT_CHANGED',
  'OBJECT_IN_USE',
  'REFERENCE_DATA_CORRUPT',
  'REFERENCE_DATA_FORMAT',
  'UNKNOWN_SERVICE',
]);

function explain(error: unknown): { readonly code: number; readonly sentence: string } {
  if (error instanceof UsageError) return { code: exitCodes.usage.code, sentence: `${error.message}\n${usage}` };
  if (error instanceof SpectrumError) {
    const ending = lasting.has(error.code) ? exitCodes.inputRefused : exitCodes.internal;
    return { code: ending.code, sentence: error.message };
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
    return { code: exitCodes.diskFull.code, sentence: 'no room is left on the disk' };
  }
  return { code: exitCodes.internal.code, sentence: error instanceof Error ? String(error.stack) : String(error) };
}

// What was staged goes with the exit; a partition counts only with its manifest, so nothing else needs an end.
process.once('SIGTERM', () => process.exit(exitCodes.terminated.code));
process.stdout.on('error', () => undefined);
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
