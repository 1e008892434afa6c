import type { BaseStreet, StreetRecord } from '../../reference-data/index.ts';
import { findWord, Role, spellDirectional } from '../parsing/lexicon.ts';
import type { StreetName } from '../parsing/street-name.ts';
import { countErrors } from '../parsing/typing-errors.ts';
import { maximumErrors, type Strictness, soundKey } from './name-distance.ts';

/** What became of one element: as given, filled in, changed to another, or dropped. */
export type Change = 'same' | 'filled' | 'changed' | 'dropped';

/** How a street of the data differs from the street as given. */
export interface StreetDifference {
  /** Elements of the input that the street contradicts; filled ones contradict nothing. */
  readonly contradictions: number;
  /** Orders candidates with as many contradictions; lower is nearer. */
  readonly cost: number;
  readonly name: Change;
  readonly suffix: Change;
  readonly predirectional: Change;
  readonly postdirectional: Change;
  /** Typing errors in the name. */
  readonly errors: number;
}

export const sameStreet: StreetDifference = {
  contradictions: 0,
  cost: 0,
  name: 'same',
  suffix: 'same',
  predirectional: 'same',
  postdirectional: 'same',
  errors: 0,
};

/** Prices of a change, in arbitrary units that only order candidates. */
const price = {
  suffix: { same: 0, filled: 8, dropped: 12, changed: 20 },
  directional: { same: 0, filled: 10, dropped: 20, changed: 30 },
  otherSplit: 2,
  movedDirectional: 5,
  misspeltSuffix: 6,
  numberedRoad: 6,
  firstError: 15,
  furtherError: 10,
  soundsAlike: 28,
} as const;

/** Whether all parts are equal. */
export function isSameStreet(given: StreetName, street: BaseStreet): boolean {
  return (
    given.suffix === street.suffix &&
    given.predirectional === street.predirectional &&
    given.postdirectional === street.postdirectional &&
    given.name === street.name
  );
}

/** How a street of the same name differs; undefined where `directionals` forbids the change. */
export function compareNamesake(
  given: StreetName,
  street: StreetRecord,
  directionals: Strictness,
): StreetDifference | undefined {
  return combine(given, street, directionals, 'same', 0, 0);
}

/** How a street of another name differs, or undefined when the names are not alike enough for `streets`. */
export function compareStranger(
  given: WrittenStreet,
  street: StreetRecord,
  streets: Strictness,
  directionals: Strictness,
): StreetDifference | undefined {
  if (streets === 'E') return undefined;
  const words = toWords(street);
  if (words === given.words) return { ...sameStreet, cost: price.otherSplit };
  if (isMisspeltSuffix(given.street, street)) {
    const difference = combine({ ...given.street, suffix: street.suffix }, street, directionals, 'same', 0, 0);
    return difference && { ...difference, cost: difference.cost + price.misspeltSuffix, suffix: 'changed' };
  }
  if (isSameNumberedRoad(given.street.name, street.name)) {
    return combine(given.street, street, directionals, 'changed', price.numberedRoad, 0);
  }
  const compact = toCompact(street.name);
  if (compact === given.compact) return combine(given.street, street, directionals, 'same', price.otherSplit, 0);
  return (
    compareSpelling(given, given.street, compact, street, streets, directionals) ??
    compareGluedWords(given, compact, street, streets, directionals)
  );
}

/** `ALLENROAD` against `ALLEN` `RD`, `WES BROADWAY` against `W` `BROADWAY`: parts that a typing error joined. */
function compareGluedWords(
  given: WrittenStreet,
  compact: string,
  street: StreetRecord,
  streets: Strictness,
  directionals: Strictness,
): StreetDifference | undefined {
  const { suffix, predirectional } = given.street;
  if (suffix === '' && street.suffix !== '') {
    const parts = { ...given.street, suffix: street.suffix };
    const primary = findWord(street.suffix).suffixName;
    const abbreviated = compareSpelling(given, parts, compact + street.suffix, street, streets, directionals);
    if (abbreviated !== undefined) return abbreviated;
    return compareSpelling(given, parts, compact + primary, street, streets, directionals);
  }
  if (predirectional !== '' || street.predirectional === '') return undefined;
  const parts = { ...given.street, predirectional: street.predirectional };
  return compareSpelling(given, parts, spellDirectional(street.predirectional) + compact, street, 'T', directionals);
}

/** A street as given, prepared for comparison with many others. */
export interface WrittenStreet {
  readonly street: StreetName;
  /** All parts in their shortest forms, without spaces. */
  readonly words: string;
  /** The name without spaces. */
  readonly compact: string;
  readonly digits: string;
  readonly sound: string;
}

export function toWrittenStreet(street: StreetName): WrittenStreet {
  const compact = toCompact(street.name);
  return { street, words: toWords(street), compact, digits: digitsOf(compact), sound: soundKey(compact) };
}

