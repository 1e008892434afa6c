import { Role } from './lexicon.ts';
import { Gap, Shape, type Token, tokenize } from './tokens.ts';

/** A house number as standardised and the token that follows it. */
export interface HouseNumber {
  readonly houseNumber: string;
  readonly next: number;
}

/** Standard form of a house number given alone, such as `0123` `123`, `123 ½` `123 1/2`; empty when it is none. */
export function standardizeHouseNumber(text: string): string {
  const tokens = tokenize(text);
  const read = readHouseNumber(tokens, 0, tokens.length);
  if (read.houseNumber === '') return '';
  const rest = tokens.slice(read.next).map((token) => token.text);
  return rest.length === 0
    ? read.houseNumber
    : `${read.houseNumber}${rest[0]?.length === 1 ? '' : ' '}${rest.join(' ')}`;
}

/** Reads a house number at `from`; `next` is `from` when there is none. */
export function readHouseNumber(tokens: readonly Token[], from: number, to: number): HouseNumber {
  const first = tokens[from];
  if (first === undefined || from >= to) return { houseNumber: '', next: from };
  if ((first.shape & Shape.leadingDigit) !== 0) {
    if ((first.shape & Shape.ordinal) !== 0) return { houseNumber: '', next: from };
    if ((first.shape & Shape.fraction) !== 0) return readSlashed(first, from);
    return readAfterNumber(tokens, first, from + 1, to);
  }
  if ((first.shape & Shape.hash) !== 0 || first.text === 'NO' || first.text === 'NUMBER') {
    const number = tokens[from + 1];
    const isNumber = number !== undefined && (number.shape & Shape.leadingDigit) !== 0 && from + 2 < to;
    return isNumber ? readHouseNumber(tokens, from + 1, to) : { houseNumber: '', next: from };
  }
  if ((first.shape & Shape.digit) !== 0) return readGridNumber(tokens, first, from, to);
  const next = tokens[from + 1];
  const isOrdinal = next !== undefined && (next.word.roles & Role.ordinalWord) !== 0;
  const spelled = (first.word.roles & Role.numberWord) !== 0 && to - from > 2 && !isOrdinal;
  return spelled ? { houseNumber: first.word.numeral, next: from + 1 } : { houseNumber: '', next: from };
}

/** `123 1/2`, `123 - 125`, `123-1/2`. */
function readAfterNumber(tokens: readonly Token[], first: Token, at: number, to: number): HouseNumber {
  const houseNumber = stripLeadingZeros(first);
  const second = at < to ? tokens[at] : undefined;
  if (second === undefined) return { houseNumber, next: at };
  if ((second.shape & Shape.fraction) !== 0) return { houseNumber: `${houseNumber} ${second.text}`, next: at + 1 };
  const isListed = second.gap === Gap.comma && (second.shape & Shape.number) !== 0 && to - at > 2;
  if (isListed) return { houseNumber, next: at + 1 };
  const isRangeEnd =
    (second.shape & Shape.number) !== 0 && at + 1 < to && (second.gap === Gap.hyphen || isRange(tokens, first, at, to));
  if (isRangeEnd) return { houseNumber: `${houseNumber}-${second.text}`, next: at + 1 };
  if (isLetterOfNumber(tokens, second, at, to)) return { houseNumber: houseNumber + second.text, next: at + 1 };
  return { houseNumber, next: at };
}

/** `358 370 E 71ST`: two numbers of one side in rising order before a direction and a name. */
function isRange(tokens: readonly Token[], first: Token, at: number, to: number): boolean {
  const second = tokens[at];
  if (second === undefined || second.text.length !== first.text.length || second.text <= first.text) return false;
  const isSameSide = (Number(first.text) - Number(second.text)) % 2 === 0;
  return isSameSide && ((tokens[at + 1]?.word.roles ?? 0) & Role.directional) !== 0 && to - at > 2;
}

/** `4922 B South Cornell Ave`, `11719 B Jefferson Ave`: the letter belongs to the number; in `613 K Street` it is the name. */
function isLetterOfNumber(tokens: readonly Token[], letter: Token, at: number, to: number): boolean {
  if (letter.shape !== Shape.letter || (letter.word.roles & Role.directional) !== 0) return false;
  const next = tokens[at + 1];
  if (to - at < 2 || next === undefined) return false;
  // `C AND N SMITH MILL RD`, `P DE LEON BLVD`, `U S 401`: the first of several words that only make a name together.
  if (next.shape === Shape.letter && (next.word.directional === '' || (tokens[at + 2]?.shape ?? 0) !== 0)) return false;
  if (nameLinks.has(next.text) || (letter.text === 'U' && next.text === 'S')) return false;
  if ((next.word.roles & Role.directional) !== 0) return to - at > 2;
  return next.shape === 0 && (next.word.roles & (Role.suffix | Role.unit)) === 0;
}

const nameLinks = new Set(['AND', '&', 'DE', 'DEL', 'LA', 'OF']);

/** `2255/2343 South Throop St`: the first of two; `1/2` alone is no house number. */
function readSlashed({ text }: Token, at: number): HouseNumber {
  const slash = text.indexOf('/');
  return slash > 2 ? { houseNumber: text.slice(0, slash), next: at + 1 } : { houseNumber: '', next: at };
}

/** `W148 N9748`: a grid number in two words. */
function readGridNumber(tokens: readonly Token[], first: Token, at: number, to: number): HouseNumber {
  const second = tokens[at + 1];
  const isGrid = /^[NSEW]\d+$/.test(first.text) && second !== undefined && /^[NSEW]\d+$/.test(second.text);
  if (isGrid && to - at > 2) return { houseNumber: first.text + second.text, next: at + 2 };
  return readLettered(first, at, to);
}

/** Grid numbers such as `N6W23001` and numbers with a leading letter such as `A123`. */
function readLettered(token: Token, at: number, to: number): HouseNumber {
  const { text } = token;
  let changes = 0;
  for (let i = 1; i < text.length; i += 1) {
    if (isDigit(text.charCodeAt(i)) !== isDigit(text.charCodeAt(i - 1))) changes += 1;
  }
  const isNumber = changes === 3 || (changes === 1 && isDigit(text.charCodeAt(1)) && to - at > 1);
  return isNumber ? { houseNumber: text, next: at + 1 } : { houseNumber: '', next: at };
}

function stripLeadingZeros(token: Token): string {
  const { text } = token;
  const fraction = text.indexOf('-1/');
  if (fraction > 0) return `${text.slice(0, fraction)} ${text.slice(fraction + 1)}`;
  if ((token.shape & Shape.number) === 0 || text.charCodeAt(0) !== 48 || text.length === 1) return text;
  return text.replace(/^0+(?=\d)/, '');
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
