import { globalGeocode } from '../../../../server/services/global-geocode/service.ts';
import { globalKeyLookup } from '../../../../server/services/global-key-lookup/service.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runService } from '../../../support/run-service.ts';

const coordinates = { longitude: -73.7031, latitude: 42.6829 };
const shape = [coordinates, { longitude: -73.7, latitude: 42.69 }];
const postalCodes = [{ code: '12180', stateProvince: 'NY', countyFips: '36083', cities: ['TROY'] }];
const points = ['1', { houseNumber: '3', unitDesignator: 'STE', unitNumber: '5', coordinates }, '12-34', '7 1/2'];
const elm = { postalCode: '12180', predirectional: 'N', name: 'ELM', suffix: 'ST', points: [] };
const database = createInMemoryAddressDatabase({
  postalCodes,
  streets: [
    { postalCode: '12180', name: 'GLOBAL', suffix: 'VW', points },
    { ...elm, ranges: [{ low: 101, high: 199, parity: 'O', side: 'L', addOn: '', shape }] },
    { postalCode: '12180', name: 'PO BOX', suffix: '', points: ['5'] },
    { postalCode: '12180', name: 'CALLE A', urbanization: 'URB ALAMAR', points: ['9'] },
    { postalCode: '12180', name: 'CALLE A', urbanization: 'URB BAIROA', points: ['8'] },
  ],
});
const later = createInMemoryAddressDatabase({
  postalCodes,
  streets: [{ postalCode: '12180', name: 'GLOBAL', suffix: 'VW', points: ['3'] }],
});

const keyOf = async (line: string): Promise<string> => {
  const [row] = await runService(globalGeocode, database, { MainAddressLine: line, PostCode1: '12180' });
  return row?.FeatureID ?? '';
};

test.each([
  '1 global vw',
  '3 global vw ste 5',
  '3 global vw',
  '12-34 global vw',
  '7 1/2 global vw',
  '151 n elm st',
  '9 calle a',
])('the key of %s finds what the geocoder found', async (line) => {
  const [found] = await runService(globalGeocode, database, { MainAddressLine: line, PostCode1: '12180' });
  const [again] = await runService(globalKeyLookup, database, { Key: found?.FeatureID });
  const { X, Y, FormattedStreetAddress, LocationCode, FeatureID, Confidence } = found ?? {};
  expect(again).toMatchObject({ X, Y, FormattedStreetAddress, LocationCode, FeatureID, Confidence });
});

test('a key is made of letters that URLs carry', async () => {
  expect(await keyOf('7 1/2 global vw')).toMatch(/^[\w-]+$/);
});

test('each address and unit has a key of its own, and boxes have none', async () => {
  const keys = await Promise.all(['1 global vw', '3 global vw', '3 global vw ste 5', '151 n elm st'].map(keyOf));
  expect(new Set(keys).size).toBe(4);
  expect(await keyOf('po box 5')).toBe('');
});

test.each([
  ['3 global vw ste 5', 'The database has no address of this key'],
  ['1 global vw', 'The database has no address of this key'],
  ['151 n elm st', 'The database has no address of this key'],
])('what a later vintage lacks is not found: %s', async (line, description) => {
  const rows = await runService(globalKeyLookup, later, { Key: await keyOf(line) });
  expect(rows).toMatchObject([{ Status: 'F', 'Status.Description': description }]);
});

test('a text that is no key is told from one', async () => {
  const key = await keyOf('1 global vw');
  for (const wrong of ['', 'P0000GL638OL', 'A', 'Aw6', `${key}=`, key.slice(0, -3), ` ${key}x`]) {
    const [row] = await runService(globalKeyLookup, database, { Key: wrong });
    expect([wrong, row?.Status]).toEqual([wrong, 'F']);
  }
});

test('only the United States has keys', async () => {
  const row = { Key: await keyOf('1 global vw'), Country: 'CAN' };
  expect(await runService(globalKeyLookup, database, row)).toMatchObject([{ Status: 'F' }]);
});
