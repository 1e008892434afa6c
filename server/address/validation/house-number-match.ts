import type { AddressPointRecord, AddressRangeRecord, StreetRecord, StreetView } from '../../reference-data/index.ts';
import type { StreetLine } from '../parsing/street-line.ts';

/**
 * What the data says about a unit: `none` neither given nor known; `matched`; `missing` the building has units and none
 * was given; `unknown` the building has units, but not this one; `unchecked` given, and the data lists no units.
 */
export type UnitState = 'none' | 'matched' | 'missing' | 'unknown' | 'unchecked';

/** A house number found on a street, at a point or within a range. */
export interface Placement {
  readonly houseNumber: string;
  readonly point: AddressPointRecord | undefined;
  readonly range: AddressRangeRecord | undefined;
  readonly unit: UnitState;
}

/** Finds the house number of `line` on `street`, or undefined. Points beat ranges. */
export function placeHouseNumber(view: StreetView, street: StreetRecord, line: StreetLine): Placement | undefined {
  const { houseNumber } = line;
  if (houseNumber === '') return undefined;
  const points = view.pointsAt(street, houseNumber);
  if (points.length > 0) return placeAtPoints(houseNumber, points, line);
  return placeInRange(view, street, line) ?? placeVariant(view, street, line);
}

function placeAtPoints(houseNumber: string, points: readonly AddressPointRecord[], line: StreetLine): Placement {
  let building: AddressPointRecord | undefined;
  let units = 0;
  for (const point of points) {
    if (point.unitNumber !== '' || point.unitDesignator !== '') units += 1;
    else building ??= point;
  }
  if (units === 0)
    return { houseNumber, point: building, range: undefined, unit: isUnitGiven(line) ? 'unchecked' : 'none' };
  const first = points[0];
  if (!isUnitGiven(line)) return { houseNumber, point: building ?? first, range: undefined, unit: 'missing' };
  const unit = findUnit(points, line);
  if (unit !== undefined) return { houseNumber, point: unit, range: undefined, unit: 'matched' };
  return { houseNumber, point: building ?? first, range: undefined, unit: 'unknown' };
}

function isUnitGiven(line: StreetLine): boolean {
  return line.unitDesignator !== '' || line.unitNumber !== '';
}

/** The point of the unit: same number and designator, else same number where one of the designators is only `#`. */
function findUnit(points: readonly AddressPointRecord[], line: StreetLine): AddressPointRecord | undefined {
  const number = stripZeros(line.unitNumber);
  let alike: AddressPointRecord | undefined;
  for (const point of points) {
    if (stripZeros(point.unitNumber) !== number) continue;
    if (point.unitDesignator === line.unitDesignator) return point;
    if (number !== '') alike ??= point;
  }
  return alike;
}

function placeInRange(view: StreetView, street: StreetRecord, line: StreetLine): Placement | undefined {
  const ranges = view.rangesOf(street);
  if (ranges.length === 0) return undefined;
  const number = leadingNumber(line.houseNumber);
  if (number < 0) return undefined;
  let best: AddressRangeRecord | undefined;
  for (const range of ranges) {
    if (!contains(range, number)) continue;
    if (best === undefined || range.high - range.low < best.high - best.low) best = range;
  }
  if (best === undefined) return undefined;
  const unit = isUnitGiven(line) ? 'unchecked' : 'none';
  return { houseNumber: line.houseNumber, point: undefined, range: best, unit };
}

function contains(range: AddressRangeRecord, number: number): boolean {
  const low = Math.min(range.low, range.high);
  const high = Math.max(range.low, range.high);
  if (number < low || number > high) return false;
  return range.parity === 'B' || (number % 2 === 0) === (range.parity === 'E');
}

/** `123-125` is looked for at `123`, `12-34` at `1234`, `123A` as unit `A` of `123`, `123 1/2` nowhere else. */
function placeVariant(view: StreetView, street: StreetRecord, line: StreetLine): Placement | undefined {
  const { houseNumber } = line;
  const hyphen = houseNumber.indexOf('-');
  if (hyphen > 0) {
    const [low, high] = [houseNumber.slice(0, hyphen), houseNumber.slice(hyphen + 1)];
    const isSpan = /^\d+$/.test(low) && /^\d+$/.test(high) && Number(high) > Number(low);
    return placeOther(view, street, line, low + high) ?? (isSpan ? placeOther(view, street, line, low) : undefined);
  }
  const lettered = /^(\d+)([A-Z])$/.exec(houseNumber);
  if (lettered === null || isUnitGiven(line)) return undefined;
  const withUnit = { ...line, unitDesignator: '#', unitNumber: lettered[2] ?? '' };
  const placed = placeOther(view, street, withUnit, lettered[1] ?? '');
  return placed?.unit === 'matched' ? placed : undefined;
}

function placeOther(view: StreetView, street: StreetRecord, line: StreetLine, number: string): Placement | undefined {
  const points = view.pointsAt(street, number);
  return points.length === 0 ? undefined : placeAtPoints(number, points, line);
}

/** Digits at the start of a house number; -1 for grid and hyphenated ones, which ranges of numbers do not describe. */
function leadingNumber(houseNumber: string): number {
  let number = 0;
  let at = 0;
  for (; at < houseNumber.length; at += 1) {
    const digit = houseNumber.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return at === 0 || houseNumber.charCodeAt(at) === 45 ? -1 : number;
}

function stripZeros(text: string): string {
  let at = 0;
  while (at < text.length - 1 && text.charCodeAt(at) === 48) at += 1;
  return at === 0 ? text : text.slice(at);
}
