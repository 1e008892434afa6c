import { findWord, plainWord, Role, type Word } from './lexicon.ts';

/** What the characters of a token show without knowing any word. */
export const Shape = {
  /** Digits only. */
  number: 1,
  /** Starts with a digit. */
  leadingDigit: 2,
  /** Contains a digit. */
  digit: 4,
  /** `1ST`, `42ND`. */
  ordinal: 8,
  /** `1/2`. */
  fraction: 16,
  /** One letter. */
  letter: 32,
  hash: 64,
} as const;

/** How a token is separated from the one before it; higher separates more. */
export const Gap = { none: 0, space: 1, hyphen: 2, comma: 3, bracket: 4 } as const;

export interface Token {
  /** Upper case, without full stops and apostrophes. */
  readonly text: string;
  /** Position of the first character in the line. */
  readonly start: number;
  /** Position after the last character. */
  readonly end: number;
  readonly shape: number;
  readonly gap: number;
  readonly word: Word;
}

enum Class {
  separator,
  letter,
  digit,
  dot,
  apostrophe,
  hyphen,
  slash,
  hash,
  comma,
  single,
  bracket,
}

const classes = buildClasses();
/** Latin letters, with and without accents, raised by their codes: to ask the Unicode tables each time takes long. */
const raisedLatin = Array.from({ length: 0x250 }, (_, code) => raise(String.fromCharCode(code)));

/** Cuts a line into words, numbers and marks; never throws, and every token lies within the line. */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = [];
  const upper = toUpper(line);
  const length = upper.length;
  let gap: number = Gap.none;
  let at = 0;
  while (at < length) {
    const kind = classOf(upper.charCodeAt(at));
    if (kind === Class.letter || kind === Class.digit) {
      at = readWord(upper, at, gap, tokens);
      gap = Gap.none;
      continue;
    }
    if (kind === Class.hash || kind === Class.single) {
      at = readMark(upper, at, kind, gap, tokens);
      gap = Gap.none;
      continue;
    }
    const wider = gapOf(kind);
    if (wider > gap) gap = wider;
    at += 1;
  }
  return tokens;
}

function gapOf(kind: Class): number {
  if (kind === Class.comma) return Gap.comma;
  if (kind === Class.bracket) return Gap.bracket;
  return kind === Class.hyphen ? Gap.hyphen : Gap.space;
}

/** Reads letters and digits from `start`; returns the position to go on from. */
function readWord(upper: string, start: number, gap: number, tokens: Token[]): number {
  const length = upper.length;
  let at = start;
  let from = start;
  let kept = '';
  let letters = 0;
  let digits = 0;
  for (; at < length; at += 1) {
    const kind = classOf(upper.charCodeAt(at));
    if (kind === Class.letter) letters += 1;
    else if (kind === Class.digit) digits += 1;
    else if (kind === Class.apostrophe || (kind === Class.dot && isInnerDot(upper, at, digits))) {
      kept += upper.slice(from, at);
      from = at + 1;
    } else if (!isInnerMark(upper, at, kind, digits)) break;
  }
  const text = kept === '' ? upper.slice(from, at) : kept + upper.slice(from, at);
  if (digits > 0 && letters > 0 && at - start > 2) {
    const cut = findCut(upper, start, at);
    if (cut > 0) {
      pushToken(tokens, upper.slice(start, cut), start, cut, gap);
      return cut;
    }
  }
  if (letters === 1 && digits > 0 && isGridNumber(text)) {
    const first = tokens.length === 1 ? tokens[0] : undefined;
    if (first !== undefined && isGridNumber(first.text)) {
      tokens.length = 0;
      pushGridNumber(tokens, first.text, first.start, first.end, first.gap);
      pushGridNumber(tokens, text, start, at, gap);
      return at;
    }
    if (isBeforeGridNumber(tokens)) {
      pushGridNumber(tokens, text, start, at, gap);
      return at;
    }
  }
  pushToken(tokens, text, start, at, gap, letters, digits);
  return at;
}

