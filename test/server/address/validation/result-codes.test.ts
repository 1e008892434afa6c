import { validateAddressService } from '../../../../server/services/validate-address/service.ts';
import { createExampleDatabase } from '../../../support/example-addresses.ts';
import { runService } from '../../../support/run-service.ts';

const database = createExampleDatabase();

async function codesOf(text: string): Promise<Record<string, string>> {
  const [line = '', city = '', state = '', postalCode = ''] = text.split('|');
  const row = { AddressLine1: line, City: city, StateProvince: state, PostalCode: postalCode };
  const options = { OutputFieldLevelReturnCodes: 'Y' };
  const [answer = {}] = await runService(validateAddressService, database, row, options);
  const codes = Object.entries(answer).filter(([name, code]) => name.endsWith('.Result') && code !== '');
  return Object.fromEntries(codes.map(([name, code]) => [name.slice(0, -'.Result'.length), code ?? '']));
}

test.each([
  [
    '1825 Kramer Ln|Austin|TX|78758',
    { HouseNumber: 'V', StreetName: 'V', StreetSuffix: 'V', City: 'V', PostalCode: 'V' },
  ],
  ['1825 Kramer Lane|Austin|TX|', { StreetSuffix: 'S', PostalCode: 'A' }],
  ['1825 Kramer|Austin|TX|78758', { StreetSuffix: 'A' }],
  ['1825 Kramre Ln|Austin|TX|78758', { StreetName: 'C' }],
  ['9003 Lamar Blvd|Austin|TX|78758', { LeadingDirectional: 'A' }],
  ['1825 Kramer Ln|Austin|TX|78759', { PostalCode: 'C' }],
  ['99999 Nowhere Rd|Austin|TX|78758', { HouseNumber: 'U', StreetName: 'U', City: 'U', PostalCode: 'U' }],
])('%p has %p', async (text, expected) => {
  expect(await codesOf(text)).toMatchObject(expected);
});

test('elements that the input and the answer lack have no code', async () => {
  const codes = await codesOf('1825 Kramer Ln|Austin|TX|78758');
  expect(Object.keys(codes)).not.toContain('LeadingDirectional');
  expect(Object.keys(codes)).not.toContain('POBox');
});
