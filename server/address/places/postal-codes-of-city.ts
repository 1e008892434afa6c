import {
  type AddressDatabase,
  type CityRecord,
  normalizeCity,
  type PostalCodeRecord,
} from '../../reference-data/index.ts';
import { parseLastLine } from '../parsing/last-line.ts';
import { findState } from '../parsing/states.ts';

interface PostalCodeOfCity {
  readonly code: string;
  readonly type: CityRecord['type'];
}

export type PostalCodesOfCity =
  | { readonly kind: 'found'; readonly codes: readonly PostalCodeOfCity[] }
  | { readonly kind: 'country-not-supported' }
  | { readonly kind: 'city-blank' }
  | { readonly kind: 'no-match' }
  /** The city exists, but not in this state or not as a name for mailing. */
  | { readonly kind: 'mismatch' };

/** Provinces and territories of Canada (addressing reference: GetPostalCodes is for the United States only). */
const canadianProvinces = new Set(['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'NT', 'NU', 'ON', 'PE', 'QC', 'SK', 'YT']);

/** City and state together are at most so long (addressing reference section 4). */
const longestInput = 100;

/** ZIP Codes of a city. @param cityText may end with the state when `stateText` is empty */
export function findPostalCodesOfCity(
  database: AddressDatabase,
  cityText: string,
  stateText: string,
  options: { readonly includeVanity: boolean },
): PostalCodesOfCity {
  const isTooLong = cityText.length + stateText.length > longestInput;
  if (isTooLong || (cityText.trim() === '' && stateText.trim() === '')) return { kind: 'no-match' };
  if (cityText.trim() === '') return { kind: 'city-blank' };
  const stateName = stateText
    .replace(/[.\s]+/g, ' ')
    .trim()
    .toUpperCase();
  if (canadianProvinces.has(stateName)) return { kind: 'country-not-supported' };
  const { city, stateProvince } = readCity(cityText, stateName);
  const everywhere = database.listPostalCodesOfCity(city);
  if (everywhere.length === 0 || (stateName !== '' && stateProvince === '')) return { kind: 'no-match' };
  const inState = everywhere.filter((record) => stateProvince === '' || record.stateProvince === stateProvince);
  // Without a state only a name that one state has is an answer: an answer does not tell the state.
  if (new Set(inState.map((record) => record.stateProvince)).size > 1) return { kind: 'no-match' };
  const codes = inState
    .map((record) => ({ code: record.code, type: typeOf(record, city) }))
    .filter(({ type }) => options.includeVanity || type !== 'V')
    .sort((a, b) => Number(a.code) - Number(b.code));
  return codes.length === 0 ? { kind: 'mismatch' } : { kind: 'found', codes };
}

function readCity(cityText: string, stateName: string): { readonly city: string; readonly stateProvince: string } {
  if (stateName !== '')
    return { city: cityText, stateProvince: findState(stateName) ?? findState(stateName.replaceAll(' ', '')) ?? '' };
  const { city, stateProvince } = parseLastLine(cityText);
  return city === '' ? { city: cityText, stateProvince: '' } : { city, stateProvince };
}

function typeOf(record: PostalCodeRecord, city: string): CityRecord['type'] {
  const wanted = normalizeCity(city);
  return record.cities.find(({ name }) => normalizeCity(name) === wanted)?.type ?? 'S';
}
