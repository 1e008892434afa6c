import { createHash } from 'node:crypto';
import type { keyAlgorithms } from './definition.ts';

/** Keys of texts, in capitals where letters matter. */
export const keysOf: Readonly<Record<(typeof keyAlgorithms)[number], (text: string) => string>> = {
  substring: (text) => text,
  initials: (text) => (text.match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu) ?? []).join('').toUpperCase(),
  consonants: (text) => text.toUpperCase().replace(/[^B-DF-HJ-NP-TV-Z]/g, ''),
  soundex: toSoundex,
  md5: (text) => createHash('md5').update(text, 'utf8').digest('hex'),
};

/** Digits of the letters A to Z; 0 for vowels, which part equal digits, and - for H and W, which do not. */
const soundexDigits = '01230120022455012623010202';
const silent = new Set(['H', 'W']);

/** American Soundex (National Archives): a letter and three digits; empty for a text without letters. */
function toSoundex(text: string): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, '');
  let code = letters.slice(0, 1);
  let previous = digitOf(code);
  for (const letter of letters.slice(1)) {
    if (silent.has(letter)) continue;
    const digit = digitOf(letter);
    if (digit !== '0' && digit !== previous) code += digit;
    previous = digit;
    if (code.length === 4) break;
  }
  return code === '' ? '' : code.padEnd(4, '0');
}

function digitOf(letter: string): string {
  return soundexDigits[letter.charCodeAt(0) - 65] ?? '0';
}
