import { globalGeocode } from '../../../../server/services/global-geocode/service.ts';
import { globalReverseGeocode } from '../../../../server/services/global-reverse-geocode/service.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runService } from '../../../support/run-service.ts';

const centroid = { longitude: -73.62, latitude: 42.73 };
const foreign = {
  region: 'Ontario',
  regionCode: 'ON',
  otherNames: [],
  centroid: { longitude: -79.58, latitude: 43.71 },
};
const database = createInMemoryAddressDatabase({
  postalCodes: [
    { code: '12180', stateProvince: 'NY', countyName: 'RENSSELAER', countyFips: '36083', cities: ['TROY'], centroid },
  ],
  streets: [
    {
      postalCode: '12180',
      name: 'GLOBAL',
      suffix: 'VW',
      points: [
        { houseNumber: '1', addOn: '8371', coordinates: { longitude: -73.703051, latitude: 42.682859 } },
        {
          houseNumber: '3',
          unitDesignator: 'STE',
          unitNumber: '5',
          coordinates: { longitude: -73.7031, latitude: 42.6829 },
        },
      ],
    },
    { postalCode: '12180', name: 'OAK', suffix: 'ST', points: ['100'] },
    { postalCode: '12180', name: 'OAK', suffix: 'AVE', points: [{ houseNumber: '100', coordinates: centroid }] },
  ],
  foreignPlaces: [{ country: 'CA', code: 'M9W', city: 'Etobicoke', ...foreign }],
});
const call = (row: Record<string, string>, options: Record<string, string> = {}) =>
  runService(globalGeocode, database, row, options);

test('one line is enough', async () => {
  const [row] = await call({ MainAddressLine: '1 global view, troy, ny 12180' });
  expect(row).toMatchObject({
    X: '-73.703051',
    Y: '42.682859',
    FormattedStreetAddress: '1 Global Vw',
    FormattedLocationAddress: 'Troy, NY  12180-8371',
    AreaName1: 'NY',
    AreaName2: 'Rensselaer',
    AreaName3: 'Troy',
    PostCode1: '12180',
    PostCode2: '8371',
    Country: 'USA',
    AddressNumber: '1',
    StreetName: 'Global',
    PrecisionLevel: '16',
    PrecisionCode: 'S8HPNTSCZA',
    LocationCode: 'AP02',
    MatchOnAllStreetFields: 'true',
    TotalPossibleCandidates: '1',
  });
});

test('the parts are as good as a line', async () => {
  const parts = {
    AddressNumber: '3',
    StreetName: 'Global View',
    UnitType: 'Suite',
    UnitValue: '5',
    PostCode1: '12180',
  };
  expect((await call(parts))[0]).toMatchObject({
    MainAddressLine: '3 Global Vw Ste 5',
    UnitType: 'Ste',
    UnitValue: '5',
  });
});

test('changed elements are told', async () => {
  const [row] = await call({ MainAddressLine: '1 global st', AreaName3: 'Troy', AreaName1: 'NY' });
  expect(row).toMatchObject({ PrecisionCode: 'S8HPN-SC-A', MatchOnStreetType: 'false', MatchOnPostCode1: 'false' });
});

test('custom matching refuses what must be as given', async () => {
  const row = { MainAddressLine: '1 global st', AreaName3: 'Troy', AreaName1: 'NY' };
  expect(await call(row, { MatchMode: 'CUSTOM' })).toMatchObject([{ AddressNumber: '1' }]);
  const strict = { MatchMode: 'CUSTOM', MatchOnAllStreetFields: 'Y' };
  expect(await call(row, strict)).toMatchObject([{ Status: 'F', TotalPossibleCandidates: '0' }]);
});

test('as many candidates come as asked for', async () => {
  const row = { MainAddressLine: '100 oak', PostCode1: '12180' };
  expect(await call(row)).toMatchObject([{ TotalPossibleCandidates: '2' }]);
  expect(await call(row, { MaxReturnedCandidates: '5' })).toHaveLength(2);
});

