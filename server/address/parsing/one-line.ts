import { joinWords, type LastLine, readLastLineTail } from './last-line.ts';
import { Role } from './lexicon.ts';
import { Gap, Shape, type Token, tokenize } from './tokens.ts';
import { readUnit } from './unit.ts';

/** Whether a state (empty: any) has a city of this name; both upper case. */
export type IsCity = (city: string, stateProvince: string) => boolean;

export interface SplitLine {
  /** The address line as written. */
  readonly addressLine: string;
  readonly lastLine: LastLine;
}

const longestCity = 5;

/** Splits `233 S Wacker Dr, Chicago, IL 60606` or the like, with or without commas, before its city. */
export function splitOneLine(line: string, isCity: IsCity): SplitLine {
  const tokens = tokenize(line);
  const tail = readLastLineTail(tokens, tokens.length);
  const cityAt = findCityStart(tokens, tail.cityEnd, tail.stateProvince, isCity);
  const { stateProvince, postalCode, addOn } = tail;
  const city = joinWords(tokens, cityAt, tail.cityEnd);
  const end = tokens[cityAt - 1]?.end ?? 0;
  return { addressLine: line.slice(0, end), lastLine: { city, stateProvince, postalCode, addOn } };
}

/** The token at which the city begins; `end` when there is none. */
export function findCityStart(tokens: readonly Token[], end: number, stateProvince: string, isCity: IsCity): number {
  const comma = findLastComma(tokens, end);
  if (comma > 0 && comma < end && mayBeCity(tokens, comma, end)) return comma;
  if (comma > 0 && readsAsUnits(tokens, comma, end)) return end;
  const from = Math.max(1, comma);
  const known = findKnownCity(tokens, from, end, stateProvince, isCity);
  if (known < end) return known;
  return stateProvince === '' && comma === 0 ? end : findStreetEnd(tokens, from, end);
}

function findLastComma(tokens: readonly Token[], end: number): number {
  for (let at = end - 1; at > 0; at -= 1) if ((tokens[at]?.gap ?? 0) >= Gap.comma) return at;
  return 0;
}

/** A city holds no digits and is no unit. */
function mayBeCity(tokens: readonly Token[], from: number, end: number): boolean {
  if (end - from > longestCity) return false;
  for (let at = from; at < end; at += 1)
    if (((tokens[at]?.shape ?? 0) & (Shape.digit | Shape.hash)) !== 0) return false;
  return !readsAsUnits(tokens, from, end);
}

function readsAsUnits(tokens: readonly Token[], from: number, end: number): boolean {
  let at = from;
  while (at < end) {
    const unit = readUnit(tokens, at, end);
    if (unit === undefined) return false;
    at = unit.next;
  }
  return at > from;
}

/** The longest known city whose street in front is complete, else the longest known city. */
function findKnownCity(
  tokens: readonly Token[],
  from: number,
  end: number,
  stateProvince: string,
  isCity: IsCity,
): number {
  let best = end;
  for (let at = Math.max(from, end - longestCity); at < end; at += 1) {
    if (!isCity(joinWords(tokens, at, end), stateProvince)) continue;
    if (endsStreet(tokens, at)) return at;
    if (best === end) best = at;
  }
  return best;
}

/** Whether the token before `at` can be the last of a street or unit. */
function endsStreet(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (before === undefined) return false;
  const isEnd = (before.word.roles & (Role.suffix | Role.directional | Role.loneUnit)) !== 0;
  return isEnd || (before.shape & Shape.digit) !== 0;
}

/** Without any known city the street ends with its last suffix, direction or unit. */
function findStreetEnd(tokens: readonly Token[], from: number, end: number): number {
  for (let at = end - 1; at > from; at -= 1) if (endsStreet(tokens, at)) return at;
  return end;
}
