import { findHighwayForm } from './highways.ts';
import { readHouseNumber } from './house-number.ts';
import { Role } from './lexicon.ts';
import { findState } from './states.ts';
import { readStreetName, type StreetName, type StreetSpans } from './street-name.ts';
import { Gap, Shape, type Token, tokenize } from './tokens.ts';
import { type ReadUnit, readUnit, type Unit } from './unit.ts';

/** A street address on one line, in Publication 28 form, all upper case; missing parts are empty. */
export interface StreetLine extends StreetName {
  readonly houseNumber: string;
  /** The most specific unit: `APT` of `BLDG 3 APT 4`. */
  readonly unitDesignator: string;
  readonly unitNumber: string;
  /** The unit around it, as standardised text: `BLDG 3`. */
  readonly outerUnit: string;
}

export const emptyStreetLine: StreetLine = {
  houseNumber: '',
  predirectional: '',
  name: '',
  suffix: '',
  postdirectional: '',
  unitDesignator: '',
  unitNumber: '',
  outerUnit: '',
};

/** Where the parts of a street line lie among its tokens: each part ends where the next begins. */
export interface StreetLineSpans extends StreetSpans {
  readonly from: number;
  readonly numberEnd: number;
  readonly predirectionalAt: number;
  readonly unitAt: number;
  readonly to: number;
}

/** Splits and standardises one street line, such as `1745 T Street Southeast Apt G`. */
export function parseStreetLine(line: string): StreetLine {
  const tokens = tokenize(line);
  return readStreetLine(tokens, 0, tokens.length).line;
}

/** Reads the tokens `from` … `to`-1 as a street line. */
export function readStreetLine(
  tokens: readonly Token[],
  from: number,
  to: number,
): { readonly line: StreetLine; readonly spans: StreetLineSpans } {
  let units = noUnits;
  let start = from;
  for (let leading = readLeadingUnit(tokens, from, to); leading; leading = readLeadingUnit(tokens, start, to)) {
    units = addUnit(units, leading);
    start = leading.next;
  }
  const number = readHouseNumber(tokens, start, to);
  const { houseNumber } = number;
  const between = readUnitBehindNumber(tokens, number.next, to);
  if (between !== undefined) units = addUnit(units, between);
  const next = between?.next ?? number.next;
  const unitAt = findUnit(tokens, next, to);
  const { street, spans } = readStreetName(tokens, next, unitAt);
  for (let at = unitAt; at < to; ) {
    const unit = readTailUnit(tokens, at, to) ?? readBareUnit(tokens, at, to);
    units = addUnit(units, unit);
    at = unit.next;
  }
  return {
    line: {
      houseNumber,
      predirectional: street.predirectional,
      name: street.name,
      suffix: street.suffix,
      postdirectional: street.postdirectional,
      unitDesignator: units.unitDesignator,
      unitNumber: units.unitNumber,
      outerUnit: units.outerUnit,
    },
    spans: {
      from: start,
      numberEnd: number.next,
      predirectionalAt: next,
      nameAt: spans.nameAt,
      suffixAt: spans.suffixAt,
      postdirectionalAt: spans.postdirectionalAt,
      unitAt,
      to,
    },
  };
}

/** `6910 # G MARY CAROLINE CIRCLE`: a number sign between house number and street. */
function readUnitBehindNumber(tokens: readonly Token[], at: number, to: number): ReadUnit | undefined {
  if (((tokens[at]?.shape ?? 0) & Shape.hash) === 0) return undefined;
  const unit = readUnit(tokens, at, to);
  return unit !== undefined && unit.next < to - 1 ? unit : undefined;
}

/** `Unit 111 501 South Mill St`, `#42 233 S Wacker Dr`, `41ST FLOOR 1221 ...`: a unit in front of the house number. */
function readLeadingUnit(tokens: readonly Token[], from: number, to: number): ReadUnit | undefined {
  const first = tokens[from];
  if (first === undefined || to - from < 4) return undefined;
  if ((first.word.roles & Role.unit) === 0 && (first.shape & (Shape.hash | Shape.ordinal)) === 0) return undefined;
  const unit = readUnit(tokens, from, to);
  if (unit === undefined || unit.number === '' || unit.next >= to - 1) return undefined;
  const next = tokens[unit.next];
  if (next === undefined || (next.shape & Shape.ordinal) !== 0) return undefined;
  const goesOn = (next.shape & Shape.leadingDigit) !== 0 || readLeadingUnit(tokens, unit.next, to) !== undefined;
  return goesOn ? unit : undefined;
}

