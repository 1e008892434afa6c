import { type DeliveryLine, parseDeliveryLine } from './delivery-line.ts';
import { addUnit, type LineUnits } from './street-line.ts';

/** One way to read the address lines of a record. */
export interface LinesReading {
  /** The delivery address, with a unit from another line. */
  readonly delivery: DeliveryLine;
  /** Text that is no part of the address, as written, in the order in which it is returned. */
  readonly extraneous: readonly string[];
  /** The other address of a line with two, upper case. */
  readonly dropped?: string;
  /** Urbanization line of a Puerto Rican address, as written. */
  readonly urbanization?: string;
}

const nothing: readonly never[] = [];

/** Without extraction of firms only the first two lines that hold text take part (addressing reference 1.1). */
const examinedLines = 2;

/** Reads the address lines of one record, best reading first; empty when no line holds a delivery address. */
export function parseAddressLines(lines: readonly string[]): readonly LinesReading[] {
  let first = '';
  let second = '';
  let count = 0;
  for (const line of lines) {
    if (isBlank(line)) continue;
    count += 1;
    if (count === 1) first = line;
    else if (count === 2) second = line;
  }
  if (count === 0) return nothing;
  if (count === 1) return readOneLine(first);
  const readings = isUrbanization(second) ? readWithUrbanization(first, second) : readTwoLines(first, second);
  if (count === examinedLines) return readings;
  const unused = lines.filter((line) => !isBlank(line)).slice(examinedLines);
  const further = unused.map((line) => line.trim());
  return readings.map((reading) => ({ ...reading, extraneous: [...reading.extraneous, ...further] }));
}

function readOneLine(line: string): readonly LinesReading[] {
  const delivery = parseDeliveryLine(line);
  return isDelivery(delivery) ? [{ delivery, extraneous: delivery.extraneous }] : nothing;
}

/** `URB Las Gladiolas` names the development, not the street. */
function isUrbanization(line: string): boolean {
  return /^\s*(URB|URBANIZACION|URBANIZACIÓN|URBANIZATION)[\s.]/i.test(line);
}

function readWithUrbanization(first: string, second: string): readonly LinesReading[] {
  return readOneLine(first).map((reading) => ({ ...reading, urbanization: second.trim() }));
}

function readTwoLines(first: string, second: string): readonly LinesReading[] {
  const a = parseDeliveryLine(first);
  const b = asUnitBehind(a, parseDeliveryLine(second));
  const marks = [...a.extraneous, ...b.extraneous];
  if (isComplete(a) && b.kind === 'unit') return [{ delivery: withUnitAfter(a, b), extraneous: marks }];
  if (isComplete(b) && a.kind === 'unit') return [{ delivery: withUnitBefore(b, a), extraneous: marks }];
  const onlyA = { delivery: a, extraneous: addLine(marks, b, second) };
  const onlyB = { delivery: b, extraneous: addLine(marks, a, first) };
  if (isComplete(a) && isComplete(b)) return [onlyA, onlyB];
  const joinedLine = parseDeliveryLine(`${first} ${second}`);
  const joined = { delivery: joinedLine, extraneous: joinedLine.extraneous };
  if (isSplit(a, b)) return isComplete(a) ? [joined, onlyA] : [joined];
  if (isComplete(b)) return [onlyB];
  if (isComplete(a)) return isComplete(joinedLine) && b.kind === 'street' ? [onlyA, joined] : [onlyA];
  return [onlyA, onlyB].filter(({ delivery }) => isDelivery(delivery));
}

/** A number alone on the line behind a complete street is its unit. */
function asUnitBehind(a: DeliveryLine, b: DeliveryLine): DeliveryLine {
  const isNumber = b.kind === 'none' && b.street.houseNumber !== '' && b.street.name === '';
  if (!isNumber || a.kind !== 'street' || !isComplete(a) || a.street.unitDesignator !== '') return b;
  const street = { ...b.street, houseNumber: '', unitDesignator: '#', unitNumber: b.street.houseNumber };
  return { ...b, kind: 'unit', street };
}

/** A primary address broken over two lines: a number without street, or a street whose suffix is on the next line. */
function isSplit(a: DeliveryLine, b: DeliveryLine): boolean {
  if (b.kind !== 'street' || b.street.houseNumber !== '') return false;
  if (a.kind === 'none') return a.street.houseNumber !== '';
  if (a.kind !== 'street' || a.street.houseNumber === '') return false;
  return a.street.suffix === '' && a.street.unitDesignator === '' && b.street.suffix !== '';
}

function isDelivery(line: DeliveryLine): boolean {
  return line.kind !== 'none' && line.kind !== 'unit';
}

/** A box or route, or a street with its house number. */
function isComplete(line: DeliveryLine): boolean {
  return isDelivery(line) && (line.kind !== 'street' || line.street.houseNumber !== '');
}

function withUnitAfter(line: DeliveryLine, unit: DeliveryLine): DeliveryLine {
  return withUnits(line, unit, line.street, unit.street);
}

function withUnitBefore(line: DeliveryLine, unit: DeliveryLine): DeliveryLine {
  return withUnits(line, unit, unit.street, line.street);
}

function withUnits(line: DeliveryLine, unit: DeliveryLine, outer: LineUnits, inner: LineUnits): DeliveryLine {
  const { unitDesignator: designator, unitNumber: number } = inner;
  const units =
    designator === '' ? outer : outer.unitDesignator === '' ? inner : addUnit(outer, { designator, number });
  const { unitDesignator, unitNumber, outerUnit } = units;
  return { ...line, unitLine: unit.line, street: { ...line.street, unitDesignator, unitNumber, outerUnit } };
}

/** A line without use is returned whole; of one with a marked tail, the tail is listed already. */
function addLine(texts: readonly string[], read: DeliveryLine, line: string): readonly string[] {
  return read.extraneous.length === 0 ? [...texts, line.trim()] : texts;
}

function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 32) return false;
  return true;
}