function compareSpelling(
  given: WrittenStreet,
  parts: StreetName,
  compact: string,
  street: StreetRecord,
  streets: Strictness,
  directionals: Strictness,
): StreetDifference | undefined {
  const length = Math.min(given.compact.length, compact.length);
  const limit = maximumErrors(streets, length);
  if (limit === 0 || Math.abs(given.compact.length - compact.length) > limit + 1) return undefined;
  if (digitsOf(compact) !== given.digits) return undefined;
  const errors = countErrors(given.compact, compact, limit + 1);
  if (errors <= limit) {
    const cost = price.firstError + (errors - 1) * price.furtherError;
    return contradict(combine(parts, street, directionals, 'changed', cost, errors));
  }
  const alike = errors === limit + 1 && streets !== 'T' && length > 4 && soundKey(compact) === given.sound;
  return alike ? contradict(combine(parts, street, directionals, 'changed', price.soundsAlike, errors)) : undefined;
}

/** A name that is spelt otherwise contradicts the input. */
function contradict(difference: StreetDifference | undefined): StreetDifference | undefined {
  return difference && { ...difference, contradictions: difference.contradictions + 1 };
}

function combine(
  given: StreetName,
  street: StreetRecord,
  directionals: Strictness,
  name: Change,
  nameCost: number,
  errors: number,
): StreetDifference | undefined {
  const suffix = changeOf(given.suffix, street.suffix);
  let pre = changeOf(given.predirectional, street.predirectional);
  let post = changeOf(given.postdirectional, street.postdirectional);
  let cost = nameCost + price.suffix[suffix];
  let contradictions = isContradiction(suffix) ? 1 : 0;
  const moved = given.predirectional === street.postdirectional && given.postdirectional === street.predirectional;
  if (pre !== 'same' && moved) {
    if (directionals === 'E') return undefined;
    cost += price.movedDirectional;
    pre = pre === 'dropped' ? 'dropped' : 'changed';
    post = post === 'filled' ? 'filled' : 'changed';
  } else if (pre !== 'same' || post !== 'same') {
    if (directionals === 'E' || (directionals === 'T' && (isContradiction(pre) || isContradiction(post))))
      return undefined;
    cost += price.directional[pre] + price.directional[post];
    contradictions += (isContradiction(pre) ? 1 : 0) + (isContradiction(post) ? 1 : 0);
  }
  return { contradictions, cost, name, suffix, predirectional: pre, postdirectional: post, errors };
}

function isContradiction(change: Change): boolean {
  return change === 'changed' || change === 'dropped';
}

function changeOf(given: string, found: string): Change {
  if (given === found) return 'same';
  if (given === '') return 'filled';
  return found === '' ? 'dropped' : 'changed';
}

/** `SHENANDOAH LNN` against `SHENANDOAH` `LN`: the last word of the name is the suffix with a typing error. */
function isMisspeltSuffix(given: StreetName, street: StreetRecord): boolean {
  const { name } = given;
  if (given.suffix !== '' || street.suffix === '' || !name.startsWith(street.name)) return false;
  if (name.charCodeAt(street.name.length) !== 32) return false;
  const word = name.slice(street.name.length + 1);
  if (word.includes(' ') || word.length < 2) return false;
  const primary = findWord(street.suffix).suffixName;
  return countErrors(word, street.suffix, 1) <= 1 || countErrors(word, primary, 2) <= (primary.length > 5 ? 2 : 1);
}

const roadKinds = new Set(
  'US STATE COUNTY HIGHWAY ROUTE ROAD INTERSTATE FM RANCH TOWNSHIP FARM FOREST PRIVATE'.split(' '),
);

/** `STATE ROAD 7` and `HIGHWAY 7`: numbered roads of one number whose kinds do not exclude each other. */
function isSameNumberedRoad(a: string, b: string): boolean {
  const first = a.lastIndexOf(' ');
  const second = b.lastIndexOf(' ');
  if (first < 0 || second < 0 || a.slice(first) !== b.slice(second) || digitsOf(a) === '') return false;
  const [kindA = '', kindB = ''] = [a.split(' ', 1)[0], b.split(' ', 1)[0]];
  if (!roadKinds.has(kindA) || !roadKinds.has(kindB)) return false;
  const county = (kindA === 'COUNTY') === (kindB === 'COUNTY') || isOpenKind(kindA) || isOpenKind(kindB);
  return county && (kindA === 'INTERSTATE') === (kindB === 'INTERSTATE');
}

function isOpenKind(kind: string): boolean {
  return kind === 'HIGHWAY' || kind === 'ROUTE' || kind === 'ROAD';
}

/** All words in their shortest forms: however a street is split into parts, these are the same. */
function toWords(street: StreetName): string {
  const { predirectional, name, suffix, postdirectional } = street;
  return predirectional + shorten(name) + suffix + postdirectional;
}

function shorten(name: string): string {
  if (!name.includes(' ')) return shortenWord(name);
  let short = '';
  for (const word of name.split(' ')) short += shortenWord(word);
  return short;
}

function shortenWord(text: string): string {
  const word = findWord(text);
  if ((word.roles & (Role.suffix | Role.directional)) === 0) return text === 'SAINT' ? 'ST' : text;
  return word.directional === '' ? word.suffix : word.directional;
}

function toCompact(name: string): string {
  return name.includes(' ') ? name.replaceAll(' ', '') : name;
}

function digitsOf(text: string): string {
  let digits = '';
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits += text.charAt(at);
  }
  return digits;
}
