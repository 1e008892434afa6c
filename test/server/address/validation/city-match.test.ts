import { findMisspeltCity, matchCity } from '../../../../server/address/validation/city-match.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';

const database = createInMemoryAddressDatabase({
  postalCodes: [
    { code: '55105', stateProvince: 'MN', cities: ['SAINT PAUL', 'NORTH SAINT PAUL'] },
    { code: '55720', stateProvince: 'MN', cities: ['CLOQUET'] },
    { code: '56001', stateProvince: 'MN', cities: ['MANKATO'] },
    { code: '56002', stateProvince: 'MN', cities: ['MANKATA'] },
  ],
});
const [record] = database.listPostalCodesOfCity('SAINT PAUL', 'MN');

test.each([
  ['SAINT PAUL', 'same', 'SAINT PAUL'],
  ['ST PAUL', 'same', 'SAINT PAUL'],
  ['N ST PAUL', 'same', 'NORTH SAINT PAUL'],
  ['SAINT PAL', 'misspelt', 'SAINT PAUL'],
  ['', 'blank', undefined],
  ['DULUTH', 'other', undefined],
])('%p is %s', (city, kind, name) => {
  if (record === undefined) throw new Error('the database has no SAINT PAUL');
  const match = matchCity(record, city);
  expect([match.kind, match.city?.name]).toEqual([kind, name]);
});

test.each([
  ['CLOQUETT', 'CLOQUET'],
  ['ST PUAL', 'SAINT PAUL'],
  ['MANKATE', undefined],
  ['DULUTH', undefined],
])('%p is a misspelt %p', (city, expected) => {
  expect(findMisspeltCity(database, city, 'MN')).toBe(expected);
});
