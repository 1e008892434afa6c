import type { AddressRangeRecord, Coordinates } from '../../reference-data/index.ts';
import type { AddressFact, VisitFact } from '../address-fact.ts';
import { readShapefile, type ShapeRecord } from '../reading/shapefile.ts';
import { hasName } from '../street-key.ts';
import type { AddressStandard } from './address-standard.ts';
import { toCityName } from './geonames-postal.ts';
import { type FindPlace, openPlaces } from './tiger-places.ts';

/** Columns of a side of a line; `face` tells the area on that side. */
interface SideColumns {
  readonly side: 'L' | 'R';
  readonly from: string;
  readonly to: string;
  readonly zip: string;
  readonly addOn: string;
  readonly parity: string;
  readonly face: string;
}

/** TIGER/Line technical documentation, chapter 3: ADDRFEAT, with every range of a line. */
const addressFeatureSides: readonly SideColumns[] = [
  { side: 'L', from: 'LFROMHN', to: 'LTOHN', zip: 'ZIPL', addOn: 'PLUS4L', parity: 'PARITYL', face: 'TFIDL' },
  { side: 'R', from: 'RFROMHN', to: 'RTOHN', zip: 'ZIPR', addOn: 'PLUS4R', parity: 'PARITYR', face: 'TFIDR' },
];

/** EDGES: every line of the map, with the most inclusive range of a side and no parity. */
const edgeSides: readonly SideColumns[] = [
  { side: 'L', from: 'LFROMADD', to: 'LTOADD', zip: 'ZIPL', addOn: '', parity: '', face: 'TFIDL' },
  { side: 'R', from: 'RFROMADD', to: 'RTOADD', zip: 'ZIPR', addOn: '', parity: '', face: 'TFIDR' },
];

/**
 * Tells the address ranges of Census TIGER/Line ADDRFEAT or EDGES; resolves with the number of records. With FACES and
 * PLACE beside EDGES a range gets the city it lies in. NAD 83 coordinates are taken as WGS 84: the two differ by one to
 * two meters in the conterminous states, less than the file's own accuracy.
 */
export async function readTigerRanges(path: string, standard: AddressStandard, visit: VisitFact): Promise<number> {
  const findPlace = await openPlaces(path);
  let records = 0;
  for await (const record of readShapefile(path)) {
    for (const fact of toFacts(record, standard, findPlace)) visit(fact);
    records = record.number;
  }
  return records;
}

function toFacts(record: ShapeRecord, standard: AddressStandard, findPlace: FindPlace): AddressFact[] {
  const { number, attributes, parts } = record;
  const sides = ('LFROMHN' in attributes ? addressFeatureSides : edgeSides).filter(
    ({ from, to }) => (attributes[from] ?? '') !== '' || (attributes[to] ?? '') !== '',
  );
  // Most lines of EDGES are boundaries, rivers and roads without addresses.
  if (sides.length === 0) return [];
  const shape = parts.flat();
  const streetKey = standard.streetKey(attributes.FULLNAME ?? '');
  if (shape.length < 2) return [{ kind: 'reject', line: number, reason: 'the record has no line' }];
  if (!hasName(streetKey)) return [{ kind: 'reject', line: number, reason: 'no street name' }];
  return sides.map((columns): AddressFact => {
    const postalCode = attributes[columns.zip] ?? '';
    if (!/^\d{5}$/.test(postalCode)) return { kind: 'reject', line: number, reason: 'a side has no ZIP Code' };
    const range = toRange(shape, attributes, columns);
    // Hyphenated and lettered ranges have no single number line to interpolate on.
    if (!range) return { kind: 'reject', line: number, reason: 'a range is not numeric' };
    const city = toCityName(findPlace(attributes[columns.face] ?? ''));
    return { kind: 'range', line: number, postalCode, streetKey: streetKey + city, range };
  });
}

function toRange(
  shape: readonly Coordinates[],
  attributes: Readonly<Record<string, string>>,
  columns: SideColumns,
): AddressRangeRecord | undefined {
  const [from = '', to = ''] = [attributes[columns.from], attributes[columns.to]];
  if (!/^\d{1,8}$/.test(from) || !/^\d{1,8}$/.test(to)) return undefined;
  const [first, last] = [Number(from), Number(to)];
  const isForward = first <= last;
  const parity = first % 2 !== last % 2 || attributes[columns.parity] === 'B' ? 'B' : first % 2 === 0 ? 'E' : 'O';
  const addOn = attributes[columns.addOn] ?? '';
  return {
    low: Math.min(first, last),
    high: Math.max(first, last),
    parity,
    // A line turned round has its sides exchanged.
    side: isForward ? columns.side : columns.side === 'L' ? 'R' : 'L',
    addOn: /^\d{4}$/.test(addOn) ? addOn : '',
    shape: isForward ? shape : [...shape].reverse(),
  };
}
