import type { StreetRecord } from '../../reference-data/index.ts';
import { findWord, spellDirectional } from '../parsing/lexicon.ts';
import { tokenize } from '../parsing/tokens.ts';

/** A street as far as it has been typed; all upper case. */
export interface TypedStreet {
  readonly houseNumber: string;
  /** Ways to read the rest: a direction in front may be the start of the name. */
  readonly readings: readonly { readonly predirectional: string; readonly start: string }[];
}

/** Fewer letters than this would list half a city (addressing reference section 5, GlobalTypeAhead). */
const fewestLetters = 3;

/** Reads the start of an address line; undefined while too little of the street has been typed. */
export function readTypedStreet(line: string): TypedStreet | undefined {
  const words = tokenize(line).map(({ text }) => text);
  const [first = ''] = words;
  const houseNumber = /^\d+[A-Z]?$/.test(first) && words.length > 1 ? first : '';
  const named = houseNumber === '' ? words : words.slice(1);
  const start = spell(named);
  const isEnough = houseNumber === '' ? words.length > 1 : start.replaceAll(' ', '').length >= fewestLetters;
  if (!isEnough || start === '') return undefined;
  const { directional } = findWord(named[0] ?? '');
  const whole = { predirectional: '', start };
  if (directional === '' || named.length < 2) return { houseNumber, readings: [whole] };
  return { houseNumber, readings: [{ predirectional: directional, start: spell(named.slice(1)) }, whole] };
}

/** Whether a street can go on from what has been typed: `MAIN STR` goes on to `MAIN ST`. */
export function continuesTo(typed: TypedStreet['readings'][number], street: StreetRecord): boolean {
  const { predirectional, start } = typed;
  if (predirectional !== '' && street.predirectional !== predirectional) return false;
  if (street.name.startsWith(start)) return true;
  if (!start.startsWith(street.name)) return false;
  const { name, suffix, postdirectional } = street;
  const towards = postdirectional === '' ? [''] : [postdirectional, spellDirectional(postdirectional)];
  const suffixes = suffix === '' ? [''] : [suffix, findWord(suffix).suffixName];
  return suffixes.some((word) =>
    towards.some((side) =>
      [name, word, side]
        .filter((part) => part !== '')
        .join(' ')
        .startsWith(start),
    ),
  );
}

/** The words as streets are stored: `ST CLAIR` is `SAINT CLAIR`. The last word may be unfinished and stays as it is. */
function spell(words: readonly string[]): string {
  return words
    .map((word, index) => {
      const isWhole = index < words.length - 1;
      const { inName, suffix } = findWord(word);
      if (index === 0) return isWhole && inName !== '' ? inName : word;
      return isWhole && suffix !== '' ? suffix : word;
    })
    .join(' ');
}
