import type { AddressDatabase, CityRecord, PostalCodeRecord } from '../../reference-data/index.ts';
import { spellDirectional } from '../parsing/lexicon.ts';
import { tokenize } from '../parsing/tokens.ts';
import { countErrors } from '../parsing/typing-errors.ts';

/** How a city as given relates to the cities of a ZIP Code. */
export interface CityMatch {
  readonly kind: 'same' | 'blank' | 'misspelt' | 'other';
  readonly city: CityRecord | undefined;
}

const blank: CityMatch = { kind: 'blank', city: undefined };
const other: CityMatch = { kind: 'other', city: undefined };

/** @param city upper case */
export function matchCity(record: PostalCodeRecord, city: string): CityMatch {
  if (city === '') return blank;
  const { cities } = record;
  for (const known of cities) if (known.name === city) return { kind: 'same', city: known };
  const spelled = spellCity(city);
  for (const known of cities) if (spellCity(known.name) === spelled) return { kind: 'same', city: known };
  const compact = spelled.replaceAll(' ', '');
  const limit = errorsAllowed(compact);
  for (const known of cities) {
    const name = spellCity(known.name).replaceAll(' ', '');
    if (countErrors(name, compact, limit) <= limit) return { kind: 'misspelt', city: known };
  }
  return other;
}

/** The city of the state that a misspelt name must mean, or undefined when none or several are as near. */
export function findMisspeltCity(database: AddressDatabase, city: string, stateProvince: string): string | undefined {
  const compact = spellCity(city).replaceAll(' ', '');
  let least = errorsAllowed(compact);
  let found: string | undefined;
  let isUnique = false;
  for (const name of database.listCities(stateProvince)) {
    if (Math.abs(name.length - city.length) > least + 3) continue;
    const errors = countErrors(name.replaceAll(' ', ''), compact, least);
    if (errors > least) continue;
    isUnique = found === undefined || errors < least;
    found = name;
    least = errors;
  }
  return isUnique ? found : undefined;
}

function errorsAllowed(name: string): number {
  if (name.length < 4) return 0;
  return name.length < 8 ? 1 : 2;
}

/** `ST PAUL` → `SAINT PAUL`, `N HOLLYWOOD` → `NORTH HOLLYWOOD`, `CHESTERFIELD TWP` → `CHESTERFIELD TOWNSHIP`. */
function spellCity(city: string): string {
  const words = tokenize(city).map(({ text, word }, index) => {
    if (text === 'TWP') return 'TOWNSHIP';
    if (index === 0 && word.directional !== '' && text.length <= 2) return spellDirectional(word.directional);
    return word.inName === '' ? text : word.inName;
  });
  return words.join(' ');
}
