import { noUserFields, type ServiceCall } from '../rest/call.ts';
import { isMembers, type Members, parseBody, pick, readObjects, readQueryMembers, refuse } from './members.ts';

/** Members of an address of a posted request, and the fields of the stage that they are (geocoding reference section 3). */
const addressMembers: Readonly<Record<string, string>> = {
  mainAddressLine: 'MainAddressLine',
  mainAddress: 'MainAddressLine',
  addressLastLine: 'AddressLastLine',
  lastLine: 'AddressLastLine',
  placeName: 'PlaceName',
  areaName1: 'AreaName1',
  areaName2: 'AreaName2',
  areaName3: 'AreaName3',
  areaName4: 'AreaName4',
  postCode1: 'PostCode1',
  postalCode: 'PostCode1',
  postCode2: 'PostCode2',
  country: 'Country',
  addressNumber: 'AddressNumber',
  streetName: 'StreetName',
  unitType: 'UnitType',
  unitValue: 'UnitValue',
  x: 'X',
  y: 'Y',
};

/** Preferences, and the options of the stage that they are; further spellings are those of a query. */
const preferenceMembers: Readonly<Record<string, string>> = {
  type: 'Type',
  geocodeType: 'Type',
  fallbackToGeographic: 'FallbackToGeographic',
  fallbackGeo: 'FallbackToGeographic',
  fallbackToPostal: 'FallbackToPostal',
  fallbackPostal: 'FallbackToPostal',
  maxReturnedCandidates: 'MaxReturnedCandidates',
  maxCands: 'MaxReturnedCandidates',
  streetOffset: 'StreetOffset',
  streetOffsetUnits: 'StreetOffsetUnits',
  cornerOffset: 'CornerOffset',
  cornerOffsetUnits: 'CornerOffsetUnits',
  matchMode: 'MatchMode',
  distance: 'Distance',
  distanceUnits: 'DistanceUnits',
};

const mustMatchMembers: Readonly<Record<string, string>> = {
  matchOnAddressNumber: 'MatchOnAddressNumber',
  matchOnPostCode1: 'MatchOnPostCode1',
  matchOnAreaName1: 'MatchOnAreaName1',
  matchOnAreaName3: 'MatchOnAreaName3',
  matchOnAllStreetFields: 'MatchOnAllStreetFields',
  matchOnStreetName: 'MatchOnStreetName',
};

/** Reads a query: one address, its preferences beside it; unknown parameters are ignored. */
export function readGeocodeQuery(url: string): ServiceCall {
  const members = readQueryMembers(url);
  assertReferenceSystem(members.coordSysName);
  return { rows: [pick(addressMembers, members)], userFields: [noUserFields], options: readPreferences(members) };
}

/** Reads a posted request of several addresses. Throws `MALFORMED_JSON` or `INVALID_REQUEST`. */
export function readGeocodeBody(text: string): ServiceCall {
  const { type, preferences, addresses } = parseBody(text);
  return toCall(readObjects(addresses, 'addresses'), type, preferences);
}

/** Reads a posted request of one partly typed address. Throws `MALFORMED_JSON` or `INVALID_REQUEST`. */
export function readAddressBody(text: string): ServiceCall {
  const { type, preferences, address } = parseBody(text);
  if (!isMembers(address)) throw refuse('address is missing; send an object');
  return toCall([address], type, preferences);
}

/** Reads a posted request of several points: GeoJSON geometries. Throws `MALFORMED_JSON` or `INVALID_REQUEST`. */
export function readPointsBody(text: string): ServiceCall {
  const { preferences, points } = parseBody(text);
  const rows = readObjects(points, 'points').map(({ geometry, country }, index) => {
    const { type, coordinates, crs } = isMembers(geometry) ? geometry : {};
    const [x, y] = Array.isArray(coordinates) ? (coordinates as readonly unknown[]) : [];
    if (type !== 'Point' || typeof x !== 'number' || typeof y !== 'number') {
      throw refuse(`points[${index}].geometry is no GeoJSON point; send {"type":"Point","coordinates":[x,y]}`);
    }
    const { properties } = isMembers(crs) ? crs : {};
    assertReferenceSystem(isMembers(properties) ? properties.name : undefined);
    return { x, y, country };
  });
  return toCall(rows, undefined, preferences);
}

function toCall(addresses: readonly Members[], type: unknown, preferences: unknown): ServiceCall {
  const given = isMembers(preferences) ? preferences : {};
  assertReferenceSystem(given.clientCoordSysName);
  const rows = addresses.map((address) => pick(addressMembers, address));
  const mustMatch = isMembers(given.mustMatchFields) ? toChoices(given.mustMatchFields) : {};
  const options = { ...readPreferences({ type, ...given }), ...mustMatch };
  return { rows, userFields: rows.map(() => noUserFields), options };
}

function readPreferences(members: Members): Readonly<Record<string, string>> {
  const options = pick(preferenceMembers, members);
  for (const name of ['FallbackToGeographic', 'FallbackToPostal']) {
    const value = options[name];
    if (value !== undefined) options[name] = toChoice(value);
  }
  for (const name of ['StreetOffsetUnits', 'CornerOffsetUnits', 'DistanceUnits']) {
    const value = options[name];
    if (value !== undefined) options[name] = toUnit(value);
  }
  return options;
}

function toChoices(members: Members): Record<string, string> {
  const given = pick(mustMatchMembers, members);
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, toChoice(value)]));
}

const toChoice = (value: string): string => (value === 'true' ? 'Y' : value === 'false' ? 'N' : value);

/** `METERS`, `METER` and `FEET` stand for the stage's `Meters` and `Feet`. */
function toUnit(value: string): string {
  const name = value.toUpperCase();
  return name === 'METER' || name === 'KILOMETER' || name === 'MILE' || name === 'YARD' ? `${name}S` : name;
}

const referenceSystems = new Set(['', 'EPSG:4326', 'WGS84']);

function assertReferenceSystem(given: unknown): void {
  const name = typeof given === 'string' ? given.toUpperCase() : '';
  if (!referenceSystems.has(name))
    throw refuse(`coordinate system ${JSON.stringify(given)} is not known; use EPSG:4326`);
}
