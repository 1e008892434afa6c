import type { Coordinates, ForeignPlace, ForeignPlaces } from '../../reference-data/index.ts';
import { findCountryCode } from '../international/country-names.ts';
import { checkPostalCode } from '../international/postal-code-rules.ts';

/** The middle of a postal code or city outside the United States. */
export interface ForeignCentroid {
  readonly kind: 'postalCode' | 'city';
  /** ISO 3166 alpha-2. */
  readonly country: string;
  readonly place: ForeignPlace;
  /** As the country writes it; empty for a city. */
  readonly postalCode: string;
  readonly coordinates: Coordinates;
}

/** The centroid of a postal code, else of a city, as far as the country is loaded. */
export function findForeignCentroid(
  places: ForeignPlaces,
  input: { readonly country: string; readonly city: string; readonly postalCode: string },
): ForeignCentroid | undefined {
  const country = findCountryCode(input.country);
  if (country === undefined) return undefined;
  const check = checkPostalCode(country, input.postalCode);
  const code = check.kind === 'valid' ? check.code : input.postalCode;
  const ofCode = input.postalCode === '' ? [] : places.find(country, code);
  const middle = toMiddle(ofCode);
  if (middle) return { kind: 'postalCode', country, postalCode: code, ...middle };
  const city = input.city === '' ? undefined : toMiddle(places.ofCity(country, input.city));
  return city && { kind: 'city', country, postalCode: '', ...city };
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