test.each([
  [{ MainAddressLine: '9 nowhere st', PostCode1: '12180' }, {}, { PrecisionCode: 'Z1', PrecisionLevel: '3' }],
  [{ MainAddressLine: '1 global vw', PostCode1: '12180' }, { Type: 'POSTAL' }, { PrecisionCode: 'Z1' }],
  [{ AreaName3: 'Troy', AreaName1: 'NY' }, { Type: 'GEOGRAPHIC' }, { PrecisionCode: 'G3', PrecisionLevel: '10' }],
  [
    { MainAddressLine: '9 nowhere st', PostCode1: '12180' },
    { FallbackToPostal: 'N', FallbackToGeographic: 'N' },
    { Status: 'F' },
  ],
  [
    { Country: 'CAN', PostCode1: 'M9W', AreaName3: '' },
    {},
    { PrecisionCode: 'Z1', Country: 'CAN', AreaName3: 'Etobicoke' },
  ],
  [{ Country: 'Kanada', AreaName3: 'etobicoke' }, {}, { PrecisionCode: 'G3', X: '-79.580000' }],
  [{ Country: 'DE', AreaName3: 'Bonn' }, {}, { Status: 'F' }],
  // A whole code, of which the data has the delivery area; on one line, as the published request has it.
  [{ Country: 'CAN', PostCode1: 'M9W 2M5' }, {}, { PrecisionCode: 'Z1', PostCode1: 'M9W' }],
  [
    { Country: 'CAN', MainAddressLine: '21 Byng Ave, toronto ON M9W 2M5' },
    {},
    { PrecisionCode: 'Z1', PostCode1: 'M9W' },
  ],
  [{ Country: 'CAN', MainAddressLine: '21 Byng Ave', AddressLastLine: 'Toronto ON M9W 2M5' }, {}, { PostCode1: 'M9W' }],
  [{ Country: 'CAN', MainAddressLine: 'etobicoke' }, {}, { PrecisionCode: 'G3' }],
  [
    { Country: 'CAN', AreaName3: 'Etobicoke', AreaName1: 'ON', PostCode1: 'M9W' },
    { Type: 'GEOGRAPHIC' },
    { PrecisionCode: 'G3' },
  ],
  [{ Country: 'CAN', AreaName3: 'Etobicoke', PostCode1: 'M9W' }, { FallbackToPostal: 'N' }, { PrecisionCode: 'G3' }],
  [
    { Country: 'CAN', AreaName3: 'Etobicoke', PostCode1: 'M9W' },
    { FallbackToPostal: 'N', FallbackToGeographic: 'N' },
    { Status: 'F' },
  ],
])('%j with %j answers %j', async (row, options, expected) => {
  expect((await call(row as Record<string, string>, options as Record<string, string>))[0]).toMatchObject(expected);
});

test('a position has its address, and nothing farther than asked', async () => {
  const row = { X: '-73.7030', Y: '42.6828' };
  const [found] = await runService(globalReverseGeocode, database, row);
  expect(found).toMatchObject({ MainAddressLine: '1 Global Vw', AreaName3: 'Troy', PrecisionLevel: '16' });
  expect(Number(found?.Distance)).toBeGreaterThan(5);
  const feet = await runService(globalReverseGeocode, database, row, { DistanceUnits: 'Feet', Distance: '500' });
  expect(Number(feet[0]?.Distance) / Number(found?.Distance)).toBeCloseTo(3.28, 1);
  expect(await runService(globalReverseGeocode, database, row, { Distance: '1' })).toMatchObject([{ Status: 'F' }]);
  expect(await runService(globalReverseGeocode, database, { X: 'x' })).toMatchObject([{ Status: 'F' }]);
});

test('every field of an answer is declared', async () => {
  const declared = new Set(globalGeocode.output.fields.map(({ name }) => name));
  const rows: Record<string, string>[] = [
    { MainAddressLine: '3 global view ste 5', PostCode1: '12180' },
    { PostCode1: '12180' },
    {},
  ];
  for (const row of rows) {
    for (const answer of await call(row)) {
      expect(Object.keys(answer).filter((name) => !declared.has(name))).toEqual([]);
    }
  }
});
