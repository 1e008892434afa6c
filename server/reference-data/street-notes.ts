import type { StreetAliasType, StreetRecord } from './records.ts';

/** What a directory entry keeps of a street behind its name parts. */
export type StreetNotes = Pick<StreetRecord, 'city' | 'urbanization' | 'alias'>;

const separator = '\u001f';
const partSeparator = '\u001e';
const aliasTypes = ['A', 'C', 'O', 'P'] as const satisfies readonly StreetAliasType[];

/** The city alone where there is nothing else, which is what format 1 has: city, urbanization, alias. */
export function formatStreetNotes({ city, urbanization = '', alias }: StreetNotes): string {
  if (urbanization === '' && !alias) return city;
  if (!alias) return city + separator + urbanization;
  const { predirectional, name, suffix, postdirectional } = alias.base;
  const base = [alias.type, predirectional, name, suffix, postdirectional].join(partSeparator);
  return [city, urbanization, base].join(separator);
}

export function hasStreetNotes(text: string): boolean {
  return text.includes(separator);
}

export function parseStreetNotes(text: string): StreetNotes {
  const [city = '', urbanization = '', alias = ''] = text.split(separator);
  const named = urbanization === '' ? { city } : { city, urbanization };
  if (alias === '') return named;
  const [letter = '', predirectional = '', name = '', suffix = '', postdirectional = ''] = alias.split(partSeparator);
  const type = aliasTypes.find((known) => known === letter) ?? 'O';
  return { ...named, alias: { type, base: { predirectional, name, suffix, postdirectional } } };
}
