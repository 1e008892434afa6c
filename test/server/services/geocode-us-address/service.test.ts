import { outputFields } from '../../../../server/services/geocode-us-address/fields.ts';
import { geocodeUSAddress } from '../../../../server/services/geocode-us-address/service.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runService } from '../../../support/run-service.ts';

const database = createInMemoryAddressDatabase({
  postalCodes: [
    {
      code: '12180',
      stateProvince: 'NY',
      countyFips: '36083',
      cities: ['TROY'],
      centroid: { longitude: -73.62, latitude: 42.73 },
    },
    {
      code: '12182',
      stateProvince: 'NY',
      countyFips: '36083',
      cities: ['TROY'],
      centroid: { longitude: -73.64, latitude: 42.75 },
    },
    { code: '12183', stateProvince: 'NY', countyFips: '36083', cities: ['GREEN ISLAND'] },
  ],
  streets: [
    {
      postalCode: '12182',
      name: 'OLD GLOBAL',
      suffix: 'RD',
      points: ['5'],
      alias: { type: 'O', base: { predirectional: '', name: 'NEW', suffix: 'RD', postdirectional: '' } },
    },
    { postalCode: '12182', name: 'CALLE A', urbanization: 'URB ALAMAR', points: ['6'] },
    {
      postalCode: '12180',
      name: 'GLOBAL',
      suffix: 'VW',
      points: [
        { houseNumber: '1', addOn: '8371', coordinates: { longitude: -73.703051, latitude: 42.682859 } },
        { houseNumber: '11', coordinates: { longitude: -73.704051, latitude: 42.683859 } },
      ],
    },
    {
      postalCode: '12180',
      predirectional: 'N',
      name: 'PEARL',
      suffix: 'ST',
      ranges: [
        {
          low: 100,
          high: 198,
          shape: [
            { longitude: -73.7, latitude: 42.7 },
            { longitude: -73.69, latitude: 42.7 },
          ],
        },
      ],
    },
  ],
});
const ask = async (row: Record<string, string>, options = {}) => {
  const [answer = {}] = await runService(geocodeUSAddress, database, row, options);
  return answer;
};
const troy = { City: 'Troy', StateProvince: 'NY', PostalCode: '12180' };

test('documented sample: one line with a written-out number', async () => {
  expect(await ask({ AddressLine1: 'one global view, troy, ny 12180' })).toMatchObject({
    AddressLine1: '1 Global Vw',
    LastLine: 'Troy, NY  12180-8371',
    Latitude: '42.682859',
    Longitude: '-73.703051',
    MatchCode: 'S80',
    LocationCode: 'AP02',
    Country: 'United States of America',
    Confidence: '100',
    ProcessedBy: 'KGL',
    Status: '',
    'Status.Code': '',
  });
});

test('answers with every field of the groups asked for, unknown ones empty', async () => {
  const all = 'Latitude/Longitude, Census, Postal Data, Qualifiers, Range, Segment, Auxiliary, Geo Confidence, Parcel';
  const answer = await ask({ AddressLine1: '1 Global View', ...troy }, { OutputRecordType: all });
  expect(Object.keys(answer).sort()).toEqual(outputFields.map(({ name }) => name).sort());
  expect(outputFields.slice(10, 14).map(({ name }) => name)).toEqual([
    'Latitude',
    'Longitude',
    'StreetSide',
    'FirmName',
  ]);
  expect(answer).toMatchObject({ CensusTract: '', APN: '', USFIPSStateCountyCode: '36083', HouseNumberLow: '1' });
  const some = await ask({ AddressLine1: '1 Global View', ...troy });
  expect(some).not.toHaveProperty('CensusTract');
});

test.each([
  [{ AddressLine1: '1 Global View', ...troy }, 'S80'],
  [{ AddressLine1: '1 Global View', ...troy, PostalCode: '12180-8371' }, 'S00'],
  [{ AddressLine1: '1 Global', ...troy }, 'S81'],
  [{ AddressLine1: '1 Global View', City: 'Troy', StateProvince: 'NY' }, 'S90'],
  [{ AddressLine1: '1 Global View', PostalCode: '12180' }, 'SE0'],
  [{ AddressLine1: '1 Global View', LastLine: 'Troy NY 12180' }, 'S80'],
  [{ AddressLine1: '150 Pearl St', ...troy }, 'S02'],
])('%j matches as %s', async (row, code) => {
  expect((await ask(row)).MatchCode).toBe(code);
});

