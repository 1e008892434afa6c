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
import type { AddressMatch } from '../validation/address-match.ts';
import type { MatchSettings, MissingElement } from '../validation/candidates.ts';
import { matchAddress } from '../validation/matching.ts';
import { isSameStreet } from '../validation/street-difference.ts';
import { findAddOnCentroid } from './add-on-centroid.ts';
import { findCityCentroid, findCountyCentroid, findStateCentroid } from './centroids.ts';
import { type InterpolationOptions, interpolate } from './interpolation.ts';
import { findIntersections, type Intersection, readIntersection } from './intersections.ts';
import type { LocationKind } from './location-code.ts';
import type { MatchError } from './match-code.ts';
import { findInterpolatedPoint, findStreetCentroid } from './street-location.ts';

export interface GeocodeSettings {
  readonly match: MatchSettings;
  readonly interpolation: InterpolationOptions;
  /** Whether a house number that the data lacks may be put between its neighbours on the street. */
  readonly interpolatesPoints: boolean;
  readonly fallsBackToStreet: boolean;
  /** ZIP Code centroid when nothing better is known. */
  readonly fallsBackToPostalCode: boolean;
  /** City, then county, then state centroid. */
  readonly fallsBackToGeographic: boolean;
}

export interface GeocodedAddress {
  readonly kind: 'address';
  readonly location: Extract<LocationKind, 'point' | 'segment'>;
  readonly match: AddressMatch;
  readonly coordinates: Coordinates;
}

export type GeocodeResult =
  | GeocodedAddress
  /** The address itself was not found; `error` says why, unless no address line was given. */
  | {
      readonly kind: 'area';
      readonly location: Exclude<LocationKind, 'point' | 'segment' | 'intersection' | 'none'>;
      readonly coordinates: Coordinates;
      readonly error: MatchError | undefined;
      readonly street: StreetRecord | undefined;
      readonly postalCode: PostalCodeRecord | undefined;
      readonly lastLine: LastLine;
    }
  | { readonly kind: 'multiple'; readonly results: readonly GeocodedAddress[] }
  /** Where two streets meet; several when they meet more than once. */
  | { readonly kind: 'intersection'; readonly intersections: readonly Intersection[] }
  | { readonly kind: 'none'; readonly error: MatchError };

/**
 * Finds the coordinates of a parsed address in the order of geocoding reference 1.6: point, segment, street, ZIP Code,
 * city, county, state. Pure, so that `AddressDatabase.read` may run it again.
 */
export function geocodeAddress(
  database: AddressDatabase,
  view: StreetView,
  address: ParsedAddress,
  settings: GeocodeSettings,
): GeocodeResult {
  const { lastLine, readings } = address;
  if (lastLine.postalCode === '' && lastLine.city === '') return { kind: 'none', error: 'noLastLine' };
  if (readings.length === 0) return fallBack(database, view, lastLine, undefined, settings);
  const crossing = readIntersection(address);
  if (crossing !== undefined) {
    const found = findIntersections(database, view, crossing, lastLine);
    if (found.kind === 'found') return { kind: 'intersection', intersections: found.intersections };
    // A street may be called `LORD AND TAYLOR`: then it is looked for as any other.
    if (found.error !== 'unknownStreet') return fallBack(database, view, lastLine, found.error, settings);
  }
  const result = matchAddress(database, view, address, settings.match);
  switch (result.kind) {
    case 'match':
      // A route without its box is known by name only.
      return (
        locateMatch(result.match, settings.interpolation) ?? fallBack(database, view, lastLine, undefined, settings)
      );
    case 'multiple': {
      const results = result.matches.flatMap((match) => locateMatch(match, settings.interpolation) ?? []);
      const [first] = results;
      if (!first) return { kind: 'none', error: 'unresolved' };
      return results.every((one) => isSamePlace(one, first)) ? first : { kind: 'multiple', results };
    }
    case 'none': {
      const onStreet = findOnStreet(database, view, address, settings);
      return (
        onStreet ?? fallBack(database, view, lastLine, explain(database, view, lastLine, result.missing), settings)
      );
    }
    case 'insufficient':
      return { kind: 'none', error: 'noLastLine' };
  }
}

/** The address point of a match, else the place within its range; undefined where the data has neither. */
export function locateMatch(match: AddressMatch, options: InterpolationOptions): GeocodedAddress | undefined {
  const { point, range, houseNumber } = match;
  if (point) return { kind: 'address', location: 'point', match, coordinates: point.coordinates };
  if (!range) return undefined;
  const { coordinates } = interpolate(range, Number.parseInt(houseNumber, 10), options);
  return { kind: 'address', location: 'segment', match, coordinates };
}

