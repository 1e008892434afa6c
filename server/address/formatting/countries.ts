/** How a country is written: English, Spanish, French, German, ISO 3166 alpha-2, UPU alpha-3 (reference 1.3). */
export type CountryFormat = 'E' | 'S' | 'F' | 'G' | 'I' | 'U';

const unitedStates: Readonly<Record<CountryFormat, string>> = {
  E: 'UNITED STATES OF AMERICA',
  S: 'ESTADOS UNIDOS',
  F: 'ETATS-UNIS',
  G: 'VEREINIGTE STAATEN',
  I: 'US',
  U: 'USA',
};

const unitedStatesNames = new Set([
  ...Object.values(unitedStates),
  'UNITED STATES',
  'AMERICA',
  'U S A',
  'U S',
  'ESTADOS UNIDOS DE AMERICA',
  'ETATS-UNIS D AMERIQUE',
  'VEREINIGTE STAATEN VON AMERIKA',
]);

const canadaNames = new Set(['CA', 'CAN', 'CANADA', 'KANADA']);

/** Which engine a country belongs to. */
export type CountryKind = 'unitedStates' | 'canada' | 'other';

/** Reads a country's code or its English, French, German or Spanish name. */
export function parseCountry(text: string): CountryKind {
  const name = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[.']/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (unitedStatesNames.has(name)) return 'unitedStates';
  return canadaNames.has(name) ? 'canada' : 'other';
}

/** Whether a country's code or name is that of the United States. */
export function isUnitedStates(text: string): boolean {
  return parseCountry(text) === 'unitedStates';
}

/** The United States in a language or code, upper case. */
export function formatUnitedStates(format: CountryFormat): string {
  return unitedStates[format];
}