test('interpolates within a range, squeezed and moved to the side', async () => {
  const odd = await ask({ AddressLine1: '149 N Pearl St', ...troy }, { Squeeze: '0', Offset: '0' });
  expect(odd).toMatchObject({ LocationCode: 'ZC5X', MatchCode: 'E022' });
  const on = await ask({ AddressLine1: '100 N Pearl St', ...troy }, { Squeeze: '0', Offset: '0' });
  expect(on).toMatchObject({ Longitude: '-73.700000', Latitude: '42.700000', LocationCode: 'AS0', StreetSide: 'L' });
  const moved = await ask({ AddressLine1: '100 N Pearl St', ...troy });
  // 50 ft east of the end and 50 ft north of the line: 0.000137 degrees of latitude.
  expect(Number(moved.Latitude)).toBeCloseTo(42.700137, 6);
  expect(Number(moved.Longitude)).toBeCloseTo(-73.7 + 0.000137 / Math.cos((42.7 * Math.PI) / 180), 5);
});

test.each([
  [
    'the ZIP Code centroid, the reason in the code',
    { AddressLine1: '7 Global View', ...troy },
    {},
    'ZC5X',
    'E022',
    '42.730000',
  ],
  ['the ZIP Code centroid alone', { PostalCode: '12180' }, {}, 'ZC5X', 'Z', '42.730000'],
  [
    'between its neighbours',
    { AddressLine1: '5 Global View', ...troy },
    { AddressPointInterpolation: 'Y' },
    'AP24',
    'E022',
    '42.683259',
  ],
  ['the street', { AddressLine1: '500 N Pearl St', ...troy }, { FallbackToStreet: 'Y' }, 'CZ', 'E022', '42.700000'],
  [
    'the city',
    { AddressLine1: '5 Nowhere', City: 'Troy', StateProvince: 'NY' },
    { FallbackToGeographic: 'Y' },
    'GM',
    'E020',
    '42.740000',
  ],
  ['the county', { PostalCode: '12183' }, { FallbackToGeographic: 'Y' }, 'GC', 'Z', '42.740000'],
  [
    'the state',
    { AddressLine1: '5 Nowhere', City: 'Gotham', StateProvince: 'NY' },
    { FallbackToGeographic: 'Y' },
    'GS',
    expect.stringMatching(/^E0/),
    '42.740000',
  ],
])('falls back to %s', async (_what, row, options, locationCode, matchCode, latitude) => {
  const answer = await ask(row, options);
  expect(answer.Confidence).not.toBe('0');
  expect(answer).toMatchObject({ Status: '', LocationCode: locationCode, MatchCode: matchCode, Latitude: latitude });
});

test.each([
  ['nothing to look for', {}, {}, 'E010'],
  ['an unknown ZIP Code', { PostalCode: '99999' }, {}, 'E011'],
  [
    'a house number that is not there',
    { AddressLine1: '7 Global View', ...troy },
    { CentroidPreference: 'NoCentroids' },
    'E022',
  ],
  [
    'a ZIP Code of another state',
    { AddressLine1: '7 Global View', City: 'Boston', StateProvince: 'MA', PostalCode: '12180' },
    {},
    expect.stringMatching(/^E0/),
  ],
])('fails on %s', async (_what, row, options, code) => {
  expect(await ask(row, options)).toMatchObject({
    Status: 'F',
    'Status.Code': 'Failure',
    MatchCode: code,
    LocationCode: 'E',
    Latitude: '',
  });
});

test('writes coordinates, casing and separator as asked', async () => {
  const options = { LatLonFormat: 'DecimalAssumed', OutputCasing: 'U', OutputPostalCodeSeparator: 'N' };
  expect(await ask({ AddressLine1: '1 Global View', ...troy }, options)).toMatchObject({
    Latitude: '42682859',
    Longitude: '-73703051',
    AddressLine1: '1 GLOBAL VW',
    LastLine: 'TROY, NY  121808371',
  });
});

