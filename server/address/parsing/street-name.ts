import { findHighwayForm, highwayModifiers } from './highways.ts';
import { Role, spellDirectional, toOrdinal } from './lexicon.ts';
import { findMisspeltSuffix } from './misspelt-suffix.ts';
import { Gap, Shape, type Token, tokenize } from './tokens.ts';

/** A street's name in Publication 28 form, all upper case; missing parts are empty. */
export interface StreetName {
  readonly predirectional: string;
  readonly name: string;
  readonly suffix: string;
  readonly postdirectional: string;
}

/** Where the parts of a street name lie among the tokens: each part ends where the next begins. */
export interface StreetSpans {
  readonly nameAt: number;
  readonly suffixAt: number;
  readonly postdirectionalAt: number;
}

/** Splits and standardises a street without house number, such as `275 South 40th Street` without its `275`. */
export function standardizeStreet(text: string): StreetName {
  const tokens = tokenize(text);
  return readStreetName(tokens, 0, tokens.length).street;
}

/** Reads the tokens `from` … `to`-1 as a street name. */
export function readStreetName(
  tokens: readonly Token[],
  from: number,
  to: number,
): { readonly street: StreetName; readonly spans: StreetSpans } {
  let end = to;
  while (end > from && tokens[end - 1]?.shape === Shape.hash) end -= 1;
  const postLength = measurePostdirectional(tokens, from, end);
  let postdirectional = '';
  if (postLength > 0) {
    end -= postLength;
    postdirectional = readDirectional(tokens, end, postLength);
  }
  let start = from;
  let predirectional = '';
  const preLength = measurePredirectional(tokens, from, end);
  if (preLength > 0) {
    start = from + preLength;
    predirectional = readDirectional(tokens, from, preLength);
  }
  const highway = readHighway(tokens, start, end);
  if (highway !== '') {
    const street = { predirectional, name: highway, suffix: '', postdirectional };
    return { street, spans: { nameAt: start, suffixAt: end, postdirectionalAt: end } };
  }
  const last = tokens[end - 1];
  const suffix = end - start > 1 && last !== undefined ? readSuffix(last) : '';
  const hasSuffix = suffix !== '';
  const nameEnd = hasSuffix ? end - 1 : end;
  const street = { predirectional, name: readName(tokens, start, nameEnd, hasSuffix), suffix, postdirectional };
  return { street, spans: { nameAt: start, suffixAt: nameEnd, postdirectionalAt: end } };
}

/** The standard suffix of a word that is one, or is one with a typing error that leaves no doubt. */
function readSuffix({ text, shape, word }: Token): string {
  if ((word.roles & Role.suffix) !== 0) return word.suffix;
  return word.roles === 0 && shape === 0 && word.inName === '' ? findMisspeltSuffix(text) : '';
}

/** How many of the last tokens are the postdirectional: `MAIN ST NW` 1, `MAIN ST N W` 2, `AVENUE N` 0. */
function measurePostdirectional(tokens: readonly Token[], from: number, to: number): number {
  const last = tokens[to - 1];
  if (last === undefined || (last.word.roles & Role.directional) === 0 || to - from < 2) return 0;
  const before = tokens[to - 2];
  if (before === undefined) return 0;
  if (isCompound(before, last)) return to - from > 2 ? 2 : 0;
  const letterStreet = last.text.length === 1 && (before.word.roles & Role.suffix) !== 0;
  if (to - from === 2 && (letterStreet || (before.word.roles & Role.commonSuffix) !== 0)) return 0;
  if (letterStreet && to - from === 3 && isDirectional(tokens[from]) && isLetterStreetType(before)) return 0;
  const numberedRoad = last.text.length === 1 && (before.word.roles & Role.highway) !== 0;
  if (numberedRoad && findHighwayForm((index) => wordBefore(tokens, index, to - 1), from)?.length === to - 1 - from)
    return 0;
  return 1;
}

/** How many of the first tokens are the predirectional. What is left must still hold a name. */
function measurePredirectional(tokens: readonly Token[], from: number, end: number): number {
  const first = tokens[from];
  if (first === undefined || (first.word.roles & Role.directional) === 0) return 0;
  const second = tokens[from + 1];
  if (second === undefined || end - from < 2) return 0;
  const length = end - from > 2 && isCompoundBefore(first, second, tokens[from + 2]) ? 2 : 1;
  const left = end - from - length;
  const next = tokens[from + length];
  if (next === undefined || left < 1) return 0;
  const third = tokens[from + 2];
  // `EAST WEST HWY`: two opposite directions are a name.
  const isPair = length === 1 && left === 2 && isOpposite(first, second) && third !== undefined && isSuffix(third);
  if (isPair) return 0;
  const onlySuffix = left === 1 && (next.word.roles & Role.commonSuffix) !== 0;
  return onlySuffix ? length - 1 : length;
}

/** Whether two directions in front make one: not in `SOUTH EAST END AVE`, nor before the second of two initials. */
function isCompoundBefore(first: Token, second: Token, third: Token | undefined): boolean {
  if (!isCompound(first, second) || third === undefined) return false;
  if (third.text === 'END' || third.text === 'SIDE') return second.text.length === 1;
  return second.text.length > 1 || third.shape !== Shape.letter;
}

/** `S` `E` and `NORTH` `EAST` written apart. */
function isCompound(first: Token, second: Token): boolean {
  const north = first.word.directional;
  const east = second.word.directional;
  if ((north !== 'N' && north !== 'S') || (east !== 'E' && east !== 'W')) return false;
  return second.gap < Gap.comma;
}

