import { countryCodes } from '../../../../server/address/international/country-codes.ts';
import { findCountryCode, formatCountryName } from '../../../../server/address/international/country-names.ts';

test.each([
  ['DE', 'DE'],
  ['deu', 'DE'],
  ['Germany', 'DE'],
  ['Allemagne', 'DE'],
  ['Alemania', 'DE'],
  ['DEUTSCHLAND', 'DE'],
  ['Great Britain', 'GB'],
  ['Vereinigtes Königreich', 'GB'],
  ["Côte d'Ivoire", 'CI'],
  ['Bosnia and Herzegovina', 'BA'],
  ['Bosnia & Herzegovina', 'BA'],
  ['Kanada', 'CA'],
  ['Atlantis', undefined],
  ['', undefined],
])('%p is %p', (text, code) => {
  expect(findCountryCode(text)).toBe(code);
});

test.each([
  ['E', 'Germany'],
  ['S', 'Alemania'],
  ['F', 'Allemagne'],
  ['G', 'Deutschland'],
  ['I', 'DE'],
  ['U', 'DEU'],
] as const)('format %p writes %p', (format, name) => {
  expect(formatCountryName('DE', format)).toBe(name);
});

test('every country is found by all its codes and names', () => {
  const wrong = [...countryCodes].flatMap(([code, alpha3]) =>
    [code, alpha3, ...(['E', 'S', 'F', 'G'] as const).map((format) => formatCountryName(code, format))].filter(
      (name) => findCountryCode(name) !== code,
    ),
  );
  expect(wrong).toEqual([]);
  expect(new Set(countryCodes.values()).size).toBe(countryCodes.size);
});
