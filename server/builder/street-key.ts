import type { StreetRecord } from '../reference-data/index.ts';

/** The parts of a street that, with its ZIP Code, tell it from every other. */
export type StreetParts = Omit<StreetRecord, 'postalCode'>;

const separator = '\u001f';

/** A text that groups what is on one street of a ZIP Code; city and, behind a separator, urbanization may be appended. */
export function toStreetKey({ name, suffix, predirectional, postdirectional }: Omit<StreetParts, 'city'>): string {
  return `${name}${separator}${suffix}${separator}${predirectional}${separator}${postdirectional}${separator}`;
}

export function fromStreetKey(key: string): StreetParts {
  const [name = '', suffix = '', predirectional = '', postdirectional = '', city = '', urbanization = ''] =
    key.split(separator);
  const parts = { name, suffix, predirectional, postdirectional, city };
  return urbanization === '' ? parts : { ...parts, urbanization };
}

/** What stands behind the name parts of a street. */
export function toStreetPlace(city: string, urbanization: string): string {
  return urbanization === '' ? city : city + separator + urbanization;
}

export function hasName(key: string): boolean {
  return !key.startsWith(separator);
}
