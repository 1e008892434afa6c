import type { StreetRecord } from '../reference-data/index.ts';

/** The parts of a street that, with its ZIP Code, tell it from every other. */
export type StreetParts = Omit<StreetRecord, 'postalCode'>;

const separator = '\u001f';

/** A text that groups what is on one street of a ZIP Code; the city stands last and may be appended. */
export function toStreetKey({ name, suffix, predirectional, postdirectional }: Omit<StreetParts, 'city'>): string {
  return `${name}${separator}${suffix}${separator}${predirectional}${separator}${postdirectional}${separator}`;
}

export function fromStreetKey(key: string): StreetParts {
  const [name = '', suffix = '', predirectional = '', postdirectional = '', city = ''] = key.split(separator);
  return { name, suffix, predirectional, postdirectional, city };
}

export function hasName(key: string): boolean {
  return !key.startsWith(separator);
}
