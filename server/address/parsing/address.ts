import { type LinesReading, parseAddressLines } from './address-lines.ts';
import { type LastLine, parseLastLine } from './last-line.ts';
import { type IsCity, splitOneLine } from './one-line.ts';
import { parsePostalCode } from './postal-code.ts';
import { findState } from './states.ts';

/** An address as sent: address lines in order and what stands in the fields of the last line; empty when absent. */
export interface AddressInput {
  readonly addressLines: readonly string[];
  /** May hold the whole last line when the other two are blank. */
  readonly city: string;
  readonly stateProvince: string;
  /** May hold the whole last line. */
  readonly postalCode: string;
}

export interface ParsedAddress {
  /** Ways to read the address lines, best first; empty when they hold no delivery address. */
  readonly readings: readonly LinesReading[];
  readonly lastLine: LastLine;
}

const noLastLine: LastLine = { city: '', stateProvince: '', postalCode: '', addOn: '' };

/**
 * Splits and standardises an address. A last line that the fields lack is looked for in the address lines; `isCity`
 * tells where a city begins that no comma announces.
 */
export function parseAddress(input: AddressInput, isCity: IsCity): ParsedAddress {
  const lastLine = readLastLineFields(input);
  if (lastLine !== noLastLine) return { readings: parseAddressLines(input.addressLines), lastLine };
  return findLastLine(input.addressLines, isCity);
}

function readLastLineFields({ city, stateProvince, postalCode }: AddressInput): LastLine {
  const code = parsePostalCode(postalCode);
  const state = stateProvince.length === 2 ? findState(stateProvince.toUpperCase()) : undefined;
  if (state !== undefined && (code.base !== '' || postalCode === '') && isPlainName(city)) {
    return { city: city.toUpperCase(), stateProvince: state, postalCode: code.base, addOn: code.addOn };
  }
  if (stateProvince === '' && code.base !== '' && city !== '' && isPlainName(city)) {
    const name = city.toUpperCase();
    if (isCityAlone(name)) return { city: name, stateProvince: '', postalCode: code.base, addOn: code.addOn };
  }
  const joined = parseLastLine(`${city}, ${stateProvince} ${isSilent(city, postalCode) ? '' : postalCode}`);
  const isEmpty = joined.city === '' && joined.stateProvince === '' && joined.postalCode === '';
  if (isEmpty) return noLastLine;
  return joined;
}

/** Whether the field of the ZIP Code holds neither code nor state beside a city (`n/a`, `2002O`): it tells nothing. */
function isSilent(city: string, postalCode: string): boolean {
  if (city.trim() === '' || postalCode === '') return false;
  const read = parseLastLine(postalCode);
  return read.postalCode === '' && read.stateProvince === '' && parsePostalCode(postalCode).base === '';
}

/** Whether no state and no country can stand at the end of a plain name. */
function isCityAlone(name: string): boolean {
  for (let at = name.lastIndexOf(' '); ; at = name.lastIndexOf(' ', at - 1)) {
    const end = name.slice(at + 1);
    if (end.length === 1 || countryWords.has(end) || findState(end) !== undefined) return false;
    if (at <= 0) return true;
  }
}

/** The last words of the country names that a last line may end with. */
const countryWords = new Set(['USA', 'US', 'STATES', 'AMERICA', 'UNIDOS']);

/** Letters and single spaces only, so that upper case is all that is needed. */
function isPlainName(text: string): boolean {
  let before = 32;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (!isLetter && (code !== 32 || before === 32)) return false;
    before = code;
  }
  return text.length === 0 || before !== 32;
}

/** Takes the last line that holds text, or the end of the only one, as city line. */
function findLastLine(lines: readonly string[], isCity: IsCity): ParsedAddress {
  const filled = lines.filter((line) => line.trim() !== '');
  const last = filled.at(-1);
  if (last === undefined) return { readings: [], lastLine: noLastLine };
  const whole = filled.length > 1 ? parseLastLine(last) : noLastLine;
  if (whole.postalCode !== '' || (whole.stateProvince !== '' && whole.city !== '')) {
    const before = filled.slice(0, -1);
    const readings = parseAddressLines(before);
    if (readings.length > 0 && isCityOrBlank(whole, isCity)) return { readings, lastLine: whole };
  }
  const split = splitOneLine(last, isCity);
  return { readings: parseAddressLines([...filled.slice(0, -1), split.addressLine]), lastLine: split.lastLine };
}

function isCityOrBlank({ city, stateProvince }: LastLine, isCity: IsCity): boolean {
  return city === '' || !/\d/.test(city) || isCity(city, stateProvince);
}
