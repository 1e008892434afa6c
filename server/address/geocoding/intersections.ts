import {
  type AddressDatabase,
  type Coordinates,
  distanceMeters,
  type PostalCodeRecord,
  type StreetRecord,
  type StreetView,
} from '../../reference-data/index.ts';
import type { ParsedAddress } from '../parsing/address.ts';
import type { LastLine } from '../parsing/last-line.ts';
import { parseStreetLine, type StreetLine } from '../parsing/street-line.ts';

/** Where two streets meet. */
export interface Intersection {
  readonly street: StreetRecord;
  readonly crossStreet: StreetRecord;
  readonly postalCode: PostalCodeRecord;
  readonly coordinates: Coordinates;
  /** Parts of either street that were filled in. */
  readonly changed: { readonly street: ChangedStreet; readonly crossStreet: ChangedStreet };
}

interface ChangedStreet {
  readonly suffix: boolean;
  readonly predirectional: boolean;
  readonly postdirectional: boolean;
  readonly name: boolean;
}

export type IntersectionResult =
  | { readonly kind: 'found'; readonly intersections: readonly Intersection[] }
  /** The streets, or one of them, do not exist there, or they do not meet. */
  | { readonly kind: 'none'; readonly error: 'unknownStreet' | 'unknownCrossStreet' | 'noCrossing' };

/** Ends of segments closer than this are one crossing: streets of several lanes meet in several nodes. */
const oneCrossingMeters = 40;
/** Sources draw one node for all streets that meet there; this allows for their rounding. */
const sameNodeMeters = 3;
/** Without ZIP Code so many of a city's are searched. */
const codeLimit = 60;

/** The two streets of a line such as `PEARL & 28th`, joined by `and`, `&`, `at` or `@`; undefined for any other line. */
export function readIntersection({ readings }: ParsedAddress): readonly [StreetLine, StreetLine] | undefined {
  const delivery = readings[0]?.delivery;
  if (delivery?.kind !== 'street' || delivery.street.houseNumber !== '') return undefined;
  const sides = delivery.line.split(/\s*(?:[&@]|(?<=\s)(?:and|at)(?=\s))\s*/i).filter((side) => side !== '');
  const [left = '', right = ''] = sides;
  if (sides.length !== 2) return undefined;
  const streets = [parseStreetLine(left), parseStreetLine(right)] as const;
  return streets.every(({ name, houseNumber }) => name !== '' && houseNumber === '') ? streets : undefined;
}

/** Finds where two streets meet in the ZIP Code or city; by segments, so points alone have no intersections. */
export function findIntersections(
  database: AddressDatabase,
  view: StreetView,
  [left, right]: readonly [StreetLine, StreetLine],
  lastLine: LastLine,
): IntersectionResult {
  const codes = listCodes(database, view, lastLine);
  const streets = listStreets(view, codes, left);
  const crossStreets = listStreets(view, codes, right);
  if (streets.length === 0) return { kind: 'none', error: 'unknownStreet' };
  if (crossStreets.length === 0) return { kind: 'none', error: 'unknownCrossStreet' };
  const nodes = streets.map((street) => ({ street, ends: listEnds(view, street) }));
  const crossNodes = crossStreets.map((street) => ({ street, ends: listEnds(view, street) }));
  const found: Intersection[] = [];
  for (const { street, ends } of nodes) {
    for (const { street: crossStreet, ends: crossEnds } of crossNodes) {
      for (const coordinates of listMeetings(ends, crossEnds)) {
        const postalCode = database.findPostalCode(street.postalCode);
        if (!postalCode || found.some((other) => isOneCrossing(other.coordinates, coordinates))) continue;
        const changed = { street: compare(left, street), crossStreet: compare(right, crossStreet) };
        found.push({ street, crossStreet, postalCode, coordinates, changed });
      }
    }
  }
  return found.length === 0 ? { kind: 'none', error: 'noCrossing' } : { kind: 'found', intersections: found };
}

function listCodes(database: AddressDatabase, view: StreetView, { postalCode, city, stateProvince }: LastLine) {
  const given = postalCode === '' ? undefined : database.findPostalCode(postalCode);
  const ofCity = city === '' ? [] : view.withStreets(database.listPostalCodesOfCity(city, stateProvince));
  // A street that is a border of the ZIP Code may belong to the next one only.
  const codes = given ? [given, ...ofCity.filter(({ code }) => code !== given.code)] : ofCity;
  return codes.slice(0, codeLimit).map(({ code }) => code);
}

/** Streets of the name that contradict nothing of what was given. */
function listStreets(view: StreetView, codes: readonly string[], given: StreetLine): readonly StreetRecord[] {
  const agrees = (wanted: string, known: string) => wanted === '' || wanted === known;
  return codes.flatMap((code) =>
    view
      .streetsNamed(code, given.name)
      .filter(
        (street) =>
          agrees(given.suffix, street.suffix) &&
          agrees(given.predirectional, street.predirectional) &&
          agrees(given.postdirectional, street.postdirectional),
      ),
  );
}

function listEnds(view: StreetView, street: StreetRecord): readonly Coordinates[] {
  return view.rangesOf(street).flatMap(({ shape }) => [shape[0], shape.at(-1)].flatMap((end) => end ?? []));
}

function listMeetings(ends: readonly Coordinates[], crossEnds: readonly Coordinates[]): readonly Coordinates[] {
  const byCell = new Map<string, Coordinates[]>();
  for (const end of crossEnds) {
    const key = cellOf(end, 0, 0);
    const known = byCell.get(key);
    if (known) known.push(end);
    else byCell.set(key, [end]);
  }
  const around = [-1, 0, 1];
  return ends.filter((end) =>
    around.some((row) =>
      around.some((column) =>
        byCell.get(cellOf(end, row, column))?.some((other) => distanceMeters(end, other) <= sameNodeMeters),
      ),
    ),
  );
}

/** Cells of a ten-thousandth of a degree, at least as wide as the tolerance up to the polar circle. */
function cellOf({ longitude, latitude }: Coordinates, row: number, column: number): string {
  return `${Math.floor(latitude * 10_000) + row} ${Math.floor(longitude * 10_000) + column}`;
}

function isOneCrossing(left: Coordinates, right: Coordinates): boolean {
  return distanceMeters(left, right) <= oneCrossingMeters;
}

function compare(given: StreetLine, street: StreetRecord): ChangedStreet {
  return {
    suffix: given.suffix !== street.suffix,
    predirectional: given.predirectional !== street.predirectional,
    postdirectional: given.postdirectional !== street.postdirectional,
    name: false,
  };
}
