import type {
  AddressDatabase,
  AddressPointRecord,
  AddressRangeRecord,
  Coordinates,
  ForeignPlace,
  ForeignPlaces,
  Manifest,
  NearbyPoint,
  NearbyRange,
  PostalCodeRecord,
  StreetRecord,
  StreetView,
} from '../../server/reference-data/index.ts';

/** A street with everything on it, as a test writes it down. */
export interface StreetFixture extends Partial<StreetRecord> {
  readonly postalCode: string;
  readonly name: string;
  readonly points?: readonly PointFixture[];
  readonly ranges?: readonly (Partial<AddressRangeRecord> & Pick<AddressRangeRecord, 'low' | 'high'>)[];
}

type PointFixture = string | (Partial<AddressPointRecord> & Pick<AddressPointRecord, 'houseNumber'>);

interface PostalCodeFixture extends Partial<Omit<PostalCodeRecord, 'cities'>> {
  readonly code: string;
  readonly stateProvince: string;
  readonly cities: readonly (string | PostalCodeRecord['cities'][number])[];
}

export interface AddressDatabaseFixture {
  readonly postalCodes: readonly PostalCodeFixture[];
  readonly streets?: readonly StreetFixture[];
  readonly foreignPlaces?: readonly ForeignPlace[];
}

interface StoredStreet {
  readonly record: StreetRecord;
  readonly points: readonly AddressPointRecord[];
  readonly ranges: readonly AddressRangeRecord[];
}

/** An address database by brute force over plain records: the twin against which the file reader is compared. */
export function createInMemoryAddressDatabase(fixture: AddressDatabaseFixture): AddressDatabase {
  const postalCodes = fixture.postalCodes.map(toPostalCode);
  const streets = (fixture.streets ?? []).map(toStreet).sort((a, b) => compareStreets(a.record, b.record));
  const view = createView(streets);
  return {
    manifest: toManifest(postalCodes, streets),
    foreignPlaces: createForeignPlaces(fixture.foreignPlaces ?? []),
    findPostalCode: (code) => postalCodes.find((record) => record.code === code),
    listPostalCodesOfCity: (city, stateProvince = '') =>
      postalCodes.filter(
        (record) =>
          (stateProvince === '' || record.stateProvince === stateProvince.toUpperCase()) &&
          record.cities.some(({ name }) => spellOut(name) === spellOut(city)),
      ),
    listCities: (stateProvince) => [
      ...new Set(
        postalCodes
          .filter((record) => record.stateProvince === stateProvince.toUpperCase())
          .flatMap((record) => record.cities.map(({ name }) => name)),
      ),
    ],
    listNeighbouringPostalCodes: (code, limit) => listNeighbours(postalCodes, code, limit),
    read: (attempt) => attempt(view),
    close: async () => {},
  };
}

function createView(streets: readonly StoredStreet[]): StreetView {
  const find = (street: StreetRecord) => streets.find(({ record }) => compareStreets(record, street) === 0);
  return {
    withStreets: (postalCodes) =>
      postalCodes.filter(({ code }) => streets.some(({ record }) => record.postalCode === code)),
    streetsOf: (postalCode) => records(streets.filter(({ record }) => record.postalCode === postalCode)),
    streetsNamed: (postalCode, name) =>
      records(streets.filter(({ record }) => record.postalCode === postalCode && record.name === name)),
    pointsOf: (street) => find(street)?.points ?? [],
    pointsAt: (street, houseNumber) =>
      (find(street)?.points ?? []).filter((point) => point.houseNumber === houseNumber),
    rangesOf: (street) => find(street)?.ranges ?? [],
    pointsNear: (place, radiusMeters, limit) => listPointsNear(streets, place, radiusMeters, limit),
    rangesNear: (place, radiusMeters, limit) => listRangesNear(streets, place, radiusMeters, limit),
  };
}