/** `400E`: a number and its direction, where both stand in a grid. */
function isGridNumber(text: string): boolean {
  return /^\d+[NSEW]$/.test(text);
}

/** `48S 400E`, `6641 N 2200W` and `HIGHWAY 60E` have directions; `ST 4E` is a unit. */
function isBeforeGridNumber(tokens: readonly Token[]): boolean {
  const before = tokens.at(-1);
  if (before === undefined) return false;
  if (numberedRoads.has(before.text)) return true;
  return tokens.length === 2 && (before.word.roles & Role.directional) !== 0;
}

const numberedRoads = new Set(['HIGHWAY', 'HWY', 'ROUTE', 'RTE', 'CR', 'SR']);

function pushGridNumber(tokens: Token[], text: string, start: number, end: number, gap: number): void {
  pushToken(tokens, text.slice(0, -1), start, end - 1, gap);
  pushToken(tokens, text.slice(-1), end - 1, end, Gap.none);
}

/** A full stop inside `P.O.` or `U.S.` joins; after a longer word, as in `St.Louis`, it separates. */
function isInnerDot(upper: string, at: number, digits: number): boolean {
  if (digits > 0) return false;
  return !isLetter(upper, at - 2) && isLetter(upper, at + 1) && !isLetter(upper, at + 2);
}

/** Hyphens and slashes stay inside what has digits (`12-34`, `100-B`, `1/2`) and inside `C/O`. */
function isInnerMark(upper: string, at: number, kind: Class, digits: number): boolean {
  if (kind !== Class.hyphen && kind !== Class.slash && kind !== Class.dot) return false;
  const next = classOf(upper.charCodeAt(at + 1));
  if (kind === Class.dot)
    return digits > 0 && next === Class.digit && classOf(upper.charCodeAt(at - 1)) === Class.digit;
  if (next !== Class.letter && next !== Class.digit) return false;
  if (kind === Class.slash && upper.charCodeAt(at - 1) === 67 && upper.charCodeAt(at + 1) === 79) return true;
  if (digits > 0)
    return next === Class.digit || (kind === Class.hyphen && !(isLetter(upper, at + 2) && isLetter(upper, at + 3)));
  return next === Class.digit && isShortPrefix(upper, at);
}

/** `A-3` and `BB-12` are one identifier; a longer or known word before the hyphen stands alone. */
function isShortPrefix(upper: string, hyphen: number): boolean {
  let start = hyphen;
  while (isLetter(upper, start - 1)) start -= 1;
  return hyphen - start <= 2 && findWord(upper.slice(start, hyphen)).roles === 0;
}

/** Where a word such as `APT5`, `HC72` or `123MAIN` falls apart; 0 when it does not. */
function findCut(upper: string, start: number, end: number): number {
  const first = classOf(upper.charCodeAt(start));
  let at = start + 1;
  while (at < end && classOf(upper.charCodeAt(at)) === first) at += 1;
  if (at === end) return 0;
  if (first === Class.letter) return (findWord(upper.slice(start, at)).roles & Role.glued) !== 0 ? at : 0;
  let last = at;
  while (last < end && isLetter(upper, last)) last += 1;
  return last === end && last - at > 2 ? at : 0;
}

function readMark(upper: string, at: number, kind: Class, gap: number, tokens: Token[]): number {
  const code = upper.charCodeAt(at);
  if (code === 0xbc || code === 0xbd || code === 0xbe) {
    const text = code === 0xbd ? '1/2' : code === 0xbc ? '1/4' : '3/4';
    tokens.push({
      text,
      start: at,
      end: at + 1,
      shape: Shape.fraction | Shape.digit,
      gap: gap || Gap.space,
      word: plainWord,
    });
    return at + 1;
  }
  const text = upper.charAt(at);
  const shape = kind === Class.hash ? Shape.hash : 0;
  tokens.push({ text, start: at, end: at + 1, shape, gap, word: kind === Class.hash ? plainWord : findWord(text) });
  return at + 1;
}

