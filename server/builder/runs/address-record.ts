import type { AddressPointRecord, AddressRangeRecord, StreetAliasType } from '../../reference-data/index.ts';

/** One point or range as it lies in a run file between reading and writing. */
export type AddressRecord =
  | { readonly kind: 'point'; readonly streetKey: string; readonly point: AddressPointRecord }
  | { readonly kind: 'range'; readonly streetKey: string; readonly range: AddressRangeRecord }
  | {
      readonly kind: 'alias';
      readonly streetKey: string;
      readonly type: StreetAliasType;
      readonly aliasKey: string;
    };

const kinds = { point: 0, range: 1, alias: 2, firm: 3 } as const;
const aliasTypes = ['A', 'C', 'O', 'P'] as const satisfies readonly StreetAliasType[];
const parities = ['E', 'O', 'B'] as const;
const noAddOn = 0xffff;
/** Length of the record, ZIP Code. */
const headBytes = 8;

/** Records of one bucket, one after the other, in a growing buffer. */
export class RecordBuffer {
  #bytes = Buffer.allocUnsafe(1024);
  length = 0;

  add(postalCode: number, record: AddressRecord): void {
    const start = this.length;
    this.#reserve(headBytes + 64 + boundOf(record));
    this.length += headBytes;
    const firmName = record.kind === 'point' ? record.point.firmName : undefined;
    this.#byte(firmName === undefined ? kinds[record.kind] : kinds.firm);
    this.#text(record.streetKey);
    if (record.kind === 'point') this.#point(record.point);
    else if (record.kind === 'range') this.#range(record.range);
    else this.#alias(record);
    if (firmName !== undefined) this.#text(firmName);
    this.#bytes.writeUInt32LE(this.length - start, start);
    this.#bytes.writeUInt32LE(postalCode, start + 4);
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  #point({ houseNumber, unitDesignator, unitNumber, addOn, coordinates }: AddressPointRecord): void {
    this.#text(houseNumber);
    this.#text(unitDesignator);
    this.#text(unitNumber);
    this.#uint16(addOn === '' ? noAddOn : Number(addOn));
    this.#double(coordinates.longitude);
    this.#double(coordinates.latitude);
  }

  #range({ low, high, parity, side, addOn, shape }: AddressRangeRecord): void {
    this.length = this.#bytes.writeUInt32LE(low, this.length);
    this.length = this.#bytes.writeUInt32LE(high, this.length);
    this.#byte(parities.indexOf(parity));
    this.#byte(side === 'L' ? 0 : 1);
    this.#uint16(addOn === '' ? noAddOn : Number(addOn));
    this.length = this.#bytes.writeUInt32LE(shape.length, this.length);
    for (const { longitude, latitude } of shape) {
      this.#double(longitude);
      this.#double(latitude);
    }
  }

  #alias({ type, aliasKey }: Extract<AddressRecord, { kind: 'alias' }>): void {
    this.#byte(aliasTypes.indexOf(type));
    this.#text(aliasKey);
  }

  #byte(value: number): void {
    this.#bytes[this.length++] = value;
  }

  #uint16(value: number): void {
    this.length = this.#bytes.writeUInt16LE(value, this.length);
  }

  #double(value: number): void {
    this.length = this.#bytes.writeDoubleLE(value, this.length);
  }

  /** Byte by byte as long as it is ASCII: a call of `Buffer.write` costs more than a short text. */
  #text(value: string): void {
    const start = this.length + 2;
    let written = 0;
    for (; written < value.length; written += 1) {
      const unit = value.charCodeAt(written);
      if (unit > 0x7f) break;
      this.#bytes[start + written] = unit;
    }
    if (written < value.length) written = this.#bytes.write(value, start, 'utf8');
    this.#bytes[this.length] = written & 0xff;
    this.#bytes[this.length + 1] = written >> 8;
    this.length = start + written;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.length + count));
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}

/** An UTF-16 unit takes at most three bytes in UTF-8. */
function boundOf(record: AddressRecord): number {
  if (record.kind === 'range') return 3 * record.streetKey.length + 16 * record.range.shape.length;
  if (record.kind === 'alias') return 3 * (record.streetKey.length + record.aliasKey.length);
  const { houseNumber, unitDesignator, unitNumber, firmName } = record.point;
  const ofUnit = unitDesignator.length + unitNumber.length;
  return 3 * (record.streetKey.length + houseNumber.length + ofUnit + (firmName?.length ?? 0));
}

