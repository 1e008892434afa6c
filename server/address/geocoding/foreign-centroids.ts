import {
  type Coordinates,
  type ForeignPlace,
  type ForeignPlaces,
  toForeignCityKey,
} from '../../reference-data/index.ts';
import { findCountryCode } from '../international/country-names.ts';
import { readForeignLastLine } from '../international/foreign-last-line.ts';
import { findCode } from '../international/place-match.ts';
import { checkPostalCode } from '../international/postal-code-rules.ts';

/** The middle of a postal code or city outside the United States. */
export interface ForeignCentroid {
  readonly kind: 'postalCode' | 'city';
  /** ISO 3166 alpha-2. */
  readonly country: string;
  readonly place: ForeignPlace;
  /** As the country writes it, or the area at its start that the data knows; empty for a city. */
  readonly postalCode: string;
  readonly coordinates: Coordinates;
}

/** A place of another country as sent, and what may answer it. */
export interface ForeignSearch {
  /** Code or name. */
  readonly country: string;
  /** May end with city, region and postal code, when their own fields are blank. */
  readonly addressLines: readonly string[];
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly usesPostalCode: boolean;
  readonly usesCity: boolean;
}

/** The centroid of a postal code or its delivery area, else of a city, as far as the country is loaded. */
export function findForeignCentroid(places: ForeignPlaces, search: ForeignSearch): ForeignCentroid | undefined {
  const country = findCountryCode(search.country);
  if (country === undefined) return undefined;
  const { addressLines, region: stateProvince } = search;
  const sent = { addressLines, city: search.city, stateProvince, postalCode: search.postalCode };
  const { city, region, postalCode } = readForeignLastLine(sent, country);
  const ofCode = search.usesPostalCode ? locateCode(places, country, postalCode) : undefined;
  if (ofCode || !search.usesCity || city === '') return ofCode;
  const namesakes = places.ofCity(country, city);
  const inRegion = namesakes.filter((place) => isRegion(place, region));
  const middle = toMiddle(inRegion.length > 0 ? inRegion : namesakes);
  return middle && { kind: 'city', country, postalCode: '', ...middle };
}

function locateCode(places: ForeignPlaces, country: string, postalCode: string): ForeignCentroid | undefined {
  const check = checkPostalCode(country, postalCode);
  const code = check.kind === 'valid' ? check.code : postalCode;
  const { found, knowledge } = findCode(places, country, code);
  const middle = toMiddle(found);
  if (!middle) return undefined;
  return { kind: 'postalCode', country, postalCode: knowledge === 'area' ? middle.place.code : code, ...middle };
}

function isRegion({ region, regionCode }: ForeignPlace, wanted: string): boolean {
  const name = toForeignCityKey(wanted);
  return name !== '' && (toForeignCityKey(region) === name || regionCode.toUpperCase() === wanted.trim().toUpperCase());
}

function toMiddle(
  places: readonly ForeignPlace[],
): { readonly place: ForeignPlace; readonly coordinates: Coordinates } | undefined {
  const [place] = places;
  const known = places.flatMap(({ centroid }) => centroid ?? []);
  if (!place || known.length === 0) return undefined;
  // Namesakes in several regions have no common middle.
  if (new Set(places.map(({ region }) => region)).size > 1) return undefined;
  return {
    place,
    coordinates: {
      longitude: known.reduce((sum, { longitude }) => sum + longitude, 0) / known.length,
      latitude: known.reduce((sum, { latitude }) => sum + latitude, 0) / known.length,
    },
  };
}
