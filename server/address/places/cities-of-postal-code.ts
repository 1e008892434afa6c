import type { AddressDatabase, CityRecord, PostalCodeRecord } from '../../reference-data/index.ts';
import { isCanadianPostalCode, parsePostalCode } from '../parsing/postal-code.ts';

export type CitiesOfPostalCode =
  | { readonly kind: 'found'; readonly postalCode: PostalCodeRecord; readonly cities: readonly CityRecord[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'canadian' };

/** The cities of a ZIP Code as written, primary first; vanity names only when asked for. */
export function findCitiesOfPostalCode(
  database: AddressDatabase,
  text: string,
  options: { readonly includeVanity: boolean },
): CitiesOfPostalCode {
  if (isCanadianPostalCode(text)) return { kind: 'canadian' };
  const postalCode = database.findPostalCode(parsePostalCode(text).base);
  if (!postalCode) return { kind: 'unknown' };
  const cities = postalCode.cities.filter(({ type }) => options.includeVanity || type !== 'V');
  return { kind: 'found', postalCode, cities };
}
