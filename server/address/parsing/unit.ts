import { Role } from './lexicon.ts';
import { Gap, Shape, type Token, tokenize } from './tokens.ts';

/** A secondary unit in Publication 28 form, such as `APT` `5`; both empty when there is none. */
export interface Unit {
  readonly designator: string;
  readonly number: string;
}

/** A unit read from tokens and the token that follows it. */
export interface ReadUnit extends Unit {
  readonly next: number;
}

/** Reads a unit given alone, such as `#314`, `APARTMENT G`, `Bldg 3 Apt 4` (the last one counts) or `B`. */
export function parseUnit(text: string): Unit {
  const tokens = tokenize(text);
  let unit: Unit = { designator: '', number: '' };
  let at = 0;
  while (at < tokens.length) {
    const read = readUnit(tokens, at, tokens.length);
    if (read === undefined) break;
    unit = read;
    at = read.next;
  }
  if (at === tokens.length) return { designator: unit.designator, number: unit.number };
  const words = tokens.filter((token) => token.shape !== Shape.hash);
  return { designator: words.length === 0 ? '' : '#', number: words.map((token) => token.text).join(' ') };
}

/** Reads a unit with its designator at `at`, or undefined. */
export function readUnit(tokens: readonly Token[], at: number, to: number): ReadUnit | undefined {
  const first = tokens[at];
  if (first === undefined || at >= to) return undefined;
  if ((first.shape & Shape.hash) !== 0) return readHash(tokens, at, to);
  const { roles, unit } = first.word;
  if ((first.shape & (Shape.ordinal | Shape.number)) !== 0 || (roles & (Role.ordinalWord | Role.floorWord)) !== 0) {
    const floor = readFloor(tokens, first, at, to);
    if (floor !== undefined) return floor;
  }
  if ((roles & Role.unit) === 0) return isSuite(tokens, at, to) ? readSuite(tokens, at) : undefined;
  let idAt = at + 1;
  while (idAt < to && isNumberSign(tokens[idAt])) idAt += 1;
  const identifier = readIdentifier(tokens, idAt, to, idAt > at + 1 || isPlainDesignator(unit));
  if (identifier !== undefined) {
    // `APT 3RD FLR`: the designator that follows the ordinal is the meant one.
    const floor = tokens[idAt];
    if (floor !== undefined && (floor.shape & Shape.ordinal) !== 0 && tokens[idAt + 1]?.word.unit === 'FL')
      return readFloor(tokens, floor, idAt, to);
    return {
      designator: unit,
      number: unit === 'FL' ? stripOrdinal(identifier.text) : identifier.text,
      next: identifier.next,
    };
  }
  const lone = (roles & Role.loneUnit) !== 0 || (at === to - 1 && isPlainDesignator(unit));
  return lone ? { designator: unit, number: '', next: at + 1 } : undefined;
}

/** `CHAMBLEE TUCKER RD, ST 310`: behind a suffix or a unit, `ST` before a number can only be a suite. */
function isSuite(tokens: readonly Token[], at: number, to: number): boolean {
  const before = tokens[at - 1];
  if (tokens[at]?.text !== 'ST' || before === undefined || at < 3 || at + 1 >= to) return false;
  if (((tokens[at + 1]?.shape ?? 0) & (Shape.number | Shape.ordinal)) !== Shape.number) return false;
  if ((before.word.roles & Role.commonSuffix) !== 0) return true;
  return (before.shape & Shape.digit) !== 0 && ((tokens[at - 2]?.word.roles ?? 0) & Role.unit) !== 0;
}

function readSuite(tokens: readonly Token[], at: number): ReadUnit {
  return { designator: 'STE', number: tokens[at + 1]?.text ?? '', next: at + 2 };
}

/** `# 5`; a designator after the sign wins, as in `#APT 19`. */
function readHash(tokens: readonly Token[], at: number, to: number): ReadUnit | undefined {
  const next = tokens[at + 1];
  if (next === undefined || at + 1 >= to) return undefined;
  if ((next.word.roles & Role.unit) !== 0 && at + 2 < to) return readUnit(tokens, at + 1, to);
  const identifier = readIdentifier(tokens, at + 1, to, true);
  return identifier && { designator: '#', number: identifier.text, next: identifier.next };
}

/** `2ND FLOOR`, `SECOND FLOOR`, `GROUND FLOOR`, `LOWER LEVEL`. */
function readFloor(tokens: readonly Token[], first: Token, at: number, to: number): ReadUnit | undefined {
  const floor = at + 1 < to ? tokens[at + 1] : undefined;
  if (floor?.text === 'LEVEL' && first.word.unit !== '')
    return { designator: first.word.unit, number: '', next: at + 2 };
  if (floor?.word.unit !== 'FL') return undefined;
  return { designator: 'FL', number: stripOrdinal(first.word.numeral || first.text), next: at + 2 };
}

function readIdentifier(
  tokens: readonly Token[],
  at: number,
  to: number,
  anyWord: boolean,
): { readonly text: string; readonly next: number } | undefined {
  const first = tokens[at];
  if (first === undefined || at >= to || (first.shape & Shape.hash) !== 0) return undefined;
  const short = (first.shape & Shape.digit) !== 0 || first.text.length === 1;
  const word =
    anyWord && (first.word.roles & (Role.unit | Role.commonSuffix)) === 0 && (first.text.length === 2 || at === to - 1);
  if (!short && !word) return undefined;
  let text = first.text;
  let next = at + 1;
  for (; next < to; next += 1) {
    const token = tokens[next];
    if (token === undefined || !continuesIdentifier(tokens, token, next, to)) break;
    text += token.gap === Gap.hyphen ? `-${token.text}` : token.text;
  }
  return { text, next };
}

/** `5-B`, and at the end `3 A` or `A 3`. */
function continuesIdentifier(tokens: readonly Token[], token: Token, at: number, to: number): boolean {
  if (token.gap === Gap.none || token.gap === Gap.hyphen) {
    return (token.shape & Shape.hash) === 0 && (token.word.roles & Role.unit) === 0 && token.text.length <= 5;
  }
  if (token.gap !== Gap.space || at !== to - 1) return false;
  const before = tokens[at - 1];
  if (before === undefined) return false;
  const letterAfter = token.shape === Shape.letter && (before.shape & Shape.number) !== 0;
  if ((token.word.roles & Role.directional) !== 0 && (before.shape & Shape.number) !== 0) return true;
  const numberAfter = before.shape === Shape.letter && (token.shape & Shape.number) !== 0;
  return letterAfter || numberAfter;
}

function isNumberSign(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return (token.shape & Shape.hash) !== 0 || token.text === 'NO' || token.text === 'NUMBER' || token.text === 'NUM';
}

/** Designators that are hardly ever part of a street name. */
function isPlainDesignator(unit: string): boolean {
  return (
    unit === 'APT' ||
    unit === 'STE' ||
    unit === 'UNIT' ||
    unit === 'BLDG' ||
    unit === 'RM' ||
    unit === 'DEPT' ||
    unit === 'TRLR'
  );
}

function stripOrdinal(text: string): string {
  return /^\d+(?:ST|ND|RD|TH)$/.test(text) ? text.slice(0, -2) : text;
}
