import { ByteReader, ByteWriter } from './bytes.ts';
import { layout } from './format.ts';
import type { StreetRecord } from './records.ts';
import { formatStreetNotes, hasStreetNotes, parseStreetNotes } from './street-notes.ts';

/** Where a part of a street's points or ranges lies: block number counted from the ZIP Code's first data block. */
export interface ChunkPlace {
  readonly block: number;
  readonly offset: number;
  /** Leading number of the first house number; 0 for ranges. */
  readonly firstHead: number;
}

export interface DirectoryEntry {
  readonly street: StreetRecord;
  readonly pointChunks: readonly ChunkPlace[];
  readonly rangeChunks: readonly ChunkPlace[];
}

/**
 * One directory block: u16 number of entries, u16 offset of each restart, the texts that entries share (suffixes,
 * directionals, cities), the entries. Names are cut by the prefix they share with the entry before, but not at restarts.
 */
export function encodeDirectoryBlock(entries: readonly DirectoryEntry[]): Buffer {
  const texts = new Map<string, number>();
  const body = new ByteWriter();
  const restarts: number[] = [];
  let previous = Buffer.alloc(0);
  entries.forEach((entry, index) => {
    const isRestart = index % layout.restartInterval === 0;
    if (isRestart) restarts.push(body.length);
    const name = Buffer.from(entry.street.name, 'utf8');
    const shared = isRestart ? 0 : sharedPrefix(previous, name);
    body.varint(shared);
    body.varint(name.length - shared);
    body.bytes(name.subarray(shared));
    for (const text of partsOf(entry.street)) body.varint(indexOfText(texts, text));
    encodePlaces(body, entry.pointChunks);
    encodePlaces(body, entry.rangeChunks);
    previous = name;
  });
  return assemble(entries.length, restarts, [...texts.keys()], body.take());
}

/** The entries of one directory block, found by name or by number; decodes only what is asked for. */
export class DirectoryBlock {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #texts: readonly string[];
  readonly #postalCode: string;
  /** Whether any street here has more than a city. */
  readonly #hasNotes: boolean;

  constructor(bytes: Buffer, postalCode: string) {
    this.#bytes = bytes;
    this.#postalCode = postalCode;
    this.length = bytes.readUInt16LE(0);
    const reader = new ByteReader(bytes, 2 + 2 * this.#restarts);
    const texts: string[] = [];
    for (let left = reader.varint(); left > 0; left -= 1) texts.push(reader.text());
    this.#texts = texts;
    this.#hasNotes = texts.some(hasStreetNotes);
  }

  get #restarts(): number {
    return Math.ceil(this.length / layout.restartInterval);
  }