function isOpposite(first: Token, second: Token): boolean {
  const pair = first.word.directional + second.word.directional;
  return second.text.length > 1 && (pair === 'EW' || pair === 'WE' || pair === 'NS' || pair === 'SN');
}

function isSuffix(token: Token): boolean {
  return (token.word.roles & Role.commonSuffix) !== 0;
}

function isDirectional(token: Token | undefined): boolean {
  return token !== undefined && (token.word.roles & Role.directional) !== 0;
}

function isLetterStreetType(token: Token): boolean {
  return token.word.suffix === 'AVE' || token.word.suffix === 'RD';
}

function readDirectional(tokens: readonly Token[], at: number, length: number): string {
  const first = tokens[at]?.word.directional ?? '';
  return length === 2 ? first + (tokens[at + 1]?.word.directional ?? '') : first;
}

function wordBefore(tokens: readonly Token[], index: number, end: number): string {
  return index < end ? (tokens[index]?.text ?? '') : '';
}

/** `CO RD 12` → `COUNTY ROAD 12`; empty when the tokens are no numbered road. */
function readHighway(tokens: readonly Token[], from: number, end: number): string {
  let start = from;
  const first = tokens[from];
  if (first === undefined) return '';
  const old = first.text === 'OLD' || first.text === 'NEW';
  if (old) start += 1;
  const type = tokens[start];
  if (type === undefined) return '';
  if ((type.word.roles & Role.highway) === 0) return readNamedCountyRoad(tokens, start, end);
  const form = findHighwayForm((index) => wordBefore(tokens, index, end), start);
  if (form === undefined) return '';
  let at = start + form.length;
  while (at < end - 1 && (tokens[at]?.shape === Shape.hash || tokens[at]?.text === 'NO')) at += 1;
  const number = tokens[at];
  if (at >= end || number === undefined || !isRoadNumber(number, at === end - 1, form.standard)) return '';
  let name = `${old ? `${first.text} ` : ''}${form.standard} ${number.text}`;
  for (at += 1; at < end; at += 1) {
    const text = tokens[at]?.text ?? '';
    const modifier = highwayModifiers.get(text);
    if (modifier === undefined) return '';
    name += ` ${modifier}`;
  }
  return name;
}

/** `ANDERSON COUNTY RD 312` → `ANDERSON COUNTY ROAD 312`: the county is named in front. */
function readNamedCountyRoad(tokens: readonly Token[], from: number, end: number): string {
  const county = tokens[from + 1];
  if (county?.text !== 'COUNTY' || tokens[from]?.shape !== 0) return '';
  const road = readHighway(tokens, from + 1, end);
  return road === '' ? '' : `${tokens[from]?.text} ${road}`;
}

function isRoadNumber(token: Token, isLast: boolean, standard: string): boolean {
  if ((token.shape & Shape.leadingDigit) !== 0) return (token.shape & (Shape.ordinal | Shape.fraction)) === 0;
  const lettered =
    standard.startsWith('COUNTY') || standard.startsWith('STATE') || standard === 'HIGHWAY' || standard === 'ROUTE';
  if ((token.shape & Shape.digit) !== 0) return token.text.length <= 4;
  return isLast && lettered && token.text.length <= 2;
}

/** Joins the words of a name as Publication 28 spells them: `FIRST` → `1ST`, `ST LOUIS` → `SAINT LOUIS`. */
function readName(tokens: readonly Token[], from: number, end: number, hasSuffix: boolean): string {
  const first = tokens[from];
  if (first === undefined || from >= end) return '';
  if (end - from === 1) return readSingleWord(first, hasSuffix);
  const ordinal = end - from === 2 ? readOrdinalWords(first, tokens[from + 1]) : '';
  if (ordinal !== '') return ordinal;
  let name = '';
  for (let at = from; at < end; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.shape === Shape.hash) continue;
    const word = nameWord(tokens, token, at, from, end);
    name = name === '' ? word : `${name} ${word}`;
  }
  return name;
}

function readSingleWord(token: Token, hasSuffix: boolean): string {
  const { text, word } = token;
  if ((token.shape & Shape.number) !== 0) return hasSuffix ? toOrdinal(stripZeros(text)) : text;
  if ((word.roles & Role.ordinalWord) !== 0) return word.numeral.length > 2 ? word.numeral : text;
  if ((word.roles & Role.directional) !== 0 && text.length === 2 && text !== 'NO' && text !== 'SO') {
    return spellDirectional(text);
  }
  return word.inName === '' ? text : word.inName;
}

/** `TWENTY FIRST` → `21ST`. */
function readOrdinalWords(first: Token, second: Token | undefined): string {
  if (second === undefined) return '';
  if ((first.word.roles & second.word.roles & Role.ordinalWord) === 0) return '';
  const tens = first.word.numeral;
  const unit = second.word.numeral;
  if (tens.length !== 2 || unit.length !== 3) return '';
  return toOrdinal(tens.charAt(0) + unit.charAt(0));
}

function nameWord(tokens: readonly Token[], token: Token, at: number, from: number, end: number): string {
  const { text, word } = token;
  if (word.inName === '') return text;
  const isLast = at === end - 1 && at > from;
  // `ST SOUTH` is named as `BOULEVARD EAST` is: a saint would leave the direction to follow it.
  const isStreet = isLast || (end - from === 2 && isDirectional(tokens[end - 1]));
  if (isStreet && text === 'ST') return 'STREET';
  return isLast && word.inName.startsWith('SAINT') ? text : word.inName;
}

function stripZeros(digits: string): string {
  let at = 0;
  while (at < digits.length - 1 && digits.charCodeAt(at) === 48) at += 1;
  return at === 0 ? digits : digits.slice(at);
}
