import { findWord, Role } from './lexicon.ts';
import { suffixRows } from './suffixes.ts';
import { countErrors } from './typing-errors.ts';

const isCommon = (spelling: string): boolean => (findWord(spelling).roles & Role.commonSuffix) !== 0;

/** Names of six letters or more: a shorter one is too often a letter away from a name (`GRACE` from `TRACE`). */
const longNames = suffixRows.filter(({ name }) => name.length >= 6 && isCommon(name)).map(({ name }) => name);
/** No name is written without vowels, so that three letters are enough here. */
const consonants = suffixRows
  .map(({ abbreviation }) => abbreviation)
  .filter((abbreviation) => abbreviation.length >= 3 && isCommon(abbreviation) && !hasVowel(abbreviation));

/** The standard abbreviation of the only common suffix that is one typing error away, such as `BLVD` of `BOULEVAR`; else empty. */
export function findMisspeltSuffix(text: string): string {
  const spellings = hasVowel(text) ? longNames : consonants;
  let found = '';
  for (const spelling of spellings) {
    if (text.length < 3 || countErrors(text, spelling, 1) !== 1) continue;
    if (found !== '') return '';
    found = findWord(spelling).suffix;
  }
  return found;
}

function hasVowel(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if ('AEIOU'.includes(text.charAt(at))) return true;
  return false;
}
