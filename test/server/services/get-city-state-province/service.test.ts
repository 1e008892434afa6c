import { getCityStateProvince } from '../../../../server/services/get-city-state-province/service.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runService } from '../../../support/run-service.ts';

const database = createInMemoryAddressDatabase({
  postalCodes: [
    { code: '12180', stateProvince: 'NY', cities: ['TROY'] },
    {
      code: '20784',
      stateProvince: 'MD',
      cities: [
        { name: 'HYATTSVILLE', type: 'P' },
        { name: 'NEW CARROLLTON', type: 'S' },
        { name: 'LANHAM', type: 'V' },
      ],
    },
    { code: '00601', stateProvince: 'PR', cities: [] },
  ],
});
const ask = (PostalCode: string, options = {}) => runService(getCityStateProvince, database, { PostalCode }, options);
const cities = (rows: readonly Record<string, string | undefined>[]) => rows.map((row) => [row.City, row['City.Type']]);

test.each(['12180', '12180-1234', '121801234'])('%s is Troy', async (code) => {
  expect(await ask(code)).toEqual([
    {
      City: 'Troy',
      'City.Type': 'P',
      Country: 'United States Of America',
      PostalCode: code,
      ProcessedBy: 'USA',
      StateProvince: 'NY',
    },
  ]);
});

test('gives one row for each city, vanity names only when asked for', async () => {
  expect(cities(await ask('20784'))).toEqual([
    ['Hyattsville', 'P'],
    ['New Carrollton', 'S'],
  ]);
  expect(cities(await ask('20784', { OutputVanityCity: 'y' }))).toContainEqual(['Lanham', 'V']);
  expect(cities(await ask('20784', { OutputVanityCity: 'Y', MaximumResults: '1' }))).toEqual([['Hyattsville', 'P']]);
});

test('a value other than Y and N means the default', async () => {
  expect(await ask('20784', { OutputVanityCity: 'maybe', PerformUSProcessing: '?' })).toHaveLength(2);
});

test('a territory without known city still has its state', async () => {
  expect(await ask('00601')).toEqual([
    { Country: 'United States Of America', PostalCode: '00601', ProcessedBy: 'USA', StateProvince: 'PR' },
  ]);
});

test.each([
  ['99999', {}, 'USA', 'UnrecognizedPostalCode', 'Postal code not found'],
  ['', {}, 'USA', 'UnrecognizedPostalCode', 'Postal code not found'],
  ['Troy', {}, 'USA', 'UnrecognizedPostalCode', 'Postal code not found'],
  ['12180', { PerformUSProcessing: 'N' }, 'USA', 'DisabledCoder', 'PerformUSProcessing disabled'],
  ['K1A 0B1', {}, 'CAN', 'UnrecognizedPostalCode', 'Postal code not found'],
  ['K1A0B1', { PerformCanadianProcessing: 'N' }, 'CAN', 'DisabledCoder', 'PerformCanadianProcessing disabled'],
])('%p with %j fails as %s %s', async (code, options, processedBy, statusCode, description) => {
  expect(await ask(code, options)).toEqual([
    {
      PostalCode: code,
      ProcessedBy: processedBy,
      Status: 'F',
      'Status.Code': statusCode,
      'Status.Description': description,
    },
  ]);
});

test('refuses a number of results that is none', async () => {
  await expect(ask('12180', { MaximumResults: 'many' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});
