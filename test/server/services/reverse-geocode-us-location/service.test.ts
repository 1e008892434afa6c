import { reverseGeocodeUSLocation } from '../../../../server/services/reverse-geocode-us-location/service.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runService } from '../../../support/run-service.ts';

const walnut = [
  { longitude: -105.241, latitude: 40.018912 },
  { longitude: -105.239, latitude: 40.018912 },
];
const database = createInMemoryAddressDatabase({
  postalCodes: [{ code: '80301', stateProvince: 'CO', cities: ['BOULDER'] }],
  streets: [
    {
      postalCode: '80301',
      name: 'WALNUT',
      suffix: 'ST',
      ranges: [
        { low: 4700, high: 4798, parity: 'E', side: 'R', addOn: '2538', shape: walnut },
        { low: 4701, high: 4799, parity: 'O', side: 'L', shape: walnut },
      ],
    },
    {
      postalCode: '80301',
      name: 'PEARL',
      suffix: 'ST',
      points: ['1', '2'].map((unitNumber) => ({
        houseNumber: '500',
        unitDesignator: 'APT',
        unitNumber,
        coordinates: { longitude: -105.3, latitude: 40.1 },
      })),
    },
    {
      postalCode: '80301',
      name: 'SPRUCE',
      suffix: 'ST',
      points: ['10', '12'].map((houseNumber) => ({ houseNumber, coordinates: { longitude: -105.4, latitude: 40.1 } })),
    },
  ],
});
const ask = (Longitude: string, Latitude: string, options = {}) =>
  runService(reverseGeocodeUSLocation, database, { Longitude, Latitude }, options);

test('finds the number and the side of the nearest segment', async () => {
  const [south] = await ask('-105.239771', '40.018812', { Squeeze: '0' });
  expect(south).toMatchObject({
    AddressLine1: '4760 Walnut St',
    LastLine: 'Boulder, CO  80301-2538',
    City: 'Boulder',
    StateProvince: 'CO',
    StreetSide: 'R',
    MatchCode: 'NS0',
    LocationCode: 'AS0',
    Distance: '36.5',
    PercentGeocode: '61.4',
    Confidence: '100',
    ProcessedBy: 'KGR',
    Status: '',
  });
  const [north] = await ask('-105.239771', '40.019012', { Squeeze: '0' });
  expect(north).toMatchObject({ AddressLine1: '4761 Walnut St', StreetSide: 'L', 'PostalCode.AddOn': '' });
});

test('reads assumed decimals and answers in them', async () => {
  const [answer] = await ask('-105239771', '40018812', { LatLonFormat: 'DecimalAssumed', Offset: '0' });
  expect(answer).toMatchObject({ Status: '', Latitude: '40018912' });
});

test('several units at one place are one building', async () => {
  const rows = await ask('-105.3', '40.1');
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    AddressLine1: '500 Pearl St',
    LocationCode: 'AP02',
    Distance: '0.0',
    PercentGeocode: '0.0',
    Longitude: '-105.300000',
  });
});

test('equally near addresses are several rows', async () => {
  const rows = await ask('-105.4', '40.1');
  expect(rows.map((row) => [row.AddressLine1, row.Confidence])).toEqual([
    ['10 Spruce St', '50'],
    ['12 Spruce St', '50'],
  ]);
});

test.each([
  ['far from everything', '-100', '40', {}, 'Nothing was found within 150 feet'],
  ['beyond the search distance', '-105.2995', '40.1', { SearchDistance: '100' }, 'Nothing was found within 100 feet'],
  ['no longitude', '', '40', {}, 'Longitude: "" is not allowed; use degrees from -180 to 180 in the format Decimal'],
  [
    'a latitude off the globe',
    '-105',
    '95',
    {},
    'Latitude: "95" is not allowed; use degrees from -90 to 90 in the format Decimal',
  ],
])('fails when %s', async (_what, longitude, latitude, options, description) => {
  expect(await ask(longitude, latitude, options)).toMatchObject([
    { Status: 'F', 'Status.Code': 'Failure', 'Status.Description': description, Longitude: longitude },
  ]);
});

test('searches no farther than a mile', async () => {
  await expect(ask('-105', '40', { SearchDistance: '5281' })).rejects.toThrow(/SearchDistance: "5281" is not allowed/);
});

test.each([
  ['Feet', 36.5],
  ['Yards', 12.2],
  ['Meters', 11.1],
])('tells the distance in %s', async (DistanceUnits, expected) => {
  const [row] = await ask('-105.239771', '40.018812', { DistanceUnits });
  expect(Number(row?.Distance)).toBeCloseTo(expected, 1);
});

test('searches points or segments alone', async () => {
  const street = ['-105.239771', '40.018812'] as const;
  expect(await ask(...street, { SearchStreetSegments: 'N' })).toMatchObject([{ Status: 'F' }]);
  expect(await ask('-105.3', '40.1', { SearchAddressPoints: 'N' })).toMatchObject([{ Status: 'F' }]);
  expect(await ask('-105.3', '40.1', { SearchStreetSegments: 'N' })).toMatchObject([{ AddressLine1: '500 Pearl St' }]);
});

test('returns the first of several when they are not to be kept', async () => {
  expect(await ask('-105.4', '40.1')).toHaveLength(2);
  expect(await ask('-105.4', '40.1', { KeepMultimatch: 'N' })).toHaveLength(1);
});

test('adds the groups asked for', async () => {
  const [row] = await ask('-105.239771', '40.018812', { OutputRecordType: 'Segment,Range' });
  expect(row).toMatchObject({ SegmentHouseNumberLow: '4700', HouseNumberHigh: '4798', SegmentParity: 'E' });
  expect(row).not.toHaveProperty('USFIPSStateCode');
});
