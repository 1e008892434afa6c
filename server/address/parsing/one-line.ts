import { joinWords, type LastLine, type LastLineTail, readLastLineTail } from './last-line.ts';
import { Role } from './lexicon.ts';
import { findMisspeltSuffix } from './misspelt-suffix.ts';
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
/** Words of a unit: `STE # 3 - B`. */
const longestUnit = 5;

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
  if (stateProvince === '' || postalCode !== '' || hasCountry || !startsAddress(tokens[0])) return false;
  if (cityAt < cityEnd && isCity(joinWords(tokens, cityAt, cityEnd), stateProvince)) return false;
  if (isStreetWord(tokens, cityEnd)) return cityAt === cityEnd || findLastComma(tokens, cityEnd) === 0;
  if (findLastComma(tokens, cityEnd + 1) > 0) return false;
  if (cityAt === cityEnd && isCity(joinWords(tokens, cityEnd, tail.stateEnd), '')) return true;
  // Two letters that are no word of a street are a state; a name such as `CALIFORNIA` is one behind a complete street.
  return (tokens[cityEnd]?.text.length ?? 0) > 2 && !isCompleteStreet(tokens, cityAt);
}

function startsAddress(token: Token | undefined): boolean {
  return token !== undefined && ((token.shape & Shape.leadingDigit) !== 0 || (token.word.roles & Role.unit) !== 0);
}

/** Whether a word that reads as a state may be a suffix, a direction or, behind its number, a floor. */
function isStreetWord(tokens: readonly Token[], at: number): boolean {
  const roles = tokens[at]?.word.roles ?? 0;
  if ((roles & (Role.suffix | Role.directional)) !== 0) return true;
  const before = tokens[at - 1];
  if ((roles & Role.unit) === 0 || before === undefined) return false;
  return (before.shape & Shape.digit) !== 0 || (before.word.roles & (Role.ordinalWord | Role.floorWord)) !== 0;
}

/** A city without comma, state and ZIP Code must be known and stand behind a complete street. */
function findUnmarkedCity(tokens: readonly Token[], end: number, isCity: IsCity): number {
  for (let at = Math.max(3, end - longestCity); at < end; at += 1) {
    if (!isCompleteStreet(tokens, at) || isStreetEnd(tokens, at, end)) continue;
    if (isCity(joinWords(tokens, at, end), '')) return at;
  }
  return end;
}

/** Whether number, name and a common suffix stand in front of `end`, with nothing but directions and units between. */
function isCompleteStreet(tokens: readonly Token[], end: number): boolean {
  let at = skipUnitsBack(tokens, end);
  while (at > 3 && isDirectional(tokens[at - 1])) at -= 1;
  return at > 2 && isCommonSuffix(tokens[at - 1]) && !isDirectional(tokens[at - 2]);
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
  if (!isDirectional(tokens[at]) || at >= end) return at;
  if (at === end - 1) return end;
  // Quadrants such as `NW` belong to streets; cities are called `North` or `East`.
  const isQuadrant = tokens[at]?.word.directional.length === 2;
  return isQuadrant && !isCity(joinWords(tokens, at, end), stateProvince) ? at + 1 : at;
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
    if (endsStreet(tokens, at)) return isDirectionOfCity(tokens, at) ? at - 1 : at;
    if (best === end && stateProvince !== '' && hasStreet(tokens, at)) best = at;
  }
  return best;
}

/**
 * `WEALTHY ST SE E GRAND RAPIDS`: two directions that do not make one. `1120 W 175TH ST EAST HAZEL CREST`: a street
 * with a direction in front hardly ever has another behind.
 */
function isDirectionOfCity(tokens: readonly Token[], city: number): boolean {
  const direction = tokens[city - 1];
  const before = tokens[city - 2];
  if (!isDirectional(direction) || direction === undefined || before === undefined) return false;
  if (direction.word.directional.length === 2) return false;
  if (isDirectional(before)) return tokens[city - 3] !== undefined && isSecondDirection(tokens, city);
  return direction.text.length > 1 && isDirectional(tokens[1]) && isCommonSuffix(before);
}

/** Whether the directions in front of the one before `city` are complete without it: `SE E`, `S E E`, not `S E`. */
function isSecondDirection(tokens: readonly Token[], city: number): boolean {
  const before = tokens[city - 2];
  return before?.word.directional.length === 2 || isDirectional(tokens[city - 3]);
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
  return isEnd || (before.shape & Shape.digit) !== 0 || skipUnitsBack(tokens, at) < at;
}

/** Where the unit that ends before `end` begins; `end` when none does. */
function skipUnitsBack(tokens: readonly Token[], end: number): number {
  for (let at = end - 1; at > 1 && at >= end - longestUnit; at -= 1) {
    if (readUnit(tokens, at, end)?.next === end) return skipUnitsBack(tokens, at);
  }
  return end;
}

/** Without any known city the street ends with its last suffix, direction or unit; a city has no digits. */
function findStreetEnd(tokens: readonly Token[], from: number, end: number): number {
  const least = findLastIdentifier(tokens, from, end);
  if (least === from && endsStreet(tokens, end) && !hasCommonSuffix(tokens, from, end - 1)) return end;
  for (let at = end; at > least; at -= 1) {
    if (!isCommonSuffix(tokens[at - 1]) && findMisspeltSuffix(tokens[at - 1]?.text ?? '') === '') continue;
    return Math.max(least, skipBehindSuffix(tokens, at, end));
  }
  if (least > from) return least === end - 1 && isDirectional(tokens[least]) ? end : least;
  for (let at = end - 1; at > from + 1; at -= 1) if (endsStreet(tokens, at)) return at;
  return end;
}

/** Behind the last token with digits, and a letter that ends its unit; `from` when only the house number has digits. */
function findLastIdentifier(tokens: readonly Token[], from: number, end: number): number {
  for (let at = end - 1; at > 1; at -= 1) {
    if (((tokens[at]?.shape ?? 0) & (Shape.digit | Shape.hash)) === 0) continue;
    const isFloor = tokens[at + 1]?.word.unit === 'FL' || (tokens[at]?.shape ?? 0) === Shape.hash;
    return Math.max(from, at + (isFloor ? 2 : 1));
  }
  return from;
}

/** `ROUTE` and its number, `ST` and its quadrant, and the units behind them. */
function skipBehindSuffix(tokens: readonly Token[], from: number, end: number): number {
  let at = from;
  const isRoad = ((tokens[at - 1]?.word.roles ?? 0) & Role.highway) !== 0;
  if (isRoad && at < end && ((tokens[at]?.shape ?? 0) & Shape.leadingDigit) !== 0) at += 1;
  if (at < end - 1 && tokens[at]?.word.directional.length === 2) at += 1;
  while (at < end) {
    const unit = readUnit(tokens, at, end);
    if (unit === undefined || unit.next === end) break;
    at = unit.next;
  }
  return at === end - 1 && isDirectional(tokens[at]) ? end : at;
}

function isDirectional(token: Token | undefined): boolean {
  return token !== undefined && (token.word.roles & Role.directional) !== 0;
}
