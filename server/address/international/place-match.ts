import { type ForeignPlace, type ForeignPlaces, toForeignCityKey } from '../../reference-data/index.ts';
import { findProvince, listProvincesOfCode } from './canadian-provinces.ts';
import { checkPostalCode } from './postal-code-rules.ts';

/** What became of an element: appended, formatted, passed through unchecked, missing, standardized, unmatched, valid. */
export type ForeignResult = 'A' | 'F' | 'P' | 'R' | 'S' | 'U' | 'V';

export interface MatchedElement {
  readonly text: string;
  /** Undefined for an element that is empty and need not be there. */
  readonly result: ForeignResult | undefined;
}

/** City, region and postal code held against the data and against each other. */
export interface PlaceMatch {
  readonly city: MatchedElement;
  readonly region: MatchedElement;
  readonly postalCode: MatchedElement;
  /** How much of the code the data knows. */
  readonly knowledge: 'whole' | 'area' | 'none';
  readonly contradictions: readonly ('City' | 'PostalCode')[];
}

export interface GivenPlace {
  readonly city: string;
  readonly region: string;
  /** As the country writes it; empty when none was sent. */
  readonly postalCode: string;
  /** As sent. */
  readonly sentCode: string;
}

/** Characters at the start of a code that name its delivery area, where data may list only areas. */
const areaLengths: Readonly<Record<string, number>> = { CA: 3, NL: 4, IE: 3, MT: 3, PT: 4 };

interface FoundCode {
  readonly found: readonly ForeignPlace[];
  readonly knowledge: PlaceMatch['knowledge'];
}

/** Compares a place with what is loaded of its country and, for Canada, with the provinces of the first letters. */
export function matchPlace(places: ForeignPlaces, country: string, given: GivenPlace): PlaceMatch {
  const { found, knowledge } = findCode(places, country, given.postalCode);
  const isLoaded = places.countries.includes(country);
  const inCode = found.filter((place) => hasName(place, given.city));
  const isSought = isLoaded && given.city !== '' && inCode.length === 0;
  const elsewhere = isSought ? places.ofCity(country, given.city) : [];
  const region = matchRegion(country, given, inCode.length > 0 ? inCode : found.length > 0 ? found : elsewhere);
  const isWholeList = isLoaded && areaLengths[country] === undefined && country !== 'GB';
  const city = matchCity(given.city, found, inCode, elsewhere, isWholeList);
  const code = matchCode(country, given, knowledge, isLoaded, elsewhere);
  const postalCode = region.isContradiction ? { ...code, result: 'U' as const } : code;
  const isCodeWrong = postalCode.result === 'U';
  const contradictions = [
    ...(city.result === 'U' ? ['City' as const] : []),
    ...(isCodeWrong ? ['PostalCode' as const] : []),
  ];
  return { city, region: region.element, postalCode, knowledge, contradictions };
}

/** The places of a code; where the data lists only delivery areas, those of its area. */
export function findCode(places: ForeignPlaces, country: string, postalCode: string): FoundCode {
  if (postalCode === '') return { found: [], knowledge: 'none' };
  const whole = places.find(country, postalCode);
  if (whole.length > 0) return { found: whole, knowledge: 'whole' };
  // The outward code of the United Kingdom is all but the last three characters.
  const plain = postalCode.replace(/[^A-Z0-9]/g, '');
  const length = country === 'GB' ? plain.length - 3 : areaLengths[country];
  const area = length === undefined ? [] : places.find(country, plain.slice(0, length));
  return { found: area, knowledge: area.length > 0 ? 'area' : 'none' };
}

/** Whether a city is the place, a word of its name (`Downtown (Toronto)`), or the city district around it. */
function hasName(place: ForeignPlace, city: string): boolean {
  if (city === '') return false;
  const wanted = fold(city);
  if (place.otherNames.some((name) => fold(name).replace(cityWords, '') === wanted)) return true;
  return ` ${fold(place.city.replace(/[()/]/g, ' '))} `.includes(` ${wanted} `);
}

