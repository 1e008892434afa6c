import { joinWords, type LastLine, type LastLineTail, readLastLineTail } from './last-line.ts';
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
  const cityAt = findCityStart(tokens, tail, isCity);
  if (isPartOfStreet(tokens, tail, cityAt, isCity)) {
    const at = findUnmarkedCity(tokens, tokens.length, isCity);
    return {
      addressLine: cut(line, tokens, at),
      lastLine: { ...noLastLine, city: joinWords(tokens, at, tokens.length) },
    };
  }
  const { stateProvince, postalCode, addOn } = tail;
  const city = joinWords(tokens, cityAt, tail.cityEnd);
  return { addressLine: cut(line, tokens, cityAt), lastLine: { city, stateProvince, postalCode, addOn } };
}

function cut(line: string, tokens: readonly Token[], end: number): string {
  return line.slice(0, tokens[end - 1]?.end ?? 0);
}

/**
 * `42 Cedar Crest Ct`, `75 Fifth St, NE`, `707 E Main St 20th Fl`, `1112 So. Washington`: what reads as a state is part
 * of the street unless a ZIP Code, a comma or a known city of that state says otherwise.
 */
function isPartOfStreet(tokens: readonly Token[], tail: LastLineTail, cityAt: number, isCity: IsCity): boolean {
  const { cityEnd, stateProvince, postalCode } = tail;
  const hasCountry = tail.postalCodeEnd < tokens.length;
  if (stateProvince === '' || postalCode !== '' || hasCountry || ((tokens[0]?.shape ?? 0) & Shape.leadingDigit) === 0)
    return false;
  if (cityAt < cityEnd && isCity(joinWords(tokens, cityAt, cityEnd), stateProvince)) return false;
  const isStreetWord = ((tokens[cityEnd]?.word.roles ?? 0) & (Role.suffix | Role.directional | Role.unit)) !== 0;
  if (isStreetWord) return cityAt === cityEnd || findLastComma(tokens, cityEnd) === 0;
  return findLastComma(tokens, cityEnd + 1) === 0;
}

/** A city without comma, state and ZIP Code must be known and stand behind a suffix. */
function findUnmarkedCity(tokens: readonly Token[], end: number, isCity: IsCity): number {
  for (let at = Math.max(2, end - longestCity); at < end; at += 1) {
    if (!isCommonSuffix(tokens[at - 1]) || isStreetEnd(tokens, at, end)) continue;
    if (isCity(joinWords(tokens, at, end), '')) return at;
  }
  return end;
}

const noLastLine: LastLine = { city: '', stateProvince: '', postalCode: '', addOn: '' };

/** The token at which the city begins; `end` when there is none. */
function findCityStart(
  tokens: readonly Token[],
  { cityEnd: end, stateProvince, postalCode }: LastLineTail,
  isCity: IsCity,
) {
  const comma = findLastComma(tokens, end);
  if (comma > 0) {
    const from = skipStreetParts(tokens, comma, end, stateProvince, isCity);
    if (mayBeCity(tokens, from, end)) return from;
    if (from === end) return end;
  }
  if (stateProvince === '' && postalCode === '') return findUnmarkedCity(tokens, end, isCity);
  const from = Math.max(1, comma);
  const known = findKnownCity(tokens, from, end, stateProvince, isCity);
  if (known < end || stateProvince === '') return known;
  return findStreetEnd(tokens, from, end);
}

/** Behind a comma a direction or unit may still belong to the street: `Bolton Rd, NW Atlanta`, `Ste B Alpharetta`. */
function skipStreetParts(
  tokens: readonly Token[],
  comma: number,
  end: number,
  stateProvince: string,
  isCity: IsCity,
): number {
  let at = comma;
  while (at < end) {
    const unit = readUnit(tokens, at, end);
    if (unit === undefined) break;
    at = unit.next;
  }
  const isDirection = ((tokens[at]?.word.roles ?? 0) & Role.directional) !== 0;
  if (!isDirection || at >= end) return at;
  return at === end - 1 || !isCity(joinWords(tokens, at, end), stateProvince) ? at + 1 : at;
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
  return from < end;
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
    if (isStreetEnd(tokens, at, end) || !isCity(joinWords(tokens, at, end), stateProvince)) continue;
    if (endsStreet(tokens, at)) return at;
    if (best === end && stateProvince !== '' && hasStreet(tokens, at)) best = at;
  }
  return best;
}

/** `STREET`, `PARK` and `SOUTH` are cities too, but alone behind a name they end its street. */
function isStreetEnd(tokens: readonly Token[], at: number, end: number): boolean {
  const roles = tokens[at]?.word.roles ?? 0;
  return end - at === 1 && (roles & (Role.suffix | Role.directional)) !== 0;
}

/** Whether a number and a name stand in front, so that a city may follow. */
function hasStreet(tokens: readonly Token[], at: number): boolean {
  const name = tokens[at - 1];
  return at > 1 && name !== undefined && (name.word.roles & Role.directional) === 0;
}

function hasCommonSuffix(tokens: readonly Token[], from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if (isCommonSuffix(tokens[at])) return true;
  return false;
}

function isCommonSuffix(token: Token | undefined): boolean {
  return token !== undefined && (token.word.roles & Role.commonSuffix) !== 0;
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
  if (endsStreet(tokens, end) && !hasCommonSuffix(tokens, from, end - 1)) return end;
  for (let at = end; at > from; at -= 1) if (isCommonSuffix(tokens[at - 1])) return at;
  for (let at = end - 1; at > from; at -= 1) if (endsStreet(tokens, at)) return at;
  return end;
}
