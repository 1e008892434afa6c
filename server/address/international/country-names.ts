import type { CountryFormat } from '../formatting/countries.ts';
import { countryCodes } from './country-codes.ts';

/** Languages of OutputCountryFormat (addressing reference 1.3). */
const languages = { E: 'en', S: 'es', F: 'fr', G: 'de' } as const;

/** Names in use beside those of Unicode CLDR, which Node.js carries. */
const furtherNames: readonly (readonly [string, ...string[]])[] = [
  ['GB', 'GREAT BRITAIN', 'ENGLAND', 'SCOTLAND', 'WALES', 'NORTHERN IRELAND', 'UK', 'U K', 'GRANDE BRETAGNE'],
  ['GB', 'GROSSBRITANNIEN', 'GRAN BRETANA', 'UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND'],
  ['NL', 'HOLLAND', 'HOLANDA', 'THE NETHERLANDS', 'HOLLANDE'],
  ['CZ', 'CZECH REPUBLIC', 'TSCHECHISCHE REPUBLIK', 'REPUBLIQUE TCHEQUE', 'REPUBLICA CHECA'],
  ['KR', 'KOREA', 'REPUBLIC OF KOREA', 'SOUTH KOREA'],
  ['CN', 'PEOPLES REPUBLIC OF CHINA', 'PRC'],
  ['RU', 'RUSSIAN FEDERATION'],
  ['TR', 'TURKEY'],
  ['IE', 'REPUBLIC OF IRELAND', 'EIRE'],
  ['DE', 'FEDERAL REPUBLIC OF GERMANY', 'BUNDESREPUBLIK DEUTSCHLAND', 'BRD'],
  ['MK', 'MACEDONIA'],
  ['CI', 'IVORY COAST'],
  ['MM', 'BURMA'],
  ['SZ', 'SWAZILAND'],
  ['CV', 'CAPE VERDE'],
  ['VA', 'HOLY SEE'],
  ['HK', 'HONG KONG', 'HONGKONG'],
  ['MO', 'MACAO', 'MACAU'],
  ['VN', 'VIET NAM'],
];

/** The alpha-2 code of a country given by either code or by its English, French, German or Spanish name. */
export function findCountryCode(text: string): string | undefined {
  return codeOfName().get(normalizeName(text));
}

/** A country in a language or code, as CLDR writes it. */
export function formatCountryName(code: string, format: CountryFormat): string {
  if (format === 'I') return code;
  if (format === 'U') return countryCodes.get(code) ?? code;
  return shortNames[code]?.[format] ?? displayNames(languages[format]).of(code) ?? code;
}

/** CLDR describes these at length. */
const shortNames: Readonly<Record<string, Readonly<Record<'E' | 'S' | 'F' | 'G', string>>>> = {
  HK: { E: 'Hong Kong', S: 'Hong Kong', F: 'Hong Kong', G: 'Hongkong' },
  MO: { E: 'Macao', S: 'Macao', F: 'Macao', G: 'Macau' },
};

function normalizeName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/&/g, ' AND ')
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Made on first use: few processes ever see another country. The same for every caller. */
const prepared: { names?: ReadonlyMap<string, string>; readonly displays: Map<string, Intl.DisplayNames> } = {
  displays: new Map(),
};

function displayNames(language: string): Intl.DisplayNames {
  const known = prepared.displays.get(language);
  if (known) return known;
  const names = new Intl.DisplayNames([language], { type: 'region' });
  prepared.displays.set(language, names);
  return names;
}

function codeOfName(): ReadonlyMap<string, string> {
  prepared.names ??= buildNames();
  return prepared.names;
}

function buildNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [code, alpha3] of countryCodes) {
    names.set(code, code).set(alpha3, code);
    for (const language of Object.values(languages)) {
      names.set(normalizeName(displayNames(language).of(code) ?? code), code);
    }
  }
  for (const [code, ...further] of furtherNames) for (const name of further) names.set(name, code);
  return names;
}
