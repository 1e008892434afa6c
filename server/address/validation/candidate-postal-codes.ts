import type { AddressDatabase, PostalCodeRecord } from '../../reference-data/index.ts';
import type { LastLine } from '../parsing/last-line.ts';
import { type CityMatch, findMisspeltCity, matchCity } from './city-match.ts';
import type { Change } from './street-difference.ts';

/** A ZIP Code in which the address may lie and what choosing it would do to the last line. */
export interface CandidatePostalCode {
  readonly record: PostalCodeRecord;
  /** Elements of the input's last line that this ZIP Code contradicts; the name of a town next to it counts half. */
  readonly contradictions: number;
  readonly cost: number;
  readonly postalCode: Change;
  readonly stateProvince: Change;
  readonly city: Change;
  /** Whether the city is only spelt otherwise. */
  readonly isMisspelt: boolean;
  /** Name of the city as the data spells it, or empty when the input's city is not one of this ZIP Code. */
  readonly cityName: string;
}

const price = {
  filledCode: 4,
  changedCode: 20,
  mistypedCode: 14,
  misspeltCity: 5,
  otherCity: 12,
  state: 25,
  neighbour: 10,
} as const;

/** So many of a large city's ZIP Codes are searched, nearest in the data's order. */
const citySearchLimit = 400;
/** So many neighbours of each of a city's first ZIP Codes are searched. */
const neighbourLimit = 8;
const surroundedLimit = 40;

/** The given ZIP Code, or undefined when it is none or unknown. */
export function findGivenPostalCode(database: AddressDatabase, lastLine: LastLine): CandidatePostalCode | undefined {
  if (lastLine.postalCode === '') return undefined;
  const record = database.findPostalCode(lastLine.postalCode);
  if (record === undefined) return undefined;
  const match = matchCity(record, lastLine.city);
  const isFar = match.kind === 'other' && isOtherTown(database, record, lastLine);
  return judge(record, lastLine, match, 'same', 0, isFar);
}

/** ZIP Codes of the given city: the last line would be filled in or changed. Judged only when it comes to it. */
export class CityPostalCodes {
  readonly #lastLine: LastLine;
  readonly #judged = new Map<PostalCodeRecord, CandidatePostalCode>();

  constructor(
    readonly records: readonly PostalCodeRecord[],
    lastLine: LastLine,
  ) {
    this.#lastLine = lastLine;
  }

  candidate(record: PostalCodeRecord): CandidatePostalCode {
    const known = this.#judged.get(record);
    if (known) return known;
    const { postalCode } = this.#lastLine;
    const match = matchCity(record, this.#lastLine.city);
    const candidate = judge(record, this.#lastLine, match, postalCode === '' ? 'filled' : 'changed', 0);
    this.#judged.set(record, candidate);
    return candidate;
  }
}

export function findCityPostalCodes(database: AddressDatabase, lastLine: LastLine): CityPostalCodes {
  const { city, stateProvince } = lastLine;
  const known = city === '' ? [] : database.listPostalCodesOfCity(city, stateProvince);
  const name = known.length > 0 || city === '' ? undefined : findOtherSpelling(database, city, stateProvince);
  const records = name === undefined ? known : database.listPostalCodesOfCity(name, stateProvince);
  return new CityPostalCodes(records.length > citySearchLimit ? records.slice(0, citySearchLimit) : records, lastLine);
}

/** ZIP Codes around a city, for addresses that go by the name of the town next to theirs. */
export function listNeighbouringPostalCodes(
  database: AddressDatabase,
  lastLine: LastLine,
  ofCity: readonly PostalCodeRecord[],
): readonly CandidatePostalCode[] {
  if (lastLine.postalCode !== '' || ofCity.length === 0) return [];
  const known = new Set(ofCity.map(({ code }) => code));
  const around = ofCity
    .slice(0, surroundedLimit)
    .flatMap(({ code }) => database.listNeighbouringPostalCodes(code, neighbourLimit));
  const found: CandidatePostalCode[] = [];
  for (const record of around) {
    if (known.has(record.code) || record.stateProvince !== ofCity[0]?.stateProvince) continue;
    known.add(record.code);
    found.push(judge(record, lastLine, matchCity(record, lastLine.city), 'filled', price.neighbour));
  }
  return found;
}

function findOtherSpelling(database: AddressDatabase, city: string, stateProvince: string): string | undefined {
  return stateProvince === '' ? undefined : findMisspeltCity(database, city, stateProvince);
}

/** Whether a city that the ZIP Code does not have is known, and all its ZIP Codes lie in other sectional centres (other first three digits). */
function isOtherTown(database: AddressDatabase, record: PostalCodeRecord, { city, stateProvince }: LastLine): boolean {
  const known = database.listPostalCodesOfCity(city, stateProvince);
  return known.length > 0 && !known.some(({ code }) => code.startsWith(record.code.slice(0, 3)));
}

function judge(
  record: PostalCodeRecord,
  lastLine: LastLine,
  match: CityMatch,
  postalCode: Change,
  extra: number,
  isFar = true,
): CandidatePostalCode {
  const isState = lastLine.stateProvince === '' || lastLine.stateProvince === record.stateProvince;
  const codeCost =
    postalCode === 'same'
      ? 0
      : postalCode === 'filled'
        ? price.filledCode
        : costOfChange(lastLine.postalCode, record.code);
  const cityCost = match.kind === 'misspelt' ? price.misspeltCity : match.kind === 'other' ? price.otherCity : 0;
  return {
    record,
    contradictions:
      (postalCode === 'changed' ? 1 : 0) + (match.kind === 'other' ? (isFar ? 1 : 0.5) : 0) + (isState ? 0 : 1),
    cost: codeCost + cityCost + (isState ? 0 : price.state) + extra,
    postalCode,
    stateProvince: isState ? (lastLine.stateProvince === '' ? 'filled' : 'same') : 'changed',
    city: match.kind === 'blank' ? 'filled' : match.kind === 'same' ? 'same' : 'changed',
    isMisspelt: match.kind === 'misspelt',
    cityName: match.city?.type === 'V' ? '' : (match.city?.name ?? ''),
  };
}

/** One wrong digit or two swapped ones are likelier than another number altogether. */
function costOfChange(given: string, found: string): number {
  let different = 0;
  for (let at = 0; at < 5; at += 1) if (given.charCodeAt(at) !== found.charCodeAt(at)) different += 1;
  return different === 1 || (different === 2 && isSwapped(given, found)) ? price.mistypedCode : price.changedCode;
}

function isSwapped(given: string, found: string): boolean {
  for (let at = 0; at < 4; at += 1) {
    if (given.charAt(at) === found.charAt(at)) continue;
    return given.charAt(at) === found.charAt(at + 1) && given.charAt(at + 1) === found.charAt(at);
  }
  return false;
}
