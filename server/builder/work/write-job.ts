import { closeSync, openSync, readSync } from 'node:fs';
import { SpectrumError } from '../../foundation/errors.ts';
import {
  type CityRecord,
  type EncodedStreet,
  type EncodedStreets,
  encodeStreet,
  layOutStreets,
  type PostalCodeRecord,
} from '../../reference-data/index.ts';
import { addSums, type BreakSums, noBreaks, sumBreaks } from '../block-numbering.ts';
import { PostalCodes } from '../postal-codes.ts';
import { type AddressRecord, addSizes, eachRecord, hashStreet } from '../runs/address-record.ts';
import { type AliasName, mergeStreets } from '../runs/merge-streets.ts';
import { nameAliases } from '../runs/name-aliases.ts';

/** Where records of a bucket lie. */
export interface PlacedSlice {
  readonly path: string;
  readonly position: number;
  readonly sizeBytes: number;
}

/** Adds up the bytes of each ZIP Code of a bucket. */
export interface WeighJob {
  readonly kind: 'weigh';
  readonly slices: readonly PlacedSlice[];
}

/** Merges the records of some ZIP Codes and encodes their streets. */
export interface WriteJob {
  readonly kind: 'write';
  /** Those of earlier sources first. */
  readonly slices: readonly PlacedSlice[];
  /** The ZIP Codes that lie in the slices and are to be written, ascending. */
  readonly postalCodes: readonly PostalCodeRecord[];
  /** Records are decoded in so many turns, each with some of the streets, when they are too many for one. */
  readonly turns: number;
}

export interface WrittenCode {
  readonly code: string;
  readonly encoded: EncodedStreets;
  /** Of the ZIP Code, with those that only its addresses name. */
  readonly cities: readonly CityRecord[];
  readonly streets: number;
  readonly points: number;
  readonly ranges: number;
  readonly firms: number;
  readonly urbanizations: number;
  readonly aliases: number;
  /** Aliases of streets that are not there, or that are streets of their own. */
  readonly aliasesLeftOut: number;
  readonly records: number;
  /** Records that said what another had said. */
  readonly folded: number;
  readonly breaks: BreakSums;
}

/** Read and kept as bytes at once; records are made of one piece after the other. */
const pieceBytes = 8_388_608;

/** Bytes by ZIP Code. */
export function weighCodes({ slices }: WeighJob): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>();
  for (const slice of slices) for (const bytes of readSlice(slice)) addSizes(bytes, sizes);
  return sizes;
}

export function writeCodes({ slices, postalCodes, turns }: WriteJob): readonly WrittenCode[] {
  const known = new PostalCodes();
  for (const postalCode of postalCodes) known.add(postalCode);
  const growing = new Map(postalCodes.map(({ code }) => [Number(code), new GrowingCode(code)]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const slice of slices) {
      for (const bytes of readSlice(slice)) {
        const wants = (code: number, at: number): boolean =>
          growing.has(code) && (turns === 1 || hashStreet(bytes, at) % turns === turn);
        eachRecord(bytes, wants, (code, record) => growing.get(code)?.records.push(record));
      }
    }
    for (const code of growing.values()) code.merge(known);
  }
  return [...growing.values()].filter(({ isEmpty }) => !isEmpty).map((code) => code.finish(known));
}

/** One ZIP Code while its streets are brought together. */
class GrowingCode {
  records: AddressRecord[] = [];
  readonly #streets: EncodedStreet[] = [];
  readonly #aliases: AliasName[] = [];
  #breaks = noBreaks;
  readonly #counts = { points: 0, ranges: 0, firms: 0, urbanizations: 0, records: 0, folded: 0 };

  constructor(readonly code: string) {}

  get isEmpty(): boolean {
    return this.#streets.length === 0 && this.#aliases.length === 0;
  }

  /** Encodes the streets of the records at hand and lets the records go. */
  merge(postalCodes: PostalCodes): void {
    const { streets, aliases, folded } = mergeStreets(this.code, this.records, postalCodes);
    this.#counts.records += this.records.length;
    this.#counts.folded += folded;
    this.records = [];
    this.#aliases.push(...aliases);
    for (const content of streets) {
      this.#streets.push(encodeStreet(content));
      this.#counts.points += content.points.length;
      this.#counts.ranges += content.ranges.length;
      for (const { firmName } of content.points) if (firmName !== undefined) this.#counts.firms += 1;
      if (content.street.urbanization) this.#counts.urbanizations += 1;
      if (content.ranges.length > 1) this.#breaks = addSums(this.#breaks, sumBreaks(content.ranges));
    }
  }

  finish(postalCodes: PostalCodes): WrittenCode {
    const { code } = this;
    const cities = postalCodes.find(code)?.cities ?? [];
    const aliases = nameAliases(this.#streets, this.#aliases);
    const encoded = layOutStreets([...this.#streets, ...aliases.streets]);
    const named = { aliases: aliases.streets.length, aliasesLeftOut: aliases.leftOut };
    return { code, encoded, cities, streets: this.#streets.length, ...this.#counts, ...named, breaks: this.#breaks };
  }
}

/** The bytes of a slice in pieces of whole records. */
function* readSlice({ path, position, sizeBytes }: PlacedSlice): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    for (let done = 0; done < sizeBytes; ) {
      const bytes = readFully(file, position + done, Math.min(pieceBytes, sizeBytes - done), path);
      const end = done + bytes.length < sizeBytes ? lastRecordEnd(bytes) : bytes.length;
      yield bytes.subarray(0, end);
      done += end;
    }
  } finally {
    closeSync(file);
  }
}

function lastRecordEnd(bytes: Buffer): number {
  let at = 0;
  while (at + 4 <= bytes.length && at + bytes.readUInt32LE(at) <= bytes.length) at += bytes.readUInt32LE(at);
  return at;
}

function readFully(file: number, position: number, sizeBytes: number, path: string): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  for (let filled = 0; filled < sizeBytes; ) {
    const read = readSync(file, bytes, filled, sizeBytes - filled, position + filled);
    if (read === 0) throw new SpectrumError('INVALID_SETTING', `${path} is cut; build anew`, { path, position });
    filled += read;
  }
  return bytes;
}
