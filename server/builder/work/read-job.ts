import type { AddressFact } from '../address-fact.ts';
import { RecordBuffer } from '../runs/address-record.ts';
import { codesPerBucket } from '../runs/run-writer.ts';
import { AddressStandard, type Fallback } from '../sources/address-standard.ts';
import { readPiece } from './piece.ts';
import type { PieceWork } from './piece-work.ts';
import type { PostalLookup } from './postal-lookup.ts';

export interface ReadJob {
  readonly kind: 'read';
  readonly work: PieceWork;
  /** Whether a point without ZIP Code takes the nearest one of its state. */
  readonly usesNearestPostalCode: boolean;
}

export interface ReadResult {
  readonly lines: number;
  readonly records: number;
  /** Lines counted from 1 within the piece. */
  readonly rejects: readonly { readonly line: number; readonly reason: string }[];
  /** The records taken in, those of one bucket side by side, each in the order of the file. */
  readonly bytes: Uint8Array;
  /** Bucket and size in bytes, in turn, buckets ascending. */
  readonly buckets: Uint32Array;
}

/** Reads pieces on one thread; what it has standardised it remembers for the next. */
export class PieceReader {
  readonly #standards = new Map<string, AddressStandard>();

  constructor(readonly lookup: PostalLookup) {}

  async run({ work, usesNearestPostalCode }: ReadJob): Promise<ReadResult> {
    const buckets = new Map<number, RecordBuffer>();
    const rejects: { line: number; reason: string }[] = [];
    let records = 0;
    const lines = await readPiece(work, this.#standardOf(work.fallback), (fact) => {
      records += 1;
      const reason = this.#take(fact, buckets, usesNearestPostalCode);
      if (reason !== undefined) rejects.push({ line: fact.line, reason });
    });
    const sorted = [...buckets].sort(([a], [b]) => a - b);
    return {
      lines,
      records,
      rejects,
      bytes: Buffer.concat(sorted.map(([, buffer]) => buffer.bytes)),
      buckets: Uint32Array.from(sorted.flatMap(([bucket, { length }]) => [bucket, length])),
    };
  }

  /** Undefined when the fact was taken in, else why not. */
  #take(fact: AddressFact, buckets: Map<number, RecordBuffer>, usesNearestPostalCode: boolean): string | undefined {
    if (fact.kind === 'reject') return fact.reason;
    const isPoint = fact.kind === 'point';
    let { postalCode }: { postalCode: string | undefined } = fact;
    if (isPoint && postalCode === '' && usesNearestPostalCode) {
      postalCode = this.lookup.findNearest(fact.stateProvince, fact.point.coordinates);
    }
    if (!postalCode) return 'no ZIP Code';
    const refused = this.lookup.refuse(postalCode, isPoint ? fact.stateProvince : '');
    if (refused !== undefined) return refused;
    const code = Number(postalCode);
    const bucket = Math.floor(code / codesPerBucket);
    let buffer = buckets.get(bucket);
    if (!buffer) {
      buffer = new RecordBuffer();
      buckets.set(bucket, buffer);
    }
    buffer.add(code, fact);
    return undefined;
  }

  #standardOf(fallback: Fallback): AddressStandard {
    const key = `${fallback.city}\n${fallback.state}`;
    const known = this.#standards.get(key);
    if (known) return known;
    const standard = new AddressStandard(fallback);
    this.#standards.set(key, standard);
    return standard;
  }
}