/** Words before a district's name that say it is the city itself. */
const cityWords = /^(STADTKREIS|KREISFREIE STADT|STADT|CITY OF|GREATER) /;

/** Umlauts are spelt in two ways, `Köln` and `Koeln`. */
function fold(name: string): string {
  return toForeignCityKey(name).replace(/([AOU])E/g, '$1');
}

function matchCity(
  city: string,
  found: readonly ForeignPlace[],
  inCode: readonly ForeignPlace[],
  elsewhere: readonly ForeignPlace[],
  isWholeList: boolean,
): MatchedElement {
  if (city === '') {
    // A name with a remark describes an area and is no city.
    const names = new Set(found.map((place) => place.city));
    const [only] = names;
    const isName = only !== undefined && names.size === 1 && !/[(/]/.test(only);
    return isName ? { text: only, result: 'A' } : { text: '', result: 'R' };
  }
  if (inCode.length > 0) return { text: city, result: 'V' };
  if (found.length > 0) return { text: city, result: 'U' };
  if (elsewhere.length > 0) return { text: city, result: 'V' };
  // Where the data may list delivery areas only, a city that it does not name may exist all the same.
  return { text: city, result: isWholeList ? 'U' : 'P' };
}

function matchCode(
  country: string,
  given: GivenPlace,
  knowledge: PlaceMatch['knowledge'],
  isLoaded: boolean,
  elsewhere: readonly ForeignPlace[],
): MatchedElement {
  const { postalCode, sentCode } = given;
  if (postalCode === '') {
    const codes = new Set(elsewhere.map(({ code }) => code));
    const [only] = codes;
    // What the data lists may be a delivery area only, which is no code to write on a letter.
    const check = only !== undefined && codes.size === 1 ? checkPostalCode(country, only) : undefined;
    return check?.kind === 'valid' ? { text: check.code, result: 'A' } : { text: '', result: 'R' };
  }
  if (isLoaded && knowledge === 'none') return { text: postalCode, result: 'U' };
  if (postalCode !== sentCode.toUpperCase()) return { text: postalCode, result: 'F' };
  return { text: postalCode, result: isLoaded ? 'V' : 'P' };
}

interface RegionMatch {
  readonly element: MatchedElement;
  readonly isContradiction: boolean;
}

function matchRegion(country: string, { region, postalCode }: GivenPlace, found: readonly ForeignPlace[]): RegionMatch {
  if (country === 'CA') return matchProvince(region, postalCode, found);
  const regions = new Set(found.map((place) => place.region));
  const [only] = regions;
  if (region === '') return { element: { text: '', result: undefined }, isContradiction: false };
  if (only === undefined) return { element: { text: region, result: 'P' }, isContradiction: false };
  const isKnown = found.some(
    (place) => fold(place.region) === fold(region) || fold(place.regionCode) === fold(region) || hasName(place, region),
  );
  return { element: { text: region, result: isKnown ? 'V' : 'U' }, isContradiction: false };
}

function matchProvince(given: string, postalCode: string, found: readonly ForeignPlace[]): RegionMatch {
  const allowed = postalCode === '' ? found.map(({ regionCode }) => regionCode) : listProvincesOfCode(postalCode);
  const possible = [...new Set(allowed)];
  const province = findProvince(given);
  if (given === '') {
    const listed = new Set(found.map(({ regionCode }) => regionCode));
    const only = possible.length === 1 ? possible[0] : listed.size === 1 ? [...listed][0] : undefined;
    return { element: only ? { text: only, result: 'A' } : { text: '', result: 'R' }, isContradiction: false };
  }
  if (province === undefined) return { element: { text: given, result: 'U' }, isContradiction: false };
  if (possible.length > 0 && !possible.includes(province)) {
    return { element: { text: province, result: 'U' }, isContradiction: true };
  }
  const result = possible.length === 0 ? 'P' : province === given.toUpperCase() ? 'V' : 'S';
  return { element: { text: province, result }, isContradiction: false };
}
