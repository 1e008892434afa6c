import { geocodeUSAddress } from '../../../../server/services/geocode-us-address/service.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runService } from '../../../support/run-service.ts';

const at = (longitude: number, latitude: number) => ({ longitude, latitude });
const corner = at(-105.2537, 40.0209);
const database = createInMemoryAddressDatabase({
  postalCodes: [
    { code: '80301', stateProvince: 'CO', cities: ['BOULDER'], centroid: at(-105.2, 40.04) },
    { code: '80302', stateProvince: 'CO', cities: ['BOULDER'] },
  ],
  streets: [
    //            28TH ST
    //              |
    //  PEARL ------+------ PEARL       and PEARL PKWY farther east, which 30TH ST crosses twice
    {
      postalCode: '80301',
      name: 'PEARL',
      suffix: 'ST',
      ranges: [
        { low: 2700, high: 2798, shape: [at(-105.26, 40.02), corner] },
        { low: 2800, high: 2898, shape: [corner, at(-105.25, 40.0215)] },
      ],
    },
    {
      postalCode: '80302',
      name: '28TH',
      suffix: 'ST',
      ranges: [{ low: 1, high: 99, shape: [at(-105.2537, 40.03), corner] }],
    },
    {
      postalCode: '80301',
      name: 'PEARL',
      suffix: 'PKWY',
      ranges: [{ low: 3000, high: 3098, shape: [at(-105.25, 40.0215), at(-105.24, 40.03)] }],
    },
    {
      postalCode: '80301',
      name: '30TH',
      suffix: 'ST',
      ranges: [
        { low: 2, high: 98, shape: [at(-105.25, 40.0215), at(-105.249, 40.026)] },
        { low: 100, high: 198, shape: [at(-105.249, 40.026), at(-105.24, 40.03)] },
      ],
    },
    {
      postalCode: '80301',
      name: 'LONELY',
      suffix: 'LN',
      ranges: [{ low: 2, high: 98, shape: [at(-105.1, 40.1), at(-105.11, 40.1)] }],
    },
    {
      postalCode: '80301',
      name: 'LORD AND TAYLOR',
      suffix: 'DR',
      points: [{ houseNumber: '10', coordinates: corner }],
    },
  ],
});
const boulder = { City: 'Boulder', StateProvince: 'CO' };
const call = (row: Record<string, string>, options: Record<string, string> = {}) =>
  runService(geocodeUSAddress, database, { ...boulder, ...row }, { OutputRecordType: 'Qualifiers', ...options });

test.each(['PEARL & 28th', 'Pearl St and 28th St', 'Pearl at 28th', 'pearl @ 28th st', 'Pearl&28th'])(
  '%p',
  async (line) => {
    expect(await call({ AddressLine1: line })).toMatchObject([
      {
        AddressLine1: 'Pearl St & 28th St',
        StreetName: 'Pearl',
        CrossStreetName: '28th',
        CrossStreetSuffix: 'St',
        HouseNumber: '',
        LastLine: 'Boulder, CO  80301',
        Longitude: '-105.253700',
        Latitude: '40.020900',
        LocationCode: 'AX3',
        Intersection: 'T',
        Status: '',
      },
    ]);
  },
);

test.each([
  ['Pearl St & 28th St', 'X100'],
  ['Pearl & 28th St', 'X110'],
  ['Pearl & 28th', 'X111'],
])('what was filled in is in the match code: %p', async (line, code) => {
  expect((await call({ AddressLine1: line }))[0]?.MatchCode).toBe(code);
});

test('the ZIP Code counts', async () => {
  const [row] = await call({ AddressLine1: 'Pearl St & 28th St', PostalCode: '80301' });
  expect([row?.MatchCode, row?.Confidence]).toEqual(['X000', '85']);
});

test('streets that meet twice are ambiguous', async () => {
  const row = { AddressLine1: 'Pearl Pkwy & 30th St' };
  expect(await call(row)).toMatchObject([{ Status: 'F', MatchCode: 'E023' }]);
  expect(await call(row, { KeepMultimatch: 'Y' })).toHaveLength(2);
});

test.each([
  ['Pearl St & Nowhere Ave', 'E021'],
  ['Nowhere Ave & Pearl St', 'E020'],
  ['Pearl St & Lonely Ln', 'E022'],
])('%p is none', async (line, code) => {
  expect(await call({ AddressLine1: line }, { CentroidPreference: 'NoCentroids' })).toMatchObject([
    { Status: 'F', MatchCode: code },
  ]);
});

test('a street with AND in its name is none', async () => {
  expect(await call({ AddressLine1: '10 Lord and Taylor Dr' })).toMatchObject([
    { HouseNumber: '10', Intersection: 'F' },
  ]);
});