export type LineUnits = Pick<StreetLine, 'unitDesignator' | 'unitNumber' | 'outerUnit'>;

const noUnits: LineUnits = emptyStreetLine;

/** The units of a line with one more, which is inside those read before. */
export function addUnit(units: LineUnits, inner: Unit): LineUnits {
  const { unitDesignator, unitNumber, outerUnit } = units;
  const outer = unitNumber === '' ? unitDesignator : `${unitDesignator} ${unitNumber}`;
  return {
    unitDesignator: inner.designator,
    unitNumber: inner.number,
    outerUnit: outerUnit === '' ? outer : `${outerUnit} ${outer}`,
  };
}

const unitShapes = Shape.hash | Shape.ordinal | Shape.number;
const unitRoles = Role.unit | Role.ordinalWord | Role.floorWord;

/** The first token from which everything to the end is units; `to` when there is no unit. A name stays in front. */
function findUnit(tokens: readonly Token[], from: number, to: number): number {
  for (let at = from + 1; at < to; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const mayStart =
      (token.shape & unitShapes) !== 0 ||
      (token.word.roles & unitRoles) !== 0 ||
      token.text === 'ST' ||
      (token.gap >= Gap.comma && (token.shape & Shape.digit) !== 0);
    if (mayStart && areUnits(tokens, at, to) && leavesStreet(tokens, from, at, token)) return at;
  }
  if (to - from < 2) return to;
  if (isNumberWithLetter(tokens, from, to)) return to - 2;
  if (to - from > 3 && isUnknownDesignator(tokens, to - 2, to)) return to - 2;
  return isBareUnit(tokens, from, to) ? to - 1 : to;
}

/** `PARK AVE W 4 N`, `RANDOLPH 1 N`, `WINNFIELD ROAD, 106 D`: a short number with a letter behind a street that is no road. */
function isNumberWithLetter(tokens: readonly Token[], from: number, to: number): boolean {
  const letter = tokens[to - 1];
  const number = tokens[to - 2];
  const before = tokens[to - 3];
  if (letter === undefined || number === undefined || before === undefined || to - from < 3) return false;
  if (letter.gap >= Gap.comma || (number.shape & Shape.number) === 0) return false;
  if (letter.shape !== Shape.letter && letter.word.directional.length !== 2) return false;
  if (letter.text.length > 2 || number.text.length > 3) return false;
  if (number.gap >= Gap.comma) return true;
  if (isRoadBefore(tokens, from, to - 2)) return false;
  const isName = before.shape === 0 && before.text.length > 2 && (before.word.roles & Role.directional) === 0;
  return (isName && !numberedNames.has(before.text)) || (isDirectional(before) && to - from > 4);
}

function isRoadBefore(tokens: readonly Token[], from: number, end: number): boolean {
  return ((tokens[end - 1]?.word.roles ?? 0) & Role.highway) !== 0 || isRoad(tokens, from, end);
}

function areUnits(tokens: readonly Token[], from: number, to: number): boolean {
  let at = from;
  while (at < to) {
    const unit = readTailUnit(tokens, at, to);
    if (unit === undefined) return false;
    at = unit.next;
  }
  return true;
}

/** A unit behind the street: besides those with a designator `, B-17,` and `MAILBOX 2825`. */
function readTailUnit(tokens: readonly Token[], at: number, to: number): ReadUnit | undefined {
  const unit = readUnit(tokens, at, to);
  if (unit !== undefined) return unit;
  const first = tokens[at];
  const next = at + 1 < to ? tokens[at + 1] : undefined;
  if (first === undefined) return undefined;
  if (first.gap >= Gap.comma && (first.shape & Shape.digit) !== 0 && (next === undefined || next.gap >= Gap.comma)) {
    return { designator: '#', number: first.text, next: at + 1 };
  }
  return isUnknownDesignator(tokens, at, to) ? { designator: '#', number: next?.text ?? '', next: at + 2 } : undefined;
}

/** A word of no other meaning between a complete street or unit and an identifier with digits at the end of the line. */
function isUnknownDesignator(tokens: readonly Token[], at: number, to: number): boolean {
  const first = tokens[at];
  const before = tokens[at - 1];
  if (first === undefined || before === undefined || at + 2 !== to || at < 3) return false;
  if (first.shape !== 0 || first.word.roles !== 0 || first.text.length < 2) return false;
  if (((tokens[at + 1]?.shape ?? 0) & (Shape.digit | Shape.ordinal)) !== Shape.digit) return false;
  const isBehindStreet = (before.word.roles & (Role.commonSuffix | Role.directional)) !== 0;
  return (
    isBehindStreet || ((before.shape & Shape.digit) !== 0 && ((tokens[at - 2]?.word.roles ?? 0) & Role.unit) !== 0)
  );
}

