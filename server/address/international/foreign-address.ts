import type { ForeignPlaces } from '../../reference-data/index.ts';
import type { CountryFormat } from '../formatting/countries.ts';
import { type CanadianSettings, chooseLanguage, formatCanadianLine } from './canadian-format.ts';
import { type CanadianLine, parseCanadianLine } from './canadian-line.ts';
import type { Language } from './canadian-street-types.ts';
import { formatCountryName } from './country-names.ts';
import { formatForeignLines } from './foreign-blocks.ts';
import { type ForeignLastLine, readForeignLastLine } from './foreign-last-line.ts';
import { type ForeignTextSettings, writeForeignText } from './foreign-text.ts';
import { type ForeignResult, type MatchedElement, matchPlace, type PlaceMatch } from './place-match.ts';
import { checkPostalCode } from './postal-code-rules.ts';

export interface ForeignInput {
  readonly addressLines: readonly string[];
  readonly city: string;
  readonly stateProvince: string;
  readonly postalCode: string;
  /** As sent; empty when the home country was taken. */
  readonly country: string;
  readonly firmName: string;
  /** CanLanguage: anything means French. */
  readonly language: string;
}

export interface ForeignSettings extends ForeignTextSettings {
  readonly countryFormat: CountryFormat;
  /** Between the halves of a postal code; empty to leave it out. */
  readonly separatesPostalCode: boolean;
  readonly canadian: CanadianSettings;
}

/**
 * An address outside the United States. Streets are not in the data: they are formatted and passed through, and `level`
 * says what the rest was held against.
 */
export interface ForeignAddress {
  readonly country: string;
  /** `B` postal codes and cities of the country are loaded, `C` only its rules are known. */
  readonly level: 'B' | 'C';
  readonly confidence: number;
  readonly addressLines: readonly string[];
  readonly firmName: string;
  readonly city: MatchedElement;
  readonly region: MatchedElement;
  readonly postalCode: MatchedElement;
  readonly countryName: string;
  readonly countryResult: ForeignResult | undefined;
  /** What became of the address lines: passed through, or standardized. */
  readonly streetResult: ForeignResult | undefined;
  readonly recordResult: 'S' | 'U' | 'V';
  /** Printable address in upper case, the country's name last. */
  readonly blocks: readonly string[];
  readonly lastLine: string;
  readonly couldNotValidate: readonly string[];
  readonly isInsufficient: boolean;
  readonly canadianLine: CanadianLine | undefined;
  readonly language: Language | undefined;
}

/** Weights of addressing reference 1.13 for the elements that can be checked without streets. */
const weight = { country: 10, city: 10, region: 15, postalCode: 15 } as const;
const share: Readonly<Record<ForeignResult, number>> = { V: 1, S: 1, F: 1, A: 0.75, P: 0, R: 0, U: 0 };

/** Formats an address by the rules of its country and checks its place. @param country alpha-2 */
export function checkForeignAddress(
  input: ForeignInput,
  country: string,
  settings: ForeignSettings,
  places: ForeignPlaces,
): ForeignAddress {
  const given = readForeignLastLine(input, country);
  const check = checkPostalCode(country, given.postalCode);
  const isCodeWrong = given.postalCode !== '' && check.kind === 'invalid';
  const postalCode = check.kind === 'valid' ? check.code : given.postalCode;
  const match = matchPlace(places, country, { ...given, postalCode, sentCode: given.postalCode });
  const isLoaded = places.countries.includes(country);
  const write = (text: string) => writeForeignText(text, settings);
  const lines = formatLines(given, country, input, match, settings);
  const city = { ...match.city, text: write(match.city.text) };
  const region = { ...match.region, text: country === 'CA' ? match.region.text : write(match.region.text) };
  const code = codeElement(match, check.kind, isCodeWrong);
  const written = settings.separatesPostalCode ? code.text : code.text.replace(/[ -]/g, '');
  const firmName = write(input.firmName);
  const block = { country, firmName, addressLines: lines.written, city: city.text, region: region.text };
  const printed = formatForeignLines({ ...block, postalCode: code.text });
  const name = formatCountryName(country, settings.countryFormat);
  const countryName = settings.countryFormat === 'I' || settings.countryFormat === 'U' ? name : write(name);
  const isInsufficient = given.city === '' && given.postalCode === '';
  const wrong = new Set([...(isCodeWrong ? ['PostalCode'] : []), ...match.contradictions]);
  return {
    country,
    level: isLoaded ? 'B' : 'C',
    confidence: wrong.size > 0 || isInsufficient ? 0 : measureConfidence(input, match, isLoaded),
    addressLines: lines.written,
    firmName,
    city,
    region,
    postalCode: { ...code, text: written },
    countryName,
    countryResult: input.country === '' ? undefined : input.country.toUpperCase() === name.toUpperCase() ? 'V' : 'S',
    streetResult: judgeLines(given.addressLines, lines.written),
    recordResult: judge(match, isLoaded, wrong.size > 0),
    blocks: [...printed, formatCountryName(country, 'E')].map((line) => line.toUpperCase()),
    lastLine: printed.slice(lines.written.length + (firmName === '' ? 0 : 1)).join(', '),
    couldNotValidate: [...wrong],
    isInsufficient,
    canadianLine: lines.line,
    language: lines.language,
  };
}

