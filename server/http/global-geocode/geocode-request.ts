import { SpectrumError } from '../../foundation/errors.ts';
import { assertText, noUserFields, type ServiceCall } from '../rest/call.ts';

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

type Members = Readonly<Record<string, unknown>>;

/** Addresses of one posted request at most. */
export const mostAddresses = 100;

/** Reads a query: one address, its preferences beside it; unknown parameters are ignored. */
export function readGeocodeQuery(url: string): ServiceCall {
  const start = url.indexOf('?') + 1;
  const members: Record<string, unknown> = Object.fromEntries(start > 0 ? new URLSearchParams(url.slice(start)) : []);
  assertReferenceSystem(members.coordSysName);
  return { rows: [pick(addressMembers, members)], userFields: [noUserFields], options: readPreferences(members) };
}

/** Reads a posted request of several addresses. Throws `MALFORMED_JSON` or `INVALID_REQUEST`. */
export function readGeocodeBody(text: string): ServiceCall {
  const { type, preferences, addresses } = parseBody(text);
  if (!Array.isArray(addresses)) throw refuse('addresses is missing; send an array of addresses');
  if (addresses.length > mostAddresses) {
    throw refuse(`${addresses.length} addresses are too many; send at most ${mostAddresses} in one request`);
  }
  const given = isMembers(preferences) ? preferences : {};
  assertReferenceSystem(given.clientCoordSysName);
  const rows = addresses.map((address: unknown, index) => {
    if (!isMembers(address)) throw refuse(`addresses[${index}] is no object`);
    return pick(addressMembers, address);
  });
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

/** Members with a value, under the names of the stage, as text. */
function pick(names: Readonly<Record<string, string>>, members: Members): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [member, name] of Object.entries(names)) {
    const value = members[member];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    const text = String(value);
    assertText(member, text);
    picked[name] = text;
  }
  return picked;
}

const referenceSystems = new Set(['', 'EPSG:4326', 'WGS84']);

function assertReferenceSystem(given: unknown): void {
  const name = typeof given === 'string' ? given.toUpperCase() : '';
  if (!referenceSystems.has(name))
    throw refuse(`coordinate system ${JSON.stringify(given)} is not known; use EPSG:4326`);
}

function parseBody(text: string): Members {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new SpectrumError('MALFORMED_JSON', 'The request body is not JSON', { cause: String(error) });
  }
  if (!isMembers(body)) throw refuse('The request body is no JSON object');
  return body;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(sentence: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', sentence, {});
}