test('refuses a group that does not exist', async () => {
  await expect(ask({ PostalCode: '12180' }, { OutputRecordType: 'Latitude/Longitude,Weather' })).rejects.toThrow(
    /OutputRecordType: "WEATHER" is no group; use Latitude\/Longitude/,
  );
});

const position = { Longitude: '-73.7030', Latitude: '42.6828' };

test.each([
  [
    'a position stands for the last line',
    { AddressLine1: '1 Global View', ...position },
    { PredictiveLastLine: 'Y' },
    'AP02',
  ],
  ['only when asked', { AddressLine1: '1 Global View', ...position }, {}, 'E'],
  ['a ZIP+4 alone is enough', { PostalCode: '12180-8371' }, {}, 'ZC9X'],
  ['an unknown ZIP+4 is its ZIP Code', { PostalCode: '12180-9999' }, {}, 'ZC5X'],
  ['Custom without conditions', { AddressLine1: '1 Global', ...troy }, { MatchMode: 'Custom' }, 'AP02'],
  [
    'a street that must match',
    { AddressLine1: '1 Global', ...troy },
    { MatchMode: 'Custom', MustMatchStreet: 'Y' },
    'E',
  ],
  [
    'a ZIP Code that must match',
    { AddressLine1: '1 Global View', City: 'Troy', StateProvince: 'NY' },
    { MatchMode: 'Custom', MustMatchPostalCode: 'Y' },
    'E',
  ],
])('%s', async (_what, row, options, code) => {
  expect((await ask(row as Record<string, string>, options)).LocationCode).toBe(code);
});

test.each([
  ['PreferBottom', '11 Global Vw'],
  ['PreferStreetAddress', '1 Global Vw'],
])('of two addresses, %s takes %s', async (AddressPreference, line) => {
  const row = { AddressLine1: '1 Global View', AddressLine2: '11 Global View', ...troy };
  expect((await ask(row, { AddressPreference })).AddressLine1).toBe(line);
});

test('the ZIP Code alone decides when the city is not to count', async () => {
  const row = { AddressLine1: '1 Global View', City: 'Boston', PostalCode: '12180' };
  expect((await ask(row, { PreferZipCodeOverCity: 'Y' })).LocationCode).toBe('AP02');
});

test('single fields come without the rest of their group', async () => {
  const row = { AddressLine1: '150 N Pearl St', ...troy };
  const answer = await ask(row, { OutputFields: 'SegmentLength, USFIPSStateCode', OutputRecordType: 'Range' });
  expect(answer).toMatchObject({ SegmentLength: '2681', USFIPSStateCode: '36', HouseNumberLow: '100' });
  expect(answer).not.toHaveProperty('SegmentParity');
  expect(answer).not.toHaveProperty('CensusTract');
});

test('groups hold what the data knows', async () => {
  const groups = { OutputRecordType: 'Segment,Postal Data,Range,Qualifiers' };
  expect(await ask({ AddressLine1: '1 Global View', ...troy }, groups)).toMatchObject({
    PostalBarCode: '01',
    PostalCodeUnique: 'N',
    CityPreferredName: 'TROY',
    PostalCodeExtensionLow: '8371',
    'Geocoder.MatchCode': 'S8HPNTSCZA',
  });
  expect(await ask({ AddressLine1: '150 N Pearl St', ...troy }, groups)).toMatchObject({
    SegmentHouseNumberLow: '100',
    SegmentHouseNumberHigh: '198',
    SegmentParity: 'E',
    'Geocoder.MatchCode': 'S5HPNTSCZA',
  });
});

test('a street alias is told by match code and qualifier, an urbanization is returned', async () => {
  const row = { ...troy, AddressLine1: '5 Old Global Rd', PostalCode: '12182' };
  expect(await ask(row, { OutputRecordType: 'Qualifiers' })).toMatchObject({ MatchCode: 'A00', IsAlias: 'Y' });
  const calle = { ...troy, AddressLine1: '6 Calle A', PostalCode: '12182' };
  const answer = await ask(calle, { OutputRecordType: 'Qualifiers' });
  expect(answer).toMatchObject({ MatchCode: 'S00', IsAlias: '', USUrbanName: 'Urb Alamar' });
});
