import type { ForeignPlaces } from './foreign-places.ts';
import type { Manifest } from './manifest.ts';
import type {
  AddressPointRecord,
  AddressRangeRecord,
  Coordinates,
  NearbyPoint,
  NearbyRange,
  PostalCodeRecord,
  StreetRecord,
} from './records.ts';

/**
 * One vintage of an address database, opened for reading. ZIP Codes and cities are always in memory; streets and
 * addresses come through `read`, from a bounded block cache over positional file reads.
 */
export interface AddressDatabase {
  readonly manifest: Manifest;
  /** Postal codes and cities of other countries; empty when none were loaded. */
  readonly foreignPlaces: ForeignPlaces;
  /** @param code five digits */
  findPostalCode(code: string): PostalCodeRecord | undefined;
  /** ZIP Codes in which `city` (any case, any known spelling) is a city of any type; all states when none is given. */
  listPostalCodesOfCity(city: string, stateProvince?: string): readonly PostalCodeRecord[];
  /** City names of a state (upper case, unique), for matching misspelt ones. */
  listCities(stateProvince: string): readonly string[];
  /** ZIP Codes whose centroids lie nearest to that of `code`, nearest first, itself left out. */
  listNeighbouringPostalCodes(code: string, limit: number): readonly PostalCodeRecord[];
  /**
   * Runs `attempt` at once. When every block it touched was in the cache, its value is returned synchronously;
   * otherwise the missing blocks are read and `attempt` runs again, so it must be pure.
   * Rejects with `DATABASE_UNAVAILABLE` when reads time out or the queue is full, `REFERENCE_DATA_CORRUPT` when a
   * block's checksum is wrong.
   */
  read<T>(attempt: (streets: StreetView) => T): T | Promise<T>;
  /** How often `read` has answered so far; absent where nothing is read from files. */
  readonly reads?: ReadCounts;
  /** Idempotent; resolves when the last running read has ended. */
  close(): Promise<void>;
}

export interface ReadCounts {
  /** At once, from the block cache. */
  readonly cached: number;
  /** After blocks had to be read. */
  readonly loaded: number;
}

/** Streets and addresses as seen by one attempt of `AddressDatabase.read`. Missing blocks look empty. */
export interface StreetView {
  /** Those of the ZIP Codes that have streets at all, told from memory. */
  withStreets(postalCodes: readonly PostalCodeRecord[]): readonly PostalCodeRecord[];
  /** Streets of a ZIP Code ordered by name, suffix, predirectional, postdirectional. */
  streetsOf(postalCode: string): readonly StreetRecord[];
  /** Those of them with exactly this standardised name. */
  streetsNamed(postalCode: string, name: string): readonly StreetRecord[];
  /** All points of a street, in house-number order. */
  pointsOf(street: StreetRecord): readonly AddressPointRecord[];
  /** Points at exactly this house number: the building and its units. */
  pointsAt(street: StreetRecord, houseNumber: string): readonly AddressPointRecord[];
  rangesOf(street: StreetRecord): readonly AddressRangeRecord[];
  /** Points within `radiusMeters`, nearest first. */
  pointsNear(place: Coordinates, radiusMeters: number, limit: number): readonly NearbyPoint[];
  /** Ranges whose shape comes within `radiusMeters`, nearest first. */
  rangesNear(place: Coordinates, radiusMeters: number, limit: number): readonly NearbyRange[];
}
