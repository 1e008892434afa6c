import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';
import { type AddressRecord, addSizes, readRecords } from './address-record.ts';
import { codesPerBucket, type RunSlice, runFile } from './run-writer.ts';

/** The records of a ZIP Code, those of earlier sources first. */
export interface CodeRecords {
  readonly postalCode: number;
  readonly records: readonly AddressRecord[];
}

/** Records are decoded up to this size at once; a bucket beyond it is read once for each group of ZIP Codes. */
const largestDecodeBytes = 33_554_432;

interface PlacedSlice extends RunSlice {
  readonly file: FileHandle;
}

/** Gives back what `RunWriter` distributed, ZIP Code by ZIP Code in ascending order. */
export class BucketReader {
  private constructor(
    readonly files: readonly FileHandle[],
    readonly slices: ReadonlyMap<number, readonly PlacedSlice[]>,
  ) {}

  /** @param sources folders of the run files, in the order of the sources */
  static async open(
    sources: readonly { readonly folder: string; readonly slices: readonly RunSlice[] }[],
  ): Promise<BucketReader> {
    const files: FileHandle[] = [];
    const byBucket = new Map<number, PlacedSlice[]>();
    for (const { folder, slices } of sources) {
      const file = await open(join(folder, runFile), 'r');
      files.push(file);
      for (const slice of slices) {
        const known = byBucket.get(slice.bucket);
        if (known) known.push({ ...slice, file });
        else byBucket.set(slice.bucket, [{ ...slice, file }]);
      }
    }
    return new BucketReader(files, new Map([...byBucket].sort(([a], [b]) => a - b)));
  }

  async *read(): AsyncGenerator<CodeRecords> {
    for (const [bucket, slices] of this.slices) {
      const sizeBytes = slices.reduce((sum, slice) => sum + slice.sizeBytes, 0);
      const groups = sizeBytes <= largestDecodeBytes ? [undefined] : await groupCodes(slices);
      for (const group of groups) yield* await readCodes(slices, bucket, group);
    }
  }

  async close(): Promise<void> {
    for (const file of this.files) await file.close();
  }
}

/** @param group ZIP Codes to read, or all of the bucket */
async function readCodes(
  slices: readonly PlacedSlice[],
  bucket: number,
  group: ReadonlySet<number> | undefined,
): Promise<readonly CodeRecords[]> {
  const byCode: AddressRecord[][] = Array.from({ length: codesPerBucket }, () => []);
  for (const slice of slices) {
    const wants = (code: number): boolean => group === undefined || group.has(code);
    for (const { postalCode, record } of readRecords(await readSlice(slice), wants)) {
      byCode[postalCode % codesPerBucket]?.push(record);
    }
  }
  return byCode
    .map((records, index) => ({ postalCode: bucket * codesPerBucket + index, records }))
    .filter(({ records }) => records.length > 0);
}

/** ZIP Codes in ascending order, so many together as may be decoded at once. */
async function groupCodes(slices: readonly PlacedSlice[]): Promise<readonly ReadonlySet<number>[]> {
  const sizes = new Map<number, number>();
  for (const slice of slices) addSizes(await readSlice(slice), sizes);
  const groups: Set<number>[] = [];
  let groupBytes = Number.POSITIVE_INFINITY;
  for (const [code, sizeBytes] of [...sizes].sort(([a], [b]) => a - b)) {
    if (groupBytes + sizeBytes > largestDecodeBytes) {
      groups.push(new Set());
      groupBytes = 0;
    }
    groups.at(-1)?.add(code);
    groupBytes += sizeBytes;
  }
  return groups;
}

async function readSlice({ file, position, sizeBytes }: PlacedSlice): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const { bytesRead } = await file.read(bytes, filled, sizeBytes - filled, position + filled);
    if (bytesRead === 0) throw new SpectrumError('INVALID_SETTING', 'a run file is cut; build anew', { position });
    filled += bytesRead;
  }
  return bytes;
}
