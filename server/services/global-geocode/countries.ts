import { findCountryCode, formatCountryName } from '../../address/index.ts';
import type { AddressDatabase } from '../../reference-data/index.ts';

/** Kinds of data, as the global geocoder adds them up. */
export const dataLevels = { postalCentroid: 1, geographicCentroid: 2, streetSegment: 4, addressPoint: 8 } as const;

/** What a database has of a country. */
export interface GeocodedCountry {
  /** ISO 3166 alpha-3. */
  readonly country: string;
  /** Sum of `dataLevels`. */
  readonly dataLevel: number;
}

/** The countries that a database can geocode in, with what it has of them. */
export function listGeocodedCountries({ manifest, foreignPlaces }: AddressDatabase): readonly GeocodedCountry[] {
  const { postalCodes, points, ranges } = manifest.counts;
  const centroids = dataLevels.postalCentroid + dataLevels.geographicCentroid;
  const streets = (ranges > 0 ? dataLevels.streetSegment : 0) + (points > 0 ? dataLevels.addressPoint : 0);
  const home = postalCodes > 0 ? [{ country: 'USA', dataLevel: centroids + streets }] : [];
  const others = foreignPlaces.countries.map((code) => ({
    country: formatCountryName(code, 'U'),
    dataLevel: centroids,
  }));
  return [...home, ...others];
}

/** The alpha-3 code of a country given by a code or name; undefined for one that is unknown. */
export function findCountry(text: string): string | undefined {
  const code = findCountryCode(text);
  return code === undefined ? undefined : formatCountryName(code, 'U');
}
