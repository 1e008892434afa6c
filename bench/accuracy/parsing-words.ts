/** How texts are brought together before parsers are compared; nothing of the product, tables of `../shared/data` only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './geocoding-brute-force.ts';

/** Lower-case words without full stops, apostrophes and number signs: `St. Mary's #5-B` → `st marys 5 b`. */
export function toWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[.'’]/g, '')
    .split(/[^\p{L}\d/]+/u)
    .filter((word) => word !== '');
}

/** As `toWords`, with suffixes and directionals abbreviated: `North Avenue` → `n ave`. */
export function toStreetWords(text: string): string[] {
  const words = toWords(text);
  return words.map((word) => streetWords().get(word) ?? word);
}

/** A city without spaces, its first word spelled out: `N. St Louis` → `northsaintlouis`. */
export function toCity(text: string): string {
  const words = toWords(text).map((word) => (word === 'st' ? 'saint' : word));
  const [first = '', ...others] = words;
  return [others.length > 0 ? (directions[first] ?? first) : first, ...others].join('');
}

const directions: Readonly<Record<string, string>> = { n: 'north', s: 'south', e: 'east', w: 'west' };

/** Digits of a ZIP Code; four are one that lost its leading zero. */
export function toZip(text: string): string {
  const digits = toWords(text).join('');
  return digits.length === 4 || digits.length === 8 ? `0${digits}` : digits;
}

/** Two letters of a state given by name, letters or an abbreviation of three letters or more that only one name has. */
export function findStateLetters(text: string): string | undefined {
  const name = toWords(text).join(' ');
  const rows = stateRows();
  const exact = rows.find(
    ([full, letters]) => full === name || letters === name || letters === name.replaceAll(' ', ''),
  );
  if (exact) return exact[1];
  const similar = name.length < 3 ? [] : rows.filter(([full]) => full.startsWith(name));
  return similar.length === 1 ? similar[0]?.[1] : undefined;
}

const streetWords = once(() => {
  const suffixes = readTable('street_suffixes').map(([variant = '', standard = '']) => [variant, standard]);
  const directionals = readTable('directionals').map(([name = '', abbreviation = '']) => [name, abbreviation]);
  const names = [
    ['saint', 'st'],
    ['so', 's'],
    ['no', 'n'],
  ];
  const rows = [...suffixes, ...directionals, ...names];
  return new Map(rows.map(([from = '', to = '']) => [from.toLowerCase(), to.toLowerCase()] as const));
});

/** Names and abbreviations of unit designators, and words for a number. */
export const unitDesignators = once(() => {
  const rows = readTable('unit_designators').flatMap(([name = '', abbreviation = '']) => [name, abbreviation]);
  return new Set([...rows.map((word) => word.toLowerCase()), 'no', 'number', 'level', 'flr', 'bldg', 'bld', 'shop']);
});

const stateRows = once(() =>
  readTable('states').map(([name = '', letters = '']) => [name.toLowerCase(), letters.toLowerCase()] as const),
);

function readTable(name: string): string[][] {
  const lines = readFileSync(join(dataFolder, `usps-tables/${name}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1);
  return lines.map((line) => line.split(','));
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