/** `100 HIGHWAY # 5` and `100 OLD KEY 5` keep their number; a lone direction before a unit word is its street. */
function leavesStreet(tokens: readonly Token[], from: number, at: number, unit: Token): boolean {
  const before = tokens[at - 1];
  if (before === undefined) return false;
  if (at - from === 1 && isDirectional(before)) return false;
  // `OCEAN FRONT APT 410`: no name in front of a unit is the front of anything.
  if (unit.word.unit === 'FRNT' && before.shape === 0 && before.word.roles === 0 && tokens[at + 1] !== undefined)
    return false;
  if ((unit.shape & Shape.hash) !== 0 || unit.word.unit === '#')
    return (before.word.roles & Role.highway) === 0 || !isRoad(tokens, from, at);
  return true;
}

function isRoad(tokens: readonly Token[], from: number, end: number): boolean {
  const first = from + (isDirectional(tokens[from]) ? 1 : 0);
  const start = first + (tokens[first + 1]?.text === 'COUNTY' ? 1 : 0);
  const form = findHighwayForm((index) => (index < end ? (tokens[index]?.text ?? '') : ''), start);
  return form !== undefined && start + form.length === end;
}

/** Whether the last token is an identifier behind a complete street: `MAIN ST 5B`, `MAIN ST NW A`, `N WELLS 512`. */
function isBareUnit(tokens: readonly Token[], from: number, to: number): boolean {
  const last = tokens[to - 1];
  if (last === undefined || (last.shape & (Shape.ordinal | Shape.fraction)) !== 0) return false;
  const isLetter = (last.shape === Shape.letter || isLetterPair(last)) && (last.word.roles & Role.directional) === 0;
  if (!isLetter && (last.shape & Shape.digit) === 0) return false;
  let end = to - 1;
  while (end > from + 2 && isDirectional(tokens[end - 1])) end -= 1;
  const before = tokens[end - 1];
  if (before === undefined || isRoad(tokens, from, end)) return false;
  if (!isLetter && last.gap >= Gap.comma && !isDirectional(before)) return true;
  if ((before.word.roles & Role.suffix) === 0) return !isLetter && isNameWithoutSuffix(tokens, from, end, last);
  if (end - from < 2 || before.word.suffix === 'HWY' || before.word.suffix === 'RTE') return false;
  return !(end - from === 2 && isDirectional(tokens[from]));
}

/** `LH`, `EE`: two letters that are neither a word of a street nor a state. */
function isLetterPair({ text, shape, word }: Token): boolean {
  return text.length === 2 && shape === 0 && word.roles === 0 && findState(text) === undefined;
}

/** Words in front of a number that is part of the name: `CALLE 5`, `PIER 39`. */
const numberedNames = new Set(
  'CALLE AVENIDA CAMINO PASEO VIA RUE CARR CARRETERA SECTION MILE KM MM PIER KEY FM RM'.split(' '),
);

/** `W WASHINGTON, 1506`, `N WABASH 608`: set off by a comma, or behind a direction and a name. */
function isNameWithoutSuffix(tokens: readonly Token[], from: number, end: number, last: Token): boolean {
  const before = tokens[end - 1];
  if (before === undefined || end <= from) return false;
  if ((before.word.roles & (Role.highway | Role.directional)) !== 0 || (before.shape & Shape.digit) !== 0) return false;
  if (before.text.length < 3 || numberedNames.has(before.text)) return false;
  const isMixed = (last.shape & Shape.number) === 0 && (last.shape & Shape.leadingDigit) !== 0;
  return last.gap >= Gap.comma || isMixed || (end - from > 1 && isDirectional(tokens[from]));
}

function readBareUnit(tokens: readonly Token[], at: number, to: number): ReadUnit {
  const number = `${tokens[at]?.text ?? ''}${at + 2 === to ? (tokens[at + 1]?.text ?? '') : ''}`;
  return { designator: '#', number, next: Math.max(at + 1, to) };
}

function isDirectional(token: Token | undefined): boolean {
  return token !== undefined && (token.word.roles & Role.directional) !== 0;
}
