import type {
  AddressPointRecord,
  AddressRangeRecord,
  PostalCodeRecord,
  StreetRecord,
  StreetView,
} from '../../reference-data/index.ts';
import type { LinesReading } from '../parsing/address-lines.ts';
import type { StreetLine } from '../parsing/street-line.ts';
import type { CandidatePostalCode } from './candidate-postal-codes.ts';
import { type Placement, placeHouseNumber, type UnitState } from './house-number-match.ts';
import type { StreetDifference } from './street-difference.ts';

/** An address of the data that the input can mean. */
export interface AddressMatch {
  /** The way of reading the input that led here. */
  readonly reading: LinesReading;
  /** What was looked for: a street with its house number, or a box or route in their stead. */
  readonly line: StreetLine;
  readonly street: StreetRecord;
  readonly postalCode: PostalCodeRecord;
  /** Mailing city, as the data spells it. */
  readonly city: string;
  readonly houseNumber: string;
  /** The address point, or undefined when only a range contains the house number. */
  readonly point: AddressPointRecord | undefined;
  readonly range: AddressRangeRecord | undefined;
  readonly unit: UnitState;
  /** What was changed in the street's name and in the last line. */
  readonly difference: StreetDifference;
  readonly lastLine: CandidatePostalCode;
  /** Elements of the input that this address contradicts. */
  readonly contradictions: number;
  readonly cost: number;
}

/** The match of `line` on a street, or undefined when its house number is not there. */
export function placeOnStreet(
  view: StreetView,
  reading: LinesReading,
  line: StreetLine,
  street: StreetRecord,
  lastLine: CandidatePostalCode,
  difference: StreetDifference,
): AddressMatch | undefined {
  const placement = isWholeRoute(reading, line) ? placeWhole(view, street) : placeHouseNumber(view, street, line);
  if (placement === undefined) return undefined;
  const numberCost =
    (placement.houseNumber === line.houseNumber ? 0 : price.otherNumber) +
    (placement.point === undefined ? price.range : 0);
  return {
    reading,
    line,
    street,
    postalCode: lastLine.record,
    city: cityOf(street, lastLine),
    houseNumber: placement.houseNumber,
    point: placement.point,
    range: placement.range,
    unit: placement.unit,
    difference,
    lastLine,
    contradictions: difference.contradictions + lastLine.contradictions,
    cost: difference.cost + lastLine.cost + numberCost,
  };
}

/** Prices as in `street-difference.ts`. */
const price = { otherNumber: 6, range: 4 } as const;

/** The record of a route or of general delivery as a whole, where the data has one. */
function placeWhole(view: StreetView, street: StreetRecord): Placement {
  return { houseNumber: '', point: view.pointsAt(street, '')[0], range: undefined, unit: 'none' };
}

/** General delivery and a route whose box is missing are matched as a whole. */
function isWholeRoute({ delivery }: LinesReading, line: StreetLine): boolean {
  return line.houseNumber === '' && delivery.service !== undefined && delivery.kind !== 'poBox';
}

/** The city as given where it is a mailing name of the ZIP Code, else that of the street, else the ZIP Code's first. */
function cityOf(street: StreetRecord, { cityName, record }: CandidatePostalCode): string {
  if (cityName !== '') return cityName;
  return street.city === '' ? (record.cities[0]?.name ?? '') : street.city;
}

/**
 * Boxes and routes are looked for as the ZIP+4 file lists them: as streets named `PO BOX`, `RR 2`, `HC 72`, `PSC 802`
 * or `GENERAL DELIVERY`, their boxes as house numbers.
 */
export function toSoughtLine({ delivery }: LinesReading): StreetLine {
  const { service, street } = delivery;
  if (service === undefined) return street;
  return {
    houseNumber: service.box,
    predirectional: '',
    name: service.name,
    suffix: '',
    postdirectional: '',
    unitDesignator: '',
    unitNumber: '',
    outerUnit: '',
  };
}