/** Calls `visit` with the records of a slice that `wants` lets pass; others are stepped over. */
export function eachRecord(
  bytes: Buffer,
  wants: (postalCode: number, at: number) => boolean,
  visit: (postalCode: number, record: AddressRecord) => void,
): void {
  const reader = new RecordReader(bytes);
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at)) {
    const postalCode = bytes.readUInt32LE(at + 4);
    if (!wants(postalCode, at)) continue;
    reader.at = at + headBytes;
    visit(postalCode, readRecord(reader));
  }
}

/** A number that is equal for the records of one street, whatever their city is called (FNV-1a, 32 bits). */
export function hashStreet(bytes: Buffer, at: number): number {
  const start = at + headBytes + 3;
  const end = start + bytes.readUInt16LE(start - 2);
  let hash = 0x811c9dc5;
  // The city stands behind the fourth separator.
  for (let next = start, separators = 0; next < end && separators < 4; next += 1) {
    const byte = bytes[next] ?? 0;
    if (byte === 0x1f) separators += 1;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

/** Adds up the bytes of each ZIP Code in a slice. */
export function addSizes(bytes: Buffer, sizes: Map<number, number>): void {
  for (let at = 0; at < bytes.length; ) {
    const [sizeBytes, postalCode] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    sizes.set(postalCode, (sizes.get(postalCode) ?? 0) + sizeBytes);
    at += sizeBytes;
  }
}

function readRecord(reader: RecordReader): AddressRecord {
  const kind = reader.byte();
  const streetKey = reader.streetKey();
  if (kind === kinds.alias) {
    const type = aliasTypes[reader.byte()] ?? 'O';
    return { kind: 'alias', streetKey, type, aliasKey: reader.text() };
  }
  if (kind === kinds.point || kind === kinds.firm) {
    const [houseNumber, unitDesignator, unitNumber] = [reader.text(), reader.text(), reader.text()];
    const addOn = reader.addOn();
    const coordinates = { longitude: reader.double(), latitude: reader.double() };
    const point = { houseNumber, unitDesignator, unitNumber, addOn, coordinates };
    return { kind: 'point', streetKey, point: kind === kinds.firm ? { ...point, firmName: reader.text() } : point };
  }
  const [low, high] = [reader.uint32(), reader.uint32()];
  const parity = parities[reader.byte()] ?? 'B';
  const side = reader.byte() === 0 ? 'L' : 'R';
  const addOn = reader.addOn();
  const shape = Array.from({ length: reader.uint32() }, () => ({
    longitude: reader.double(),
    latitude: reader.double(),
  }));
  return { kind: 'range', streetKey, range: { low, high, parity, side, addOn, shape } };
}

class RecordReader {
  at = 0;
  /** The key of the record before: in many files neighbours stand side by side. */
  #keyStart = 0;
  #keyEnd = 0;
  #key = '';

  constructor(readonly bytes: Buffer) {}

  streetKey(): string {
    const length = this.bytes.readUInt16LE(this.at);
    const start = this.at + 2;
    this.at = start + length;
    const isSame =
      length === this.#keyEnd - this.#keyStart &&
      this.bytes.compare(this.bytes, this.#keyStart, this.#keyEnd, start, this.at) === 0;
    if (isSame) return this.#key;
    this.#key = this.bytes.toString('utf8', start, this.at);
    [this.#keyStart, this.#keyEnd] = [start, this.at];
    return this.#key;
  }

  byte(): number {
    this.at += 1;
    return this.bytes[this.at - 1] ?? 0;
  }

  uint32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }

  double(): number {
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }

  addOn(): string {
    this.at += 2;
    const value = this.bytes.readUInt16LE(this.at - 2);
    return value === noAddOn ? '' : String(value).padStart(4, '0');
  }

  text(): string {
    const length = this.bytes.readUInt16LE(this.at);
    this.at += 2 + length;
    if (length === 0) return '';
    if (length > 8) return this.bytes.toString('utf8', this.at - length, this.at);
    let text = '';
    for (let next = this.at - length; next < this.at; next += 1) {
      const byte = this.bytes[next] ?? 0;
      if (byte > 0x7f) return this.bytes.toString('utf8', this.at - length, this.at);
      text += String.fromCharCode(byte);
    }
    return text;
  }
}
