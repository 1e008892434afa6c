import type { ChangedParts } from './match-code.ts';

/**
 * Category and matched elements (geocoding reference section 3): `S8HPNTSCZA` for house number, directions, name, type,
 * city and ZIP Code as given; `-` stands for what was changed or filled in. `A` says that the match is an address.
 */
export function formatPrecisionCode(category: string, changed: ChangedParts, isNumberSame: boolean): string {
  const letters = [
    ['H', isNumberSame],
    ['P', !changed.predirectional],
    ['N', !changed.name],
    ['T', !changed.suffix],
    ['S', !changed.postdirectional],
    ['C', !changed.city],
    ['Z', !changed.postalCode],
    ['A', true],
  ] as const;
  return category + letters.map(([letter, isSame]) => (isSame ? letter : '-')).join('');
}