/** A quarter of a mile: two streets of one name and one numbering lie in different towns, farther apart. */
const onePlaceMeters = 400;

/** Several ways to say one place are no ambiguity for coordinates: an address that sources put into two ZIP Codes is one. */
function isSamePlace(left: GeocodedAddress, right: GeocodedAddress): boolean {
  const { longitude, latitude } = left.coordinates;
  if (longitude === right.coordinates.longitude && latitude === right.coordinates.latitude) return true;
  const isSameAddress =
    left.match.houseNumber === right.match.houseNumber && isSameStreet(left.match.street, right.match.street);
  return isSameAddress && distanceMeters(left.coordinates, right.coordinates) <= onePlaceMeters;
}

/** The street without the house number: between its points, or the middle of the street, as the settings allow. */
function findOnStreet(
  database: AddressDatabase,
  view: StreetView,
  address: ParsedAddress,
  settings: GeocodeSettings,
): GeocodeResult | undefined {
  const line = address.readings[0]?.delivery.street;
  if (!line || (!settings.interpolatesPoints && !settings.fallsBackToStreet)) return undefined;
  const inferred = settings.interpolatesPoints
    ? findInterpolatedPoint(database, view, line, address.lastLine)
    : undefined;
  const found =
    inferred ?? (settings.fallsBackToStreet ? findStreetCentroid(database, view, line, address.lastLine) : undefined);
  if (!found) return undefined;
  return {
    kind: 'area',
    location: inferred ? 'interpolatedPoint' : 'street',
    coordinates: found.coordinates,
    error: 'unknownSegment',
    street: found.street,
    postalCode: database.findPostalCode(found.street.postalCode),
    lastLine: address.lastLine,
  };
}

function fallBack(
  database: AddressDatabase,
  view: StreetView,
  lastLine: LastLine,
  error: MatchError | undefined,
  settings: GeocodeSettings,
): GeocodeResult {
  const known = database.findPostalCode(lastLine.postalCode);
  const postalCode = known && isConsistent(known, lastLine) ? known : undefined;
  const area = { kind: 'area' as const, error, street: undefined, postalCode, lastLine };
  if (postalCode && lastLine.addOn !== '' && settings.fallsBackToPostalCode) {
    const coordinates = findAddOnCentroid(view, postalCode.code, lastLine.addOn);
    if (coordinates) return { ...area, location: 'addOn', coordinates };
  }
  if (postalCode?.centroid && settings.fallsBackToPostalCode) {
    return { ...area, location: 'postalCode', coordinates: postalCode.centroid };
  }
  const geographic = settings.fallsBackToGeographic ? findGeographic(database, lastLine, postalCode) : undefined;
  if (geographic) return { ...area, ...geographic };
  const missing = lastLine.postalCode !== '' && !known ? 'unknownPostalCode' : 'noMatch';
  return { kind: 'none', error: error ?? missing };
}

/** A ZIP Code of another state than the one given is evidence against both. */
function isConsistent(record: PostalCodeRecord, { stateProvince }: LastLine): boolean {
  return stateProvince === '' || stateProvince === record.stateProvince;
}

function findGeographic(
  database: AddressDatabase,
  { city, stateProvince }: LastLine,
  postalCode: PostalCodeRecord | undefined,
): { readonly location: 'city' | 'county' | 'state'; readonly coordinates: Coordinates } | undefined {
  const state = stateProvince || postalCode?.stateProvince;
  if (!state) return undefined;
  const cityCentroid = city === '' ? undefined : findCityCentroid(database, city, state);
  if (cityCentroid) return { location: 'city', coordinates: cityCentroid };
  const fips = postalCode?.countyFips;
  const countyCentroid = fips ? findCountyCentroid(database, fips, state) : undefined;
  if (countyCentroid) return { location: 'county', coordinates: countyCentroid };
  const stateCentroid = findStateCentroid(database, state);
  return stateCentroid && { location: 'state', coordinates: stateCentroid };
}

const errorOfElement: Readonly<Record<MissingElement, MatchError>> = {
  PostalCode: 'unknownPostalCode',
  City: 'unknownCity',
  StreetName: 'unknownStreet',
  HouseNumber: 'unknownSegment',
  POBoxNumber: 'unknownSegment',
  RuralRoute: 'unknownStreet',
};

function explain(
  database: AddressDatabase,
  view: StreetView,
  { postalCode }: LastLine,
  missing: readonly MissingElement[],
): MatchError {
  const [first] = missing;
  const hasNoStreets = database.findPostalCode(postalCode) !== undefined && view.streetsOf(postalCode).length === 0;
  if (first === 'StreetName' && hasNoStreets) return 'noStreetsInArea';
  return first ? errorOfElement[first] : 'noMatch';
}
