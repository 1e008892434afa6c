import type {
  AddressPointRecord,
  AddressRangeRecord,
  PostalCodeRecord,
  StreetAliasType,
  StreetRecord,
  StreetView,
} from '../../reference-data/index.ts';
import type { LinesReading } from '../parsing/address-lines.ts';
import type { StreetLine } from '../parsing/street-line.ts';
import type { CandidatePostalCode } from './candidate-postal-codes.ts';
import { type Placement, placeHouseNumber, type UnitState } from './house-number-match.ts';
import type { Change, StreetDifference } from './street-difference.ts';
import { matchUrbanization } from './urbanization-match.ts';

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
  /** What became of the urbanization; undefined where the street has none. */
  readonly urbanization: Change | undefined;
  /** Set where an alias was sent or another name is wanted. */
  readonly naming?: StreetNaming;
  /** Set where a firm was sent and the data knows firms at the address. */
  readonly firm?: FirmMatch;
}

/** What the data says of the firm that was sent: the name it knows, or that it knows only others there. */
type FirmMatch =
  | { readonly kind: 'matched'; readonly name: string; readonly isSame: boolean }
  | { readonly kind: 'other' };

/** What was made of a street's name; undefined for what was not tried. */
interface StreetNaming {
  /** Of the name as sent; undefined for a base name. */
  readonly aliasType: StreetAliasType | undefined;
  /** `A` not tried since an alias was sent, `N` there is none, `Y` it is returned. */
  readonly preferred: 'A' | 'N' | 'Y' | undefined;
  /** `L` the line is short enough, `N` there is none, `Y` it is returned. */
  readonly abbreviated: 'L' | 'N' | 'Y' | undefined;
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
  const urbanization = matchUrbanization(reading.urbanization, street);
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
    contradictions: difference.contradictions + lastLine.contradictions + (urbanization?.contradictions ?? 0),
    cost: difference.cost + lastLine.cost + numberCost + (urbanization?.cost ?? 0),
    urbanization: urbanization?.change,
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
