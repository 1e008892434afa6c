import type {
  AddressPointRecord,
  AddressRangeRecord,
  StreetAlias,
  StreetContent,
  StreetRecord,
} from '../../reference-data/index.ts';
import type { PostalCodes } from '../postal-codes.ts';
import { fromStreetKey } from '../street-key.ts';
import type { AddressRecord } from './address-record.ts';

interface GrowingStreet {
  readonly street: StreetContent['street'];
  readonly points: Map<string, AddressPointRecord>;
  readonly ranges: Map<string, AddressRangeRecord>;
}

/** The streets of one ZIP Code, and how many records said what another had said. */
export interface MergedStreets {
  readonly streets: readonly StreetContent[];
  /** Further names of streets, which may be among those of another turn. */
  readonly aliases: readonly AliasName[];
  readonly folded: number;
}

/** A further name and what it is an alias of. */
export interface AliasName {
  readonly name: StreetRecord;
  readonly alias: StreetAlias;
}

/** Brings the records of a ZIP Code together by street; of equal addresses the one of the earliest source stays. */
export function mergeStreets(code: string, records: readonly AddressRecord[], postalCodes: PostalCodes): MergedStreets {
  // Different spellings of a city may be one: streets are told apart by what is stored.
  const byKey = new Map<string, GrowingStreet>();
  const byStored = new Map<string, GrowingStreet>();
  const aliases = new Map<string, AliasName>();
  let folded = 0;
  for (const record of records) {
    if (record.kind === 'alias') {
      const key = record.streetKey + record.aliasKey;
      if (aliases.has(key)) folded += 1;
      else aliases.set(key, toAlias(code, record));
      continue;
    }
    let growing = byKey.get(record.streetKey);
    if (!growing) {
      growing = openStreet(record.streetKey, code, postalCodes, byStored);
      byKey.set(record.streetKey, growing);
    }
    const isNew = record.kind === 'point' ? addPoint(growing, record.point) : addRange(growing, record.range);
    if (!isNew) folded += 1;
  }
  const streets = [...byStored.values()].map(({ street, points, ranges }) => ({
    street,
    points: [...points.values()],
    ranges: [...ranges.values()],
  }));
  return { streets, aliases: [...aliases.values()], folded };
}

function toAlias(postalCode: string, { streetKey, type, aliasKey }: AliasRecord): AliasName {
  const { predirectional, name, suffix, postdirectional } = fromStreetKey(streetKey);
  const base = { predirectional, name, suffix, postdirectional };
  return { name: { ...fromStreetKey(aliasKey), postalCode }, alias: { type, base } };
}

type AliasRecord = Extract<AddressRecord, { kind: 'alias' }>;

function openStreet(
  streetKey: string,
  postalCode: string,
  postalCodes: PostalCodes,
  byStored: Map<string, GrowingStreet>,
): GrowingStreet {
  const parts = fromStreetKey(streetKey);
  const city = postalCodes.cityOfStreet(postalCode, parts.city);
  const { name, suffix, predirectional, postdirectional, urbanization } = parts;
  const storedKey = [name, suffix, predirectional, postdirectional, city, urbanization].join('\n');
  const known = byStored.get(storedKey);
  if (known) return known;
  const opened = { street: { ...parts, postalCode, city }, points: new Map(), ranges: new Map() };
  byStored.set(storedKey, opened);
  return opened;
}

function addPoint({ points }: GrowingStreet, point: AddressPointRecord): boolean {
  const { houseNumber, unitDesignator, unitNumber, firmName } = point;
  const place =
    unitNumber === '' && unitDesignator === '' ? houseNumber : `${houseNumber}\n${unitDesignator}\n${unitNumber}`;
  const key = firmName === undefined ? place : `${place}\r${firmName}`;
  if (points.has(key)) return false;
  points.set(key, point);
  return true;
}

/** The same numbers on the same side of the same line are one range. */
function addRange({ ranges }: GrowingStreet, range: AddressRangeRecord): boolean {
  const { low, high, parity, side, shape } = range;
  const key = `${low} ${high} ${parity} ${side} ${shape.map(({ longitude, latitude }) => `${longitude},${latitude}`).join(' ')}`;
  if (ranges.has(key)) return false;
  ranges.set(key, range);
  return true;
}
