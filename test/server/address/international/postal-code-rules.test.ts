import { countryCodes } from '../../../../server/address/international/country-codes.ts';
import { checkPostalCode } from '../../../../server/address/international/postal-code-rules.ts';

test.each([
  ['CA', 'm9w2m5', 'M9W 2M5'],
  ['CA', 'M9W-2M5', 'M9W 2M5'],
  ['GB', 'sw1a1aa', 'SW1A 1AA'],
  ['GB', 'M1 1AE', 'M1 1AE'],
  ['GB', 'EC1A1BB', 'EC1A 1BB'],
  ['DE', 'D-53111', '53111'],
  ['DE', '53111', '53111'],
  ['CH', 'CH 8001', '8001'],
  ['NL', '1012ab', '1012 AB'],
  ['SE', '11455', '114 55'],
  ['PL', '00001', '00-001'],
  ['PT', '1000001', '1000-001'],
  ['PT', '1000-001', '1000-001'],
  ['BR', '01310100', '01310-100'],
  ['JP', '1000001', '100-0001'],
  ['IE', 'd02af30', 'D02 AF30'],
  ['LT', 'lt01100', 'LT-01100'],
  ['AD', 'AD500', 'AD500'],
  ['TW', '10048', '10048'],
  ['LB', '20386308', '2038 6308'],
  ['MT', 'vlt1117', 'VLT 1117'],
])('%s: %p is written %p', (country, text, code) => {
  expect(checkPostalCode(country, text)).toEqual({ kind: 'valid', code });
});

test.each([
  ['CA', 'D9W 2M5'],
  ['CA', 'W9W 2M5'],
  ['CA', 'M9W'],
  ['DE', '5311'],
  ['DE', '531112'],
  ['GB', '12345'],
  ['FR', 'ABCDE'],
  ['NL', '1012'],
])('%s: %p is no code', (country, text) => {
  expect(checkPostalCode(country, text)).toEqual({ kind: 'invalid' });
});

test('countries without codes are told apart from unknown ones', () => {
  expect([checkPostalCode('HK', ''), checkPostalCode('ZZ', '1')]).toEqual([{ kind: 'none' }, { kind: 'unknown' }]);
});

test('every country is in one list or the other, or in none for a reason', () => {
  const unknown = [...countryCodes.keys()].filter((country) => checkPostalCode(country, '').kind === 'unknown');
  // Countries of the ZIP Code are the other engine's.
  expect(unknown).toEqual(['AS', 'FM', 'GU', 'MH', 'MP', 'PR', 'PW', 'US', 'VI']);
});
