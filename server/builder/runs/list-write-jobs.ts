import { join } from 'node:path';
import type { PostalCodes } from '../postal-codes.ts';
import type { JobRunner } from '../work/work-pool.ts';
import type { PlacedSlice, WriteJob } from '../work/write-job.ts';
import { codesPerBucket, type RunSlice, runFile } from './run-writer.ts';

/** Records are decoded up to this size at once; a bucket or a ZIP Code beyond it is read more than once. */
const largestDecodeBytes = 12_582_912;

/**
 * The jobs that write every ZIP Code of the run files, in ascending order.
 * @param sources folders of the run files, in the order of the sources
 */
export async function* listWriteJobs(
  sources: readonly { readonly folder: string; readonly slices: readonly RunSlice[] }[],
  postalCodes: PostalCodes,
  runner: JobRunner,
): AsyncGenerator<WriteJob> {
  for (const [bucket, slices] of sortByBucket(sources)) {
    const sizeBytes = slices.reduce((sum, slice) => sum + slice.sizeBytes, 0);
    const codes = listCodes(bucket, postalCodes);
    if (sizeBytes <= largestDecodeBytes) yield { kind: 'write', slices, postalCodes: codes, turns: 1 };
    else yield* await splitBucket(slices, codes, runner);
  }
}

function sortByBucket(
  sources: Parameters<typeof listWriteJobs>[0],
): readonly (readonly [bucket: number, slices: readonly PlacedSlice[]])[] {
  const byBucket = new Map<number, PlacedSlice[]>();
  for (const { folder, slices } of sources) {
    for (const { bucket, position, sizeBytes } of slices) {
      const known = byBucket.get(bucket) ?? [];
      known.push({ path: join(folder, runFile), position, sizeBytes });
      byBucket.set(bucket, known);
    }
  }
  return [...byBucket].sort(([a], [b]) => a - b);
}

function listCodes(bucket: number, postalCodes: PostalCodes): WriteJob['postalCodes'] {
  const codes = Array.from({ length: codesPerBucket }, (_, index) => String(bucket * codesPerBucket + index));
  return codes.map((code) => postalCodes.find(code.padStart(5, '0'))).filter((found) => found !== undefined);
}

/** ZIP Codes in ascending order, so many together as may be decoded at once. */
async function splitBucket(
  slices: readonly PlacedSlice[],
  codes: WriteJob['postalCodes'],
  runner: JobRunner,
): Promise<readonly WriteJob[]> {
  const sizes = await runner.run({ kind: 'weigh', slices });
  const jobs: WriteJob[] = [];
  let group: WriteJob['postalCodes'][number][] = [];
  let groupBytes = 0;
  const close = (): void => {
    const turns = Math.max(1, Math.ceil(groupBytes / largestDecodeBytes));
    if (group.length > 0) jobs.push({ kind: 'write', slices, postalCodes: group, turns });
    group = [];
    groupBytes = 0;
  };
  for (const postalCode of codes) {
    const sizeBytes = sizes.get(Number(postalCode.code)) ?? 0;
    if (sizeBytes === 0) continue;
    if (groupBytes + sizeBytes > largestDecodeBytes) close();
    group.push(postalCode);
    groupBytes += sizeBytes;
  }
  close();
  return jobs;
}