function codeElement(match: PlaceMatch, kind: string, isWrong: boolean): MatchedElement {
  if (isWrong) return { text: match.postalCode.text, result: 'U' };
  if (kind === 'none' && match.postalCode.text === '') return { text: '', result: undefined };
  return kind === 'unknown' ? { text: match.postalCode.text, result: 'P' } : match.postalCode;
}

interface WrittenLines {
  readonly written: readonly string[];
  readonly line: CanadianLine | undefined;
  readonly language: Language | undefined;
}

/** Address lines as the country writes them; Canadian ones are taken apart and put together again. */
function formatLines(
  given: ForeignLastLine,
  country: string,
  input: ForeignInput,
  match: PlaceMatch,
  settings: ForeignSettings,
): WrittenLines {
  const filled = given.addressLines.filter((line) => line.trim() !== '');
  const write = (text: string) => writeForeignText(text, settings);
  if (country !== 'CA') return { written: filled.map(write), line: undefined, language: undefined };
  const line = parseCanadianLine(filled.join(' '));
  const isRead = line.houseNumber !== '' || line.box !== '' || line.route !== '' || line.isGeneralDelivery;
  if (!isRead) return { written: filled.map(write), line: undefined, language: undefined };
  const sender = { isFrench: input.language.trim() !== '', province: match.region.text };
  const language = chooseLanguage(line, settings.canadian, sender);
  const written = formatCanadianLine(line, language, settings.canadian);
  return { written: written.map(write), line, language };
}

function measureConfidence(input: ForeignInput, match: PlaceMatch, isLoaded: boolean): number {
  const { city, region, postalCode, knowledge } = match;
  const country = input.country === '' ? 0 : weight.country;
  if (!isLoaded) {
    // Without data only a Canadian province can be told, by the first letter of its code.
    return Math.round(country + (region.result === undefined ? 0 : weight.region * share[region.result]));
  }
  const ofCode = knowledge === 'whole' ? 1 : knowledge === 'area' ? 0.5 : 0;
  const code = postalCode.result === 'A' ? 0.25 : ofCode;
  const ofRegion = region.result === undefined ? 1 : share[region.result];
  const ofCity = city.result === undefined ? 0 : share[city.result];
  return Math.round(country + weight.city * ofCity + weight.region * ofRegion + weight.postalCode * code);
}

/** `P` passed through, `S` written otherwise; the street itself is never checked. */
function judgeLines(given: readonly string[], written: readonly string[]): ForeignResult | undefined {
  const plain = (lines: readonly string[]) => lines.join(' ').toUpperCase().replace(/\s+/g, ' ').trim();
  if (written.length === 0) return undefined;
  return plain(given) === plain(written) ? 'P' : 'S';
}

/** `V` all of the place is confirmed as sent, `S` confirmed and changed or filled in, `U` not confirmed. */
function judge(match: PlaceMatch, isLoaded: boolean, isWrong: boolean): 'S' | 'U' | 'V' {
  const { city, region, postalCode } = match;
  const results = [city.result, region.result, postalCode.result];
  if (isWrong || !isLoaded || results.some((result) => result === 'U' || result === 'R' || result === 'P')) return 'U';
  return results.some((result) => result === 'A' || result === 'F' || result === 'S') ? 'S' : 'V';
}
