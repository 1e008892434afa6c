import { ByteReader, type ByteWriter } from './bytes.ts';
import { toDegrees, toUnits } from './format.ts';
import { joinNumber, splitNumber } from './ordering.ts';
import type { AddressPointRecord } from './records.ts';

/** What a point's first byte says. Six bytes are the usual size of a point without unit. */
const flags = {
  numberText: 1,
  unit: 2,
  addOn: 4,
  samePlace: 8,
  sameNumber: 16,
  sameDesignator: 32,
  firm: 64,
} as const;

/** @param points of one street, ordered by `comparePoints` */
export function encodePointChunk(writer: ByteWriter, points: readonly AddressPointRecord[]): void {
  writer.varint(points.length);
  let previous = { head: -1, rest: '', designator: '', longitude: 0, latitude: 0 };
  for (const point of points) {
    const { head, rest } = splitNumber(point.houseNumber);
    const longitude = toUnits(point.coordinates.longitude);
    const latitude = toUnits(point.coordinates.latitude);
    const isSameNumber = head === previous.head && rest === previous.rest;
    const isSamePlace = longitude === previous.longitude && latitude === previous.latitude;
    const hasUnit = point.unitDesignator !== '' || point.unitNumber !== '';
    const isSameDesignator = hasUnit && point.unitDesignator === previous.designator;
    writer.byte(
      (isSameNumber ? flags.sameNumber : rest === '' ? 0 : flags.numberText) |
        (hasUnit ? flags.unit : 0) |
        (isSameDesignator ? flags.sameDesignator : 0) |
        (point.addOn === '' ? 0 : flags.addOn) |
        (isSamePlace ? flags.samePlace : 0) |
        (point.firmName ? flags.firm : 0),
    );
    if (!isSameNumber) writer.varint(head - previous.head);
    if (!isSameNumber && rest !== '') writer.text(rest);
    if (hasUnit && !isSameDesignator) writer.text(point.unitDesignator);
    if (hasUnit) writer.text(point.unitNumber);
    if (point.addOn !== '') writer.uint16(Number(point.addOn));
    if (!isSamePlace) writer.signed(longitude - previous.longitude);
    if (!isSamePlace) writer.signed(latitude - previous.latitude);
    if (point.firmName) writer.text(point.firmName);
    previous = { head, rest, designator: hasUnit ? point.unitDesignator : previous.designator, longitude, latitude };
  }
}

/** Walks the points of a chunk without making records of those nobody asks for. */
export class PointCursor {
  head = -1;
  longitudeUnits = 0;
  latitudeUnits = 0;
  readonly #reader: ByteReader;
  #left: number;
  #restAt = -1;
  #designator = '';
  #unitAt = -1;
  #addOn = -1;
  #firmAt = -1;

  constructor(bytes: Buffer, offset: number) {
    this.#reader = new ByteReader(bytes, offset);
    this.#left = this.#reader.varint();
  }

  next(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    const reader = this.#reader;
    const flag = reader.byte();
    if ((flag & flags.sameNumber) === 0) {
      this.head += reader.varint();
      this.#restAt = (flag & flags.numberText) === 0 ? -1 : this.#skipText();
    }
    this.#unitAt = -1;
    if ((flag & flags.unit) !== 0) {
      if ((flag & flags.sameDesignator) === 0) this.#designator = reader.text();
      this.#unitAt = this.#skipText();
    }
    this.#addOn = (flag & flags.addOn) === 0 ? -1 : reader.uint16();
    if ((flag & flags.samePlace) === 0) {
      this.longitudeUnits += reader.signed();
      this.latitudeUnits += reader.signed();
    }
    this.#firmAt = (flag & flags.firm) === 0 ? -1 : this.#skipText();
    return true;
  }

  get rest(): string {
    return this.#textAt(this.#restAt);
  }

  /** @param houseNumber the text of `head` and `rest`, where it is known */
  toRecord(houseNumber = joinNumber({ head: this.head, rest: this.rest })): AddressPointRecord {
    const hasUnit = this.#unitAt >= 0;
    const point = {
      houseNumber,
      unitDesignator: hasUnit ? this.#designator : '',
      unitNumber: this.#textAt(this.#unitAt),
      addOn: this.#addOn < 0 ? '' : String(this.#addOn).padStart(4, '0'),
      coordinates: { longitude: toDegrees(this.longitudeUnits), latitude: toDegrees(this.latitudeUnits) },
    };
    return this.#firmAt < 0 ? point : { ...point, firmName: this.#textAt(this.#firmAt) };
  }

  #skipText(): number {
    const at = this.#reader.position;
    this.#reader.skip(this.#reader.varint());
    return at;
  }

  #textAt(position: number): string {
    return position < 0 ? '' : new ByteReader(this.#reader.bytes, position).text();
  }
}

export function decodePointChunk(bytes: Buffer, offset: number): AddressPointRecord[] {
  const points: AddressPointRecord[] = [];
  const cursor = new PointCursor(bytes, offset);
  while (cursor.next()) points.push(cursor.toRecord());
  return points;
}
