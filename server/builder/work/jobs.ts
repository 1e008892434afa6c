import { PostalLookup, type SharedPostalCodes } from './postal-lookup.ts';
import { PieceReader, type ReadJob, type ReadResult } from './read-job.ts';
import { type WeighJob, type WriteJob, type WrittenCode, weighCodes, writeCodes } from './write-job.ts';

/** What a thread of the builder can be asked to do. */
export type Job = ReadJob | WeighJob | WriteJob;

export type ResultOf<Each extends Job> = Each extends ReadJob
  ? ReadResult
  : Each extends WeighJob
    ? ReadonlyMap<number, number>
    : readonly WrittenCode[];

/** Does jobs on the thread that it lives on. */
export class Workbench {
  readonly #reader: PieceReader;

  constructor(postalCodes: SharedPostalCodes) {
    this.#reader = new PieceReader(new PostalLookup(postalCodes));
  }

  async run<Each extends Job>(job: Each): Promise<ResultOf<Each>> {
    return (await this.#do(job)) as ResultOf<Each>;
  }

  #do(job: Job): Promise<ReadResult> | ResultOf<WeighJob> | ResultOf<WriteJob> {
    switch (job.kind) {
      case 'read':
        return this.#reader.run(job);
      case 'weigh':
        return weighCodes(job);
      case 'write':
        return writeCodes(job);
    }
  }
}

/** What may move to the other thread instead of being copied. */
export function listTransfers(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(value, found);
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (ArrayBuffer.isView(value)) {
    const { buffer } = value;
    // A small buffer shares its memory with others: that is copied.
    if (buffer instanceof ArrayBuffer && buffer.byteLength === value.byteLength) found.add(buffer);
  } else if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) collect(item, found);
}
