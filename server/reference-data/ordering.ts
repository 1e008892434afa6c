import type { AddressPointRecord, AddressRangeRecord, StreetRecord } from './records.ts';

/** A house or unit number as its leading number and what follows: `123A` is 123 and `A`, `B12` is -1 and `B12`. */
export interface SplitNumber {
  /** -1 without a leading number. */
  readonly head: number;
  readonly rest: string;
}

/** Loses nothing: `joinNumber(splitNumber(text))` is `text`. */
export function splitNumber(text: string): SplitNumber {
  let end = 0;
  let head = 0;
  while (end < text.length && end < 9) {
    const digit = text.charCodeAt(end) - 48;
    if (digit < 0 || digit > 9) break;
    head = head * 10 + digit;
    end += 1;
  }
  const hasLeadingZero = end > 1 && text.charCodeAt(0) === 48;
  if (end === 0 || hasLeadingZero) return { head: -1, rest: text };
  return { head, rest: end === text.length ? '' : text.slice(end) };
}

export function joinNumber({ head, rest }: SplitNumber): string {
  return head < 0 ? rest : head + rest;
}

/** By UTF-16 code units, the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `9` before `10`, `10` before `10A`, numbers after texts without one. */
export function compareNumbers(left: string, right: string): number {
  const first = splitNumber(left);
  const second = splitNumber(right);
  return first.head - second.head || compareText(first.rest, second.rest);
}

/** Within a ZIP Code: name, suffix, predirectional, postdirectional, city, urbanization. */
export function compareStreets(left: StreetRecord, right: StreetRecord): number {
  return (
    compareText(left.name, right.name) ||
    compareText(left.suffix, right.suffix) ||
    compareText(left.predirectional, right.predirectional) ||
    compareText(left.postdirectional, right.postdirectional) ||
    compareText(left.city, right.city) ||
    compareText(left.urbanization ?? '', right.urbanization ?? '')
  );
}

/** Within a street: house number, then unit, firm and position, so that any order of sources gives the same bytes. */
export function comparePoints(left: AddressPointRecord, right: AddressPointRecord): number {
  return (
    compareNumbers(left.houseNumber, right.houseNumber) ||
    compareText(left.unitDesignator, right.unitDesignator) ||
    compareNumbers(left.unitNumber, right.unitNumber) ||
    compareText(left.firmName ?? '', right.firmName ?? '') ||
    compareText(left.addOn, right.addOn) ||
    left.coordinates.longitude - right.coordinates.longitude ||
    left.coordinates.latitude - right.coordinates.latitude
  );
}

export function compareRanges(left: AddressRangeRecord, right: AddressRangeRecord): number {
  return (
    left.low - right.low ||
    left.high - right.high ||
    compareText(left.parity, right.parity) ||
    compareText(left.side, right.side) ||
    compareText(left.addOn, right.addOn) ||
    compareShapes(left, right)
  );
}

function compareShapes(left: AddressRangeRecord, right: AddressRangeRecord): number {
  const first = left.shape.flatMap(({ longitude, latitude }) => [longitude, latitude]);
  const second = right.shape.flatMap(({ longitude, latitude }) => [longitude, latitude]);
  const at = first.findIndex((value, index) => value !== second[index]);
  return at < 0 ? first.length - second.length : (first[at] ?? 0) - (second[at] ?? 0);
}
