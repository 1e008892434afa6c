import type { AddressPointRecord, AddressRangeRecord } from '../../reference-data/index.ts';

/** One point or range as it lies in a run file between reading and writing. */
export type AddressRecord =
  | { readonly kind: 'point'; readonly streetKey: string; readonly point: AddressPointRecord }
  | { readonly kind: 'range'; readonly streetKey: string; readonly range: AddressRangeRecord };

const kinds = { point: 0, range: 1 } as const;
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
    this.#byte(kinds[record.kind]);
    this.#text(record.streetKey);
    if (record.kind === 'point') this.#point(record.point);
    else this.#range(record.range);
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

  #byte(value: number): void {
    this.#bytes[this.length++] = value;
  }

  #uint16(value: number): void {
    this.length = this.#bytes.writeUInt16LE(value, this.length);
  }

  #double(value: number): void {
    this.length = this.#bytes.writeDoubleLE(value, this.length);
  }

  #text(value: string): void {
    const written = this.#bytes.write(value, this.length + 2, 'utf8');
    this.#bytes.writeUInt16LE(written, this.length);
    this.length += 2 + written;
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
  const { houseNumber, unitDesignator, unitNumber } = record.point;
  return 3 * (record.streetKey.length + houseNumber.length + unitDesignator.length + unitNumber.length);
}

/** Walks the records of a slice; those of ZIP Codes nobody asks for are stepped over. */
export function* readRecords(
  bytes: Buffer,
  wants: (postalCode: number) => boolean,
): Generator<{ readonly postalCode: number; readonly record: AddressRecord }> {
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at)) {
    const postalCode = bytes.readUInt32LE(at + 4);
    if (wants(postalCode)) yield { postalCode, record: readRecord(new RecordReader(bytes, at + headBytes)) };
  }
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
  const streetKey = reader.text();
  if (kind === kinds.point) {
    const [houseNumber, unitDesignator, unitNumber] = [reader.text(), reader.text(), reader.text()];
    const addOn = reader.addOn();
    const coordinates = { longitude: reader.double(), latitude: reader.double() };
    return { kind: 'point', streetKey, point: { houseNumber, unitDesignator, unitNumber, addOn, coordinates } };
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
  constructor(
    readonly bytes: Buffer,
    public at: number,
  ) {}

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
    return length === 0 ? '' : this.bytes.toString('utf8', this.at - length, this.at);
  }
}
