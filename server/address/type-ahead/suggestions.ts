import type {
  AddressDatabase,
  AddressPointRecord,
  PostalCodeRecord,
  StreetRecord,
  StreetView,
} from '../../reference-data/index.ts';
import { splitOneLine } from '../parsing/one-line.ts';
import { parsePostalCode } from '../parsing/postal-code.ts';
import { findState } from '../parsing/states.ts';
import { continuesTo, readTypedStreet, type TypedStreet } from './typed-street.ts';

/** What has been typed so far, field by field. */
export interface TypedAddress {
  /** May hold city, state and ZIP Code too. */
  readonly addressLine: string;
  readonly city: string;
  readonly stateProvince: string;
  readonly postalCode: string;
}

/** A house number, or the lowest and highest of a street, with the units there. */
interface SuggestedRange {
  readonly text: string;
  /** Such as `APT 5`. */
  readonly units: readonly string[];
}

/** One address or street that goes on from what has been typed; texts upper case. */
export interface Suggestion {
  readonly street: StreetRecord;
  readonly postalCode: PostalCodeRecord;
  readonly city: string;
  readonly houseNumber: string;
  readonly ranges: readonly SuggestedRange[];
  /** Elements that were given and that this suggestion has. */
  readonly matched: readonly ('AddressLine1' | 'City' | 'StateProvince' | 'PostalCode')[];
}

/** So many ZIP Codes of a city are searched. */
const codeLimit = 60;
/** A unit list longer than this helps nobody who types. */
const unitLimit = 100;

/**
 * Lists what an address may become, within its ZIP Code or city. Pure, so that `AddressDatabase.read` may run it again.
 * @param limit most suggestions
 */
export function suggestAddresses(
  typed: TypedAddress,
  limit: number,
  database: AddressDatabase,
  view: StreetView,
): readonly Suggestion[] {
  const place = readPlace(typed, database);
  const street = readTypedStreet(place.addressLine);
  if (!street) return [];
  const suggestions: Suggestion[] = [];
  for (const record of listCodes(place, database, view)) {
    for (const candidate of listStreets(street, record, view)) {
      const found = suggest(candidate, street, record, place, view);
      if (found) suggestions.push(found);
      if (suggestions.length === limit) return suggestions;
    }
  }
  return suggestions;
}

/** City, state and ZIP Code out of their fields, else from the end of the line. */
function readPlace(typed: TypedAddress, database: AddressDatabase): TypedAddress {
  const postalCode = parsePostalCode(typed.postalCode).base;
  const state = typed.stateProvince.trim().toUpperCase();
  const given = { ...typed, city: typed.city.trim().toUpperCase(), stateProvince: findState(state) ?? '', postalCode };
  if (given.city !== '' || postalCode !== '') return given;
  const isCity = (city: string, stateProvince: string) =>
    database.listPostalCodesOfCity(city, stateProvince).length > 0;
  const { addressLine, lastLine } = splitOneLine(typed.addressLine, isCity);
  const { city, stateProvince } = lastLine;
  return { addressLine, city, stateProvince: stateProvince || given.stateProvince, postalCode: lastLine.postalCode };
}

function listCodes(
  { city, stateProvince, postalCode }: TypedAddress,
  database: AddressDatabase,
  view: StreetView,
): readonly PostalCodeRecord[] {
  const record = postalCode === '' ? undefined : database.findPostalCode(postalCode);
  if (record) return [record];
  if (city === '') return [];
  const named = database.listPostalCodesOfCity(city, stateProvince);
  // A city may still be growing under the sender's fingers.
  const growing =
    named.length > 0 || stateProvince === ''
      ? named
      : database
          .listCities(stateProvince)
          .filter((name) => name.startsWith(city))
          .flatMap((name) => database.listPostalCodesOfCity(name, stateProvince));
  return view.withStreets([...new Set(growing)]).slice(0, codeLimit);
}

/** Streets come ordered by name, so those that begin alike stand together. */
function listStreets(typed: TypedStreet, { code }: PostalCodeRecord, view: StreetView): readonly StreetRecord[] {
  const streets = view.streetsOf(code);
  const found = new Set<StreetRecord>();
  for (const reading of typed.readings) {
    const [word = ''] = reading.start.split(' ', 1);
    for (let at = firstFrom(streets, word); at < streets.length; at += 1) {
      const street = streets[at];
      if (!street?.name.startsWith(word)) break;
      if (continuesTo(reading, street)) found.add(street);
    }
  }
  return [...found];
}

function firstFrom(streets: readonly StreetRecord[], start: string): number {
  let low = 0;
  let high = streets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((streets[middle]?.name ?? '') < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function suggest(
  street: StreetRecord,
  { houseNumber }: TypedStreet,
  postalCode: PostalCodeRecord,
  place: TypedAddress,
  view: StreetView,
): Suggestion | undefined {
  const ranges = houseNumber === '' ? listRanges(street, view) : findNumber(street, houseNumber, view);
  if (ranges.length === 0) return undefined;
  const city = street.city || (postalCode.cities[0]?.name ?? '');
  return {
    street,
    postalCode,
    city,
    houseNumber,
    ranges,
    matched: [
      'AddressLine1',
      ...(place.city === '' ? [] : ['City' as const]),
      ...(place.stateProvince === postalCode.stateProvince ? ['StateProvince' as const] : []),
      ...(place.postalCode === postalCode.code ? ['PostalCode' as const] : []),
    ],
  };
}

function findNumber(street: StreetRecord, houseNumber: string, view: StreetView): readonly SuggestedRange[] {
  const points = view.pointsAt(street, houseNumber);
  if (points.length > 0) return [{ text: houseNumber, units: listUnits(points) }];
  const number = Number.parseInt(houseNumber, 10);
  const isInRange = view.rangesOf(street).some(({ low, high, parity }) => {
    const isWithin = number >= Math.min(low, high) && number <= Math.max(low, high);
    return isWithin && (parity === 'B' || (number % 2 === 0) === (parity === 'E'));
  });
  return isInRange ? [{ text: houseNumber, units: [] }] : [];
}

/** The lowest and highest house number of the street's points, and each of its ranges. */
function listRanges(street: StreetRecord, view: StreetView): readonly SuggestedRange[] {
  const points = view.pointsOf(street).filter(({ houseNumber }) => houseNumber !== '');
  const [low, high] = [points[0]?.houseNumber, points.at(-1)?.houseNumber];
  const ofPoints = low === undefined ? [] : [{ text: low === high ? low : `${low}-${high}`, units: [] }];
  const ofRanges = view.rangesOf(street).map((range) => ({ text: `${range.low}-${range.high}`, units: [] }));
  return [...ofPoints, ...ofRanges];
}

function listUnits(points: readonly AddressPointRecord[]): readonly string[] {
  const units = points.map(({ unitDesignator, unitNumber }) => `${unitDesignator} ${unitNumber}`.trim());
  // A unit stands once more for each firm in it.
  return [...new Set(units)].filter((unit) => unit !== '').slice(0, unitLimit);
}
