import type { AddressDatabase, CityRecord, PostalCodeRecord } from '../../reference-data/index.ts';
import { parsePostalCode } from '../parsing/postal-code.ts';

export interface CitiesOfPostalCode {
  readonly postalCode: PostalCodeRecord;
  readonly cities: readonly CityRecord[];
}

/** The cities of a ZIP Code as written, primary first, vanity names only when asked for; undefined when it is unknown. */
export function findCitiesOfPostalCode(
  database: AddressDatabase,
  text: string,
  options: { readonly includeVanity: boolean },
): CitiesOfPostalCode | undefined {
  const postalCode = database.findPostalCode(parsePostalCode(text).base);
  if (!postalCode) return undefined;
  return { postalCode, cities: postalCode.cities.filter(({ type }) => options.includeVanity || type !== 'V') };
}