/** By brute force, as the rest. */
export function createForeignPlaces(places: readonly ForeignPlace[]): ForeignPlaces {
  const plain = (text: string) =>
    text
      .replace(/\(.*$/, '')
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toUpperCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const toKey = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return {
    countries: [...new Set(places.map(({ country }) => country))].sort(),
    find: (country, code) => places.filter((place) => place.country === country && place.code === toKey(code)),
    ofCity: (country, city) => places.filter((place) => place.country === country && plain(place.city) === plain(city)),
  };
}

/** Enough of the city spellings for tests. */
function spellOut(city: string): string {
  const words: Readonly<Record<string, string>> = { ST: 'SAINT', FT: 'FORT', MT: 'MOUNT', N: 'NORTH', S: 'SOUTH' };
  return city
    .toUpperCase()
    .replace(/[.']/g, '')
    .trim()
    .split(/[\s-]+/)
    .map((word) => words[word] ?? word)
    .join(' ');
}

function records(streets: readonly StoredStreet[]): readonly StreetRecord[] {
  return streets.map(({ record }) => record);
}

function listPointsNear(
  streets: readonly StoredStreet[],
  place: Coordinates,
  radiusMeters: number,
  limit: number,
): readonly NearbyPoint[] {
  return streets
    .flatMap(({ record, points }) =>
      points.map((point) => ({ street: record, point, distanceMeters: measureMeters(place, point.coordinates) })),
    )
    .filter(({ distanceMeters }) => distanceMeters <= radiusMeters)
    .sort((a, b) => a.distanceMeters - b.distanceMeters)
    .slice(0, limit);
}

function listRangesNear(
  streets: readonly StoredStreet[],
  place: Coordinates,
  radiusMeters: number,
  limit: number,
): readonly NearbyRange[] {
  return streets
    .flatMap(({ record, ranges }) =>
      ranges.map((range) => ({ street: record, range, distanceMeters: measureToShape(place, range.shape) })),
    )
    .filter(({ distanceMeters }) => distanceMeters <= radiusMeters)
    .sort((a, b) => a.distanceMeters - b.distanceMeters)
    .slice(0, limit);
}

/** Distance to the nearest piece of a polyline, the ground taken as flat around `place`. */
function measureToShape(place: Coordinates, shape: readonly Coordinates[]): number {
  const metersPerDegree = (6_371_008.8 * Math.PI) / 180;
  const flat = shape.map(({ longitude, latitude }) => ({
    x: (longitude - place.longitude) * metersPerDegree * Math.cos((place.latitude * Math.PI) / 180),
    y: (latitude - place.latitude) * metersPerDegree,
  }));
  return Math.min(
    ...flat.map((end, index) => {
      const start = flat[Math.max(0, index - 1)] ?? end;
      const [dx, dy] = [end.x - start.x, end.y - start.y];
      const squared = dx * dx + dy * dy;
      const along = squared === 0 ? 0 : Math.min(1, Math.max(0, -(start.x * dx + start.y * dy) / squared));
      return Math.hypot(start.x + along * dx, start.y + along * dy);
    }),
  );
}

function listNeighbours(
  postalCodes: readonly PostalCodeRecord[],
  code: string,
  limit: number,
): readonly PostalCodeRecord[] {
  const centre = postalCodes.find((record) => record.code === code)?.centroid;
  if (centre === undefined) return [];
  return postalCodes
    .filter((record) => record.code !== code && record.centroid !== undefined)
    .map((record) => ({ record, distance: measureMeters(centre, record.centroid ?? centre) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ record }) => record);
}

/** Great-circle distance on a sphere of 6,371,008.8 m radius. */
function measureMeters(a: Coordinates, b: Coordinates): number {
  const radians = Math.PI / 180;
  const latitude = Math.sin(((b.latitude - a.latitude) * radians) / 2);
  const longitude = Math.sin(((b.longitude - a.longitude) * radians) / 2);
  const square = latitude ** 2 + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * longitude ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(square)));
}

function compareStreets(a: StreetRecord, b: StreetRecord): number {
  return (
    compare(a.postalCode, b.postalCode) ||
    compare(a.name, b.name) ||
    compare(a.suffix, b.suffix) ||
    compare(a.predirectional, b.predirectional) ||
    compare(a.postdirectional, b.postdirectional) ||
    compare(a.city, b.city) ||
    compare(a.urbanization ?? '', b.urbanization ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toPostalCode(fixture: PostalCodeFixture): PostalCodeRecord {
  return {
    kind: 'standard',
    countyName: '',
    countyFips: '',
    centroid: undefined,
    ...fixture,
    cities: fixture.cities.map((city, index) =>
      typeof city === 'string' ? { name: city, type: index === 0 ? ('P' as const) : ('S' as const) } : city,
    ),
  };
}

function toStreet({ points = [], ranges = [], ...street }: StreetFixture): StoredStreet {
  return {
    record: { predirectional: '', suffix: '', postdirectional: '', city: '', ...street },
    points: points.map(toPoint).sort(comparePoints),
    ranges: ranges.map((range) => ({
      parity: range.low % 2 === 0 ? ('E' as const) : ('O' as const),
      side: 'L' as const,
      addOn: '',
      shape: [
        { longitude: 0, latitude: 0 },
        { longitude: 0.001, latitude: 0 },
      ],
      ...range,
    })),
  };
}

function toPoint(fixture: PointFixture): AddressPointRecord {
  const point = typeof fixture === 'string' ? { houseNumber: fixture } : fixture;
  return { unitDesignator: '', unitNumber: '', addOn: '', coordinates: { longitude: 0, latitude: 0 }, ...point };
}

function comparePoints(a: AddressPointRecord, b: AddressPointRecord): number {
  return (
    compareNumbers(a.houseNumber, b.houseNumber) ||
    compare(a.unitDesignator, b.unitDesignator) ||
    compareNumbers(a.unitNumber, b.unitNumber)
  );
}

function compareNumbers(a: string, b: string): number {
  const [first, second] = [Number.parseInt(a, 10), Number.parseInt(b, 10)];
  if (Number.isNaN(first) || Number.isNaN(second)) {
    return Number(Number.isNaN(second)) - Number(Number.isNaN(first)) || compare(a, b);
  }
  return first - second || compare(a, b);
}

function toManifest(postalCodes: readonly PostalCodeRecord[], streets: readonly StoredStreet[]): Manifest {
  return {
    format: 1,
    database: 'in-memory',
    vintage: 'test',
    purpose: 'demonstration',
    builtAt: '2025-01-01T00:00:00Z',
    files: [],
    sources: [],
    counts: {
      postalCodes: postalCodes.length,
      streets: streets.length,
      points: streets.reduce((sum, { points }) => sum + points.length, 0),
      ranges: streets.reduce((sum, { ranges }) => sum + ranges.length, 0),
      pointsByState: {},
    },
  };
}
