import { fromDigits, type PostalCode } from './postal-code.ts';
import { findState } from './states.ts';
import { Gap, Shape, type Token, tokenize } from './tokens.ts';

/** City, state and ZIP Code as standardised; missing parts are empty. */
export interface LastLine {
  readonly city: string;
  readonly stateProvince: string;
  readonly postalCode: string;
  readonly addOn: string;
}

/** What stands at the end of a token list; the city and all before it end at `cityEnd`. */
export interface LastLineTail {
  readonly cityEnd: number;
  readonly stateAt: number;
  readonly stateEnd: number;
  readonly stateProvince: string;
  readonly postalCode: string;
  readonly addOn: string;
  readonly postalCodeAt: number;
  readonly postalCodeEnd: number;
}

const longestState = 4;
const countryNames = new Set([
  'USA',
  'US',
  'U S A',
  'U S',
  'UNITED STATES',
  'UNITED STATES OF AMERICA',
  'ESTADOS UNIDOS',
]);

/** Splits a city line such as `Washington, D.C. 20020-1234` or any part of one. */
export function parseLastLine(text: string): LastLine {
  const tokens = tokenize(text);
  const tail = readLastLineTail(tokens, tokens.length);
  const city = joinWords(tokens, 0, tail.cityEnd);
  return { city, stateProvince: tail.stateProvince, postalCode: tail.postalCode, addOn: tail.addOn };
}

/** Reads country, ZIP Code and state from the end of the tokens. */
export function readLastLineTail(tokens: readonly Token[], to: number): LastLineTail {
  const end = skipCountry(tokens, to);
  const code = readPostalCode(tokens, end);
  const state = readState(tokens, code.from, code.state);
  return {
    cityEnd: state.from,
    stateAt: state.from,
    stateEnd: code.state === '' ? code.from : code.from + 1,
    stateProvince: state.stateProvince,
    postalCode: code.base,
    addOn: code.addOn,
    postalCodeAt: code.from,
    postalCodeEnd: end,
  };
}

/** Upper-case words `from` … `to`-1 with single spaces. */
export function joinWords(tokens: readonly Token[], from: number, to: number): string {
  let joined = '';
  for (let at = from; at < to; at += 1) {
    const text = tokens[at]?.text ?? '';
    joined = joined === '' ? text : `${joined} ${text}`;
  }
  return joined;
}

function skipCountry(tokens: readonly Token[], to: number): number {
  for (let length = Math.min(4, to - 1); length > 0; length -= 1) {
    if (countryNames.has(joinWords(tokens, to - length, to))) return to - length;
  }
  return to;
}

interface ReadCode extends PostalCode {
  readonly from: number;
  /** State glued to the code, as in `MI48051`. */
  readonly state: string;
}

function readPostalCode(tokens: readonly Token[], end: number): ReadCode {
  const none: ReadCode = { base: '', addOn: '', from: end, state: '' };
  const last = tokens[end - 1];
  if (last === undefined || (last.shape & Shape.digit) === 0) return none;
  const { text } = last;
  if ((last.shape & Shape.leadingDigit) === 0) return readGluedCode(text, end) ?? none;
  const before = tokens[end - 2];
  const isAddOn = (last.shape & Shape.number) !== 0 && text.length === 4;
  if (isAddOn && before !== undefined && (before.shape & Shape.number) !== 0 && before.text.length === 5) {
    return { base: before.text, addOn: text, from: end - 2, state: '' };
  }
  if (!/^(\d{4,5}(-\d{4})?|\d{9})$/.test(text)) return none;
  const code = fromDigits(text.replace('-', ''));
  // Four digits are a ZIP Code that lost its zero only after a state whose codes begin with zero.
  const isWhole = text.length === 5 || text.length === 10 || text.length === 9;
  if (!isWhole && !lostZero(tokens, end - 1)) return none;
  if (text.length === 9 && (last.shape & Shape.number) === 0) return none;
  return { ...code, from: code.base === '' ? end : end - 1, state: '' };
}

const zeroStates = new Set(['CT', 'MA', 'ME', 'NH', 'NJ', 'RI', 'VT', 'PR', 'VI']);

function lostZero(tokens: readonly Token[], at: number): boolean {
  const state = findState(tokens[at - 1]?.text ?? '');
  return state !== undefined && zeroStates.has(state) && (tokens[at]?.text.length ?? 0) === 4;
}

function readGluedCode(text: string, end: number): ReadCode | undefined {
  const state = findState(text.slice(0, 2));
  const digits = text.slice(2).replace('-', '');
  if (state === undefined || !/^\d{5}(\d{4})?$/.test(digits)) return undefined;
  return { ...fromDigits(digits), from: end - 1, state };
}

function readState(
  tokens: readonly Token[],
  end: number,
  glued: string,
): { readonly from: number; readonly stateProvince: string } {
  if (glued !== '') return { from: end, stateProvince: glued };
  for (let length = Math.min(longestState, end); length > 0; length -= 1) {
    if (hasInnerComma(tokens, end - length, end)) continue;
    const joined = length === 1 ? (tokens[end - 1]?.text ?? '') : joinWords(tokens, end - length, end);
    const stateProvince = findState(joined) ?? (joined === 'D C' ? 'DC' : undefined);
    if (stateProvince !== undefined) return { from: skipRepeated(tokens, end - length, stateProvince), stateProvince };
  }
  return { from: end, stateProvince: '' };
}

/** `KEMP TX, TX 75143`: the same two letters again, as two fields that both hold the state give them. */
function skipRepeated(tokens: readonly Token[], end: number, stateProvince: string): number {
  return tokens[end - 1]?.text === stateProvince ? end - 1 : end;
}

function hasInnerComma(tokens: readonly Token[], from: number, to: number): boolean {
  for (let at = from + 1; at < to; at += 1) if ((tokens[at]?.gap ?? 0) >= Gap.comma) return true;
  return false;
}
