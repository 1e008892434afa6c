import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type AddressRecord, RecordBuffer } from './address-record.ts';

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

/**
 * Distributes the records of one source over buckets of ZIP Codes, in bounded memory: within a bucket they stay in the
 * order in which they came.
 */
export class RunWriter {
  readonly #slices: RunSlice[] = [];
  #waiting = new Map<number, RecordBuffer>();
  #waitingBytes = 0;
  #position = 0;

  private constructor(readonly handle: FileHandle) {}

  static async create(folder: string): Promise<RunWriter> {
    await mkdir(folder, { recursive: true });
    return new RunWriter(await open(join(folder, runFile), 'w'));
  }

  /** Added by the million, so this is no promise; `flush` when it is full. */
  add(postalCode: number, record: AddressRecord): void {
    const bucket = Math.floor(postalCode / codesPerBucket);
    let buffer = this.#waiting.get(bucket);
    if (!buffer) {
      buffer = new RecordBuffer();
      this.#waiting.set(bucket, buffer);
    }
    const before = buffer.length;
    buffer.add(postalCode, record);
    this.#waitingBytes += buffer.length - before;
  }

  get isFull(): boolean {
    return this.#waitingBytes >= bytesPerRun;
  }

  async flush(): Promise<void> {
    const buckets = [...this.#waiting].sort(([a], [b]) => a - b);
    this.#waiting = new Map();
    this.#waitingBytes = 0;
    for (const [bucket, { bytes }] of buckets) {
      await this.handle.writeFile(bytes);
      this.#slices.push({ bucket, position: this.#position, sizeBytes: bytes.length });
      this.#position += bytes.length;
    }
  }

  /** What a reader needs, once everything is on disk. */
  async finish(): Promise<readonly RunSlice[]> {
    await this.flush();
    await this.handle.sync();
    await this.handle.close();
    return this.#slices;
  }

  async abandon(): Promise<void> {
    await this.handle.close();
  }
}

export const runFile = 'runs.bin';
