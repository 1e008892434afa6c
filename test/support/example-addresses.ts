import { createInMemoryAddressDatabase, type StreetFixture } from './in-memory-address-database.ts';

const postalCodes = [
  { code: '78758', stateProvince: 'TX', cities: ['AUSTIN'], countyName: 'TRAVIS', countyFips: '48453' },
  { code: '78701', stateProvince: 'TX', cities: ['AUSTIN'], countyName: 'TRAVIS', countyFips: '48453' },
  { code: '75143', stateProvince: 'TX', cities: ['KEMP'] },
  { code: '10001', stateProvince: 'NY', cities: ['NEW YORK'] },
  { code: '10002', stateProvince: 'NY', cities: ['NEW YORK'] },
  {
    code: '20706',
    stateProvince: 'MD',
    cities: ['LANHAM', 'SEABROOK', { name: 'GLENN DALE HILLS', type: 'V' as const }],
  },
  { code: '05674', stateProvince: 'VT', cities: ['WARREN'] },
  { code: '49423', stateProvince: 'MI', cities: ['HOLLAND', 'SPRINGFIELD'] },
  { code: '06902', stateProvince: 'CT', cities: ['STAMFORD'] },
  { code: '55105', stateProvince: 'MN', cities: ['SAINT PAUL'] },
  { code: '68001', stateProvince: 'NE', cities: ['ABIE'] },
  { code: '20703', stateProvince: 'MD', cities: ['LANHAM'], kind: 'poBox' as const },
  {
    code: '20784',
    stateProvince: 'MD',
    cities: ['HYATTSVILLE', { name: 'LANHAM', type: 'V' as const }],
  },
  { code: '12180', stateProvince: 'NY', cities: ['TROY'], countyName: 'RENSSELAER', countyFips: '36083' },
  { code: '01238', stateProvince: 'MA', cities: ['LEE'] },
  { code: '00926', stateProvince: 'PR', cities: ['SAN JUAN'] },
  { code: '09012', stateProvince: 'AE', cities: ['APO'], kind: 'military' as const },
];

const streets: readonly StreetFixture[] = [
  { postalCode: '78758', name: 'KRAMER', suffix: 'LN', points: [{ houseNumber: '1825', addOn: '4260' }, '1827'] },
  { postalCode: '78758', predirectional: 'N', name: 'LAMAR', suffix: 'BLVD', points: ['9001', '9003'] },
  { postalCode: '78758', predirectional: 'S', name: 'LAMAR', suffix: 'BLVD', points: ['9001', '9005'] },
  { postalCode: '78758', name: 'OAK', suffix: 'ST', points: ['100', '200'] },
  { postalCode: '78758', name: 'OAK', suffix: 'AVE', points: ['100', '300'] },
  { postalCode: '78758', name: 'MAPLEWOOD', suffix: 'DR', points: ['12'] },
  { postalCode: '78758', name: 'MAPLEWODD', suffix: 'CT', points: ['14'] },
  { postalCode: '78701', name: 'CONGRESS', suffix: 'AVE', ranges: [{ low: 100, high: 198 }] },
  { postalCode: '78701', name: 'BRAZOS', suffix: 'ST', points: ['500'] },
  {
    postalCode: '75143',
    predirectional: 'N',
    name: 'MAIN',
    suffix: 'ST',
    ranges: [{ low: 401, high: 499, addOn: '4806' }],
  },
  { postalCode: '75143', name: 'PO BOX', points: [{ houseNumber: '1', addOn: '0001' }] },
  { postalCode: '75143', name: 'RR 2', points: ['348'] },
  { postalCode: '75143', name: 'HC 72', points: ['34'] },
  { postalCode: '75143', name: 'GENERAL DELIVERY', points: [{ houseNumber: '', addOn: '9999' }] },
  { postalCode: '10001', name: 'PO BOX', ranges: [{ low: 1, high: 60, parity: 'B' }] },
  { postalCode: '10002', name: 'PO BOX', ranges: [{ low: 1, high: 60, parity: 'B' }] },
  {
    postalCode: '20706',
    name: 'PARLIAMENT',
    suffix: 'PL',
    points: [
      { houseNumber: '4200' },
      { houseNumber: '4200', unitDesignator: 'STE', unitNumber: '600', addOn: '1882' },
      { houseNumber: '4200', unitDesignator: 'STE', unitNumber: '610', addOn: '1883' },
    ],
  },
  { postalCode: '05674', name: 'MAIN', suffix: 'ST', points: ['123'] },
  { postalCode: '49423', name: 'WASHINGTON', suffix: 'BLVD', points: [{ houseNumber: '424', addOn: '4406' }] },
  { postalCode: '06902', name: 'SUMMER', suffix: 'ST', points: ['3001'] },
  { postalCode: '55105', name: 'SAINT CLAIR', suffix: 'AVE', ranges: [{ low: 101, high: 199 }] },
  { postalCode: '01238', name: 'WATER', suffix: 'ST', points: ['50'] },
  { postalCode: '00926', name: 'CALLE A', points: ['A1'] },
  { postalCode: '09012', name: 'PSC 802', points: ['74'] },
  {
    postalCode: '20706',
    name: 'KNOLLBROOK',
    suffix: 'DR',
    points: [
      { houseNumber: '4300', addOn: '1800' },
      { houseNumber: '4300', unitDesignator: 'STE', unitNumber: '200', addOn: '1844', firmName: 'PITNEY BOWES INC' },
      { houseNumber: '4300', unitDesignator: 'STE', unitNumber: '300', addOn: '1845' },
    ],
  },
  { postalCode: '00926', name: 'CALLE B', urbanization: 'URB ALAMAR', points: ['5', '7'] },
  { postalCode: '00926', name: 'CALLE B', urbanization: 'URB BAIROA', points: ['5'] },
  { postalCode: '12180', name: 'SHINGLE BROOK', suffix: 'RD', points: [{ houseNumber: '10', addOn: '4321' }] },
  {
    postalCode: '12180',
    name: 'CANNING',
    suffix: 'DR',
    points: [{ houseNumber: '10', addOn: '4321' }],
    alias: { type: 'C', base: { predirectional: '', name: 'SHINGLE BROOK', suffix: 'RD', postdirectional: '' } },
  },
];

function foreign(country: string, code: string, city: string, region = '', regionCode = '', otherNames: string[] = []) {
  return { country, code, city, region, regionCode, otherNames, centroid: undefined };
}

const foreignPlaces = [
  foreign('CA', 'B2G', 'Antigonish', 'Nova Scotia', 'NS'),
  foreign('CA', 'M9W', 'Etobicoke (Rexdale)', 'Ontario', 'ON', ['Toronto']),
  foreign('CA', 'H2Y1C6', 'Montréal', 'Quebec', 'QC'),
  foreign('DE', '53111', 'Bonn', 'Nordrhein-Westfalen', '07', ['Regierungsbezirk Köln']),
  foreign('DE', '53113', 'Bonn', 'Nordrhein-Westfalen', '07'),
  foreign('DE', '50667', 'Köln', 'Nordrhein-Westfalen', '07'),
  foreign('GB', 'SW1A', 'London', 'England', 'ENG', ['Greater London']),
];

/** Small database with what the documented examples and the failure families need; 68001 has no streets. */
export function createExampleDatabase() {
  return createInMemoryAddressDatabase({ postalCodes, streets, foreignPlaces });
}
