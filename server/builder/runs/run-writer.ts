import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

/** ZIP Codes of one sectional center facility lie together: their first three digits. */
export const codesPerBucket = 100;

/** Records wait in memory up to this size; then they go to the file, bucket by bucket. */
const bytesPerRun = 67_108_864;

/** Where the records of one bucket lie in `runs.bin`. */
export interface RunSlice {
  readonly bucket: number;
  readonly position: number;
  readonly sizeBytes: number;
}

/** The records of a piece: those of each bucket side by side, and the bucket and size of each in turn. */
interface SortedRecords {
  readonly bytes: Uint8Array;
  readonly buckets: Uint32Array;
}

/**
 * Distributes the records of one source over buckets of ZIP Codes, in bounded memory: within a bucket they stay in the
 * order in which they came.
 */
export class RunWriter {
  readonly #slices: RunSlice[] = [];
  #waiting = new Map<number, Uint8Array[]>();
  #waitingBytes = 0;
  #position = 0;

  private constructor(readonly handle: FileHandle) {}

  static async create(folder: string): Promise<RunWriter> {
    await mkdir(folder, { recursive: true });
    return new RunWriter(await open(join(folder, runFile), 'w'));
  }

  async add({ bytes, buckets }: SortedRecords): Promise<void> {
    let from = 0;
    for (let at = 0; at < buckets.length; at += 2) {
      const [bucket = 0, sizeBytes = 0] = [buckets[at], buckets[at + 1]];
      const part = bytes.subarray(from, from + sizeBytes);
      const known = this.#waiting.get(bucket);
      if (known) known.push(part);
      else this.#waiting.set(bucket, [part]);
      from += sizeBytes;
    }
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= bytesPerRun) await this.#flush();
  }

  /** What a reader needs, once everything is on disk. */
  async finish(): Promise<readonly RunSlice[]> {
    await this.#flush();
    await this.handle.sync();
    await this.handle.close();
    return this.#slices;
  }

  async abandon(): Promise<void> {
    await this.handle.close();
  }

  async #flush(): Promise<void> {
    const buckets = [...this.#waiting].sort(([a], [b]) => a - b);
    this.#waiting = new Map();
    this.#waitingBytes = 0;
    for (const [bucket, parts] of buckets) {
      const bytes = Buffer.concat(parts);
      // writeFile goes on after a short write, which one `write` call may be.
      await this.handle.writeFile(bytes);
      this.#slices.push({ bucket, position: this.#position, sizeBytes: bytes.length });
      this.#position += bytes.length;
    }
  }
}

export const runFile = 'runs.bin';