  /** Entries from number `from` on, one by one. */
  *entriesFrom(from: number): Generator<DirectoryEntry> {
    const restart = Math.floor(from / layout.restartInterval);
    if (from >= this.length) return;
    const reader = new ByteReader(this.#bytes, this.#offsetOf(restart));
    const name = new NameBuffer();
    for (let index = restart * layout.restartInterval; index < this.length; index += 1) {
      name.readNext(reader);
      if (index >= from) yield this.#readEntry(reader, name.toString());
      else skipEntry(reader);
    }
  }

  at(index: number): DirectoryEntry | undefined {
    for (const entry of this.entriesFrom(index)) return entry;
    return undefined;
  }

  named(name: string): DirectoryEntry[] {
    const found: DirectoryEntry[] = [];
    const restart = this.#restartBefore(name);
    const reader = new ByteReader(this.#bytes, this.#offsetOf(restart));
    const wanted = Buffer.from(name, 'utf8');
    const current = new NameBuffer();
    const first = restart * layout.restartInterval;
    // The next restart is not before `name`, so entries of that name begin there at the latest.
    const lastStart = first + layout.restartInterval;
    for (let index = first; index < this.length && (index <= lastStart || found.length > 0); index += 1) {
      current.readNext(reader);
      if (current.equals(wanted)) found.push(this.#readEntry(reader, name));
      else if (found.length > 0) return found;
      else skipEntry(reader);
    }
    return found;
  }

  /** The last restart whose name comes before `name`; entries of one name may begin before a restart of that name. */
  #restartBefore(name: string): number {
    let low = 0;
    let high = this.#restarts - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const reader = new ByteReader(this.#bytes, this.#offsetOf(middle));
      reader.varint();
      if (reader.text() < name) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #offsetOf(restart: number): number {
    return this.#bytes.readUInt16LE(2 + 2 * restart);
  }

  #readEntry(reader: ByteReader, name: string): DirectoryEntry {
    const text = (): string => this.#texts[reader.varint()] ?? '';
    const [predirectional, suffix, postdirectional, city] = [text(), text(), text(), text()];
    const plain = { postalCode: this.#postalCode, predirectional, name, suffix, postdirectional, city };
    const street = this.#hasNotes ? { ...plain, ...parseStreetNotes(city) } : plain;
    return { street, pointChunks: readPlaces(reader), rangeChunks: readPlaces(reader) };
  }
}

/** The name of the entry at hand, rebuilt from the prefix it shares with the one before. */
class NameBuffer {
  #bytes = Buffer.allocUnsafe(128);
  #length = 0;

  readNext(reader: ByteReader): void {
    const shared = reader.varint();
    const added = reader.varint();
    const start = reader.position;
    reader.skip(added);
    if (shared > this.#length) throw new RangeError('a name shares more than there is');
    if (shared + added > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes.subarray(0, shared)], 2 * (shared + added));
    }
    reader.bytes.copy(this.#bytes, shared, start, reader.position);
    this.#length = shared + added;
  }

  equals(wanted: Buffer): boolean {
    return this.#length === wanted.length && this.#bytes.compare(wanted, 0, wanted.length, 0, this.#length) === 0;
  }

  toString(): string {
    return this.#bytes.toString('utf8', 0, this.#length);
  }
}

function partsOf(street: StreetRecord): readonly string[] {
  return [street.predirectional, street.suffix, street.postdirectional, formatStreetNotes(street)];
}

function indexOfText(texts: Map<string, number>, text: string): number {
  const known = texts.get(text);
  if (known !== undefined) return known;
  texts.set(text, texts.size);
  return texts.size - 1;
}

function sharedPrefix(left: Buffer, right: Buffer): number {
  let length = 0;
  while (length < left.length && length < right.length && left[length] === right[length]) length += 1;
  return length;
}

function encodePlaces(writer: ByteWriter, places: readonly ChunkPlace[]): void {
  writer.varint(places.length);
  let block = 0;
  for (const place of places) {
    writer.varint(place.block - block);
    writer.varint(place.offset);
    writer.varint(place.firstHead + 1);
    block = place.block;
  }
}

function readPlaces(reader: ByteReader): ChunkPlace[] {
  const places: ChunkPlace[] = [];
  let block = 0;
  for (let left = reader.varint(); left > 0; left -= 1) {
    block += reader.varint();
    places.push({ block, offset: reader.varint(), firstHead: reader.varint() - 1 });
  }
  return places;
}

function skipEntry(reader: ByteReader): void {
  for (let part = 0; part < 4; part += 1) reader.varint();
  for (let list = 0; list < 2; list += 1) {
    for (let numbers = 3 * reader.varint(); numbers > 0; numbers -= 1) reader.varint();
  }
}

function assemble(count: number, restarts: readonly number[], texts: readonly string[], body: Buffer): Buffer {
  const head = new ByteWriter();
  head.varint(texts.length);
  for (const text of texts) head.text(text);
  const bodyAt = 2 + 2 * restarts.length + head.length;
  const block = new ByteWriter();
  block.uint16(count);
  for (const offset of restarts) block.uint16(bodyAt + offset);
  block.bytes(head.take());
  block.bytes(body);
  return block.take();
}