function pushToken(
  tokens: Token[],
  text: string,
  start: number,
  end: number,
  gap: number,
  letters = -1,
  digits = -1,
): void {
  const shape = letters > 0 && digits === 0 ? (text.length === 1 ? Shape.letter : 0) : shapeOf(text);
  const word = digits > 0 && letters === 0 ? plainWord : findWord(text);
  tokens.push({ text, start, end, shape, gap, word });
}

function shapeOf(text: string): number {
  let digits = 0;
  let slash = 0;
  for (let i = 0; i < text.length; i += 1) {
    const kind = classOf(text.charCodeAt(i));
    if (kind === Class.digit) digits += 1;
    else if (kind === Class.slash) slash += 1;
  }
  if (digits === 0) return text.length === 1 ? Shape.letter : 0;
  const leading = classOf(text.charCodeAt(0)) === Class.digit ? Shape.leadingDigit | Shape.digit : Shape.digit;
  if (digits === text.length) return leading | Shape.number;
  if (slash === 1 && digits === text.length - 1) return leading | Shape.fraction;
  return digits === text.length - 2 && isOrdinal(text) ? leading | Shape.ordinal : leading;
}

function isOrdinal(text: string): boolean {
  return text.endsWith('TH') || text.endsWith('ST') || text.endsWith('ND') || text.endsWith('RD');
}

function isLetter(upper: string, at: number): boolean {
  return classOf(upper.charCodeAt(at)) === Class.letter;
}

/** Past the end of a line `code` is NaN: a separator. */
function classOf(code: number): Class {
  if (code < 128) return classes[code] as Class;
  if (!(code >= 0xa0)) return Class.separator;
  if (code >= 0x2010 && code <= 0x2015) return Class.hyphen;
  if (code === 0x2018 || code === 0x2019) return Class.apostrophe;
  if (code === 0xbc || code === 0xbd || code === 0xbe) return Class.single;
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x206f) || code === 0x3000 || code === 0xfeff) return Class.separator;
  return Class.letter;
}

/** Upper case of the same length, so that positions stay those of the line. Accents are dropped where that allows. */
function toUpper(line: string): string {
  if (!hasNonAscii(line)) return line.toUpperCase();
  let upper = '';
  for (let i = 0; i < line.length; i += 1) {
    const code = line.charCodeAt(i);
    upper += raisedLatin[code] ?? (isCaseless(code) ? line.charAt(i) : raise(line.charAt(i)));
  }
  return upper;
}

/** Without accents; each character stays one, so that positions stay. */
function raise(char: string): string {
  const plain = char.charCodeAt(0) < 128 ? char : (char.normalize('NFD')[0] ?? char);
  const raised = plain.toUpperCase();
  return raised.length === 1 ? raised : char;
}

/** Han ideographs, surrogates and private use: most of what is not Latin, and nothing that `raise` would change. */
function isCaseless(code: number): boolean {
  return (code >= 0x3400 && code <= 0x9fff) || (code >= 0xd800 && code <= 0xf8ff);
}

function hasNonAscii(line: string): boolean {
  for (let i = 0; i < line.length; i += 1) if (line.charCodeAt(i) > 127) return true;
  return false;
}

function buildClasses(): Uint8Array {
  const table = new Uint8Array(128);
  for (let code = 48; code <= 57; code += 1) table[code] = Class.digit;
  for (let code = 65; code <= 90; code += 1) table[code] = Class.letter;
  for (let code = 97; code <= 122; code += 1) table[code] = Class.letter;
  const marks: readonly (readonly [string, Class])[] = [
    ['.', Class.dot],
    ["'`", Class.apostrophe],
    ['-', Class.hyphen],
    ['/', Class.slash],
    ['#', Class.hash],
    [',;|\n\r', Class.comma],
    ['&%@', Class.single],
    ['()[]{}', Class.bracket],
  ];
  for (const [chars, kind] of marks) for (const char of chars) table[char.charCodeAt(0)] = kind;
  return table;
}
