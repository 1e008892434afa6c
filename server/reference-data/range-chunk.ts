import { ByteReader, type ByteWriter } from './bytes.ts';
import { parities, toDegrees, toUnits } from './format.ts';
import type { AddressRangeRecord, Coordinates } from './records.ts';

/** First byte: two bits of parity, then side and whether a ZIP+4 add-on follows. */
const parityMask = 3;
const rightSide = 4;
const hasAddOn = 8;

/** @param ranges of one street, ordered by `compareRanges` */
export function encodeRangeChunk(writer: ByteWriter, ranges: readonly AddressRangeRecord[]): void {
  writer.varint(ranges.length);
  let low = 0;
  let [longitude, latitude] = [0, 0];
  for (const range of ranges) {
    const side = range.side === 'R' ? rightSide : 0;
    writer.byte(parities.indexOf(range.parity) | side | (range.addOn === '' ? 0 : hasAddOn));
    writer.varint(range.low - low);
    writer.varint(range.high - range.low);
    low = range.low;
    if (range.addOn !== '') writer.uint16(Number(range.addOn));
    writer.varint(range.shape.length);
    for (const vertex of range.shape) {
      const [nextLongitude, nextLatitude] = [toUnits(vertex.longitude), toUnits(vertex.latitude)];
      writer.signed(nextLongitude - longitude);
      writer.signed(nextLatitude - latitude);
      [longitude, latitude] = [nextLongitude, nextLatitude];
    }
  }
}

export function decodeRangeChunk(bytes: Buffer, offset: number): AddressRangeRecord[] {
  const reader = new ByteReader(bytes, offset);
  const ranges: AddressRangeRecord[] = [];
  let low = 0;
  let [longitude, latitude] = [0, 0];
  for (let left = reader.varint(); left > 0; left -= 1) {
    const flag = reader.byte();
    low += reader.varint();
    const high = low + reader.varint();
    const addOn = (flag & hasAddOn) === 0 ? '' : String(reader.uint16()).padStart(4, '0');
    const shape: Coordinates[] = [];
    for (let vertices = reader.varint(); vertices > 0; vertices -= 1) {
      longitude += reader.signed();
      latitude += reader.signed();
      shape.push({ longitude: toDegrees(longitude), latitude: toDegrees(latitude) });
    }
    const parity = parities[flag & parityMask] ?? 'B';
    ranges.push({ low, high, parity, side: (flag & rightSide) === 0 ? 'L' : 'R', addOn, shape });
  }
  return ranges;
}
