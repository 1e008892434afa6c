import { getPostalCodes } from '../../../../server/services/get-postal-codes/service.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runService } from '../../../support/run-service.ts';

const lanham = (code: string, type: 'P' | 'V') => ({ code, stateProvince: 'MD', cities: [{ name: 'LANHAM', type }] });
const database = createInMemoryAddressDatabase({
  postalCodes: [
    lanham('20706', 'P'),
    lanham('20703', 'P'),
    lanham('20784', 'V'),
    { code: '55105', stateProvince: 'MN', cities: ['SAINT PAUL'] },
    { code: '62701', stateProvince: 'IL', cities: ['SPRINGFIELD'] },
    { code: '01101', stateProvince: 'MA', cities: ['SPRINGFIELD'] },
    { code: '20772', stateProvince: 'MD', cities: [{ name: 'MARLTON', type: 'V' }] },
  ],
});
const ask = (City: string, StateProvince = '', options = {}) =>
  runService(getPostalCodes, database, { City, StateProvince }, options);

test('documented example: Lanham MD', async () => {
  expect(await ask('Lanham', 'MD', { OutputCityType: 'Y' })).toEqual([
    { PostalCode: '20703', 'City.Type': 'P', ProcessedBy: 'USA' },
    { PostalCode: '20706', 'City.Type': 'P', ProcessedBy: 'USA' },
  ]);
  expect(await ask('Lanham', 'MD', { OutputCityType: 'Y', OutputVanityCity: 'Y' })).toContainEqual({
    PostalCode: '20784',
    'City.Type': 'V',
    ProcessedBy: 'USA',
  });
});

test.each([
  ['saint paul', 'MN'],
  ['St. Paul', 'Minnesota'],
  ['Saint Paul MN', ''],
  ['ST PAUL, MINNESOTA', ''],
  ['Saint Paul', ''],
])('finds Saint Paul as %p %p', async (city, state) => {
  expect(await ask(city, state)).toEqual([{ PostalCode: '55105', ProcessedBy: 'USA' }]);
});

test('the city type needs the two letters of the state', async () => {
  expect(await ask('Lanham', 'Maryland', { OutputCityType: 'Y' })).toEqual([
    { PostalCode: '20703', ProcessedBy: 'USA' },
    { PostalCode: '20706', ProcessedBy: 'USA' },
  ]);
});

const noMatch = 'Input city & state / province was blank, or no match found';
test.each([
  ['', '', 'UnableToLookup', noMatch],
  ['', 'MD', 'UnableToLookup', 'Input city was blank'],
  ['Nowhere', 'MD', 'UnableToLookup', noMatch],
  ['Lanham', 'Atlantis', 'UnableToLookup', noMatch],
  ['Springfield', '', 'UnableToLookup', noMatch],
  ['L'.repeat(99), 'MD', 'UnableToLookup', noMatch],
  ['Toronto', 'ON', 'CountryNotSupported', 'Input country is not supported'],
  ['Lanham', 'MN', 'UnableToLookup', expect.stringMatching(/^City-state mismatch/)],
  ['Marlton', 'MD', 'UnableToLookup', expect.stringMatching(/^City-state mismatch/)],
])('%p %p fails as %s', async (city, state, code, description) => {
  expect(await ask(city, state)).toEqual([
    { ProcessedBy: 'USA', Status: 'F', 'Status.Code': code, 'Status.Description': description },
  ]);
});
