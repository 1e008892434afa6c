import { validateAddressService } from '../../../../server/services/validate-address/service.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runServiceOnRows } from '../../../support/run-service.ts';

const base = (name: string, suffix: string) => ({ predirectional: '', name, suffix, postdirectional: '' });
const valley = { postalCode: '07850', name: 'BERKSHIRE MOUNTAIN VALLEY', suffix: 'RD', points: ['1234', '1235'] };
const database = createInMemoryAddressDatabase({
  postalCodes: [
    { code: '20852', stateProvince: 'MD', cities: ['ROCKVILLE'] },
    { code: '07850', stateProvince: 'NJ', cities: ['LANDING'] },
    { code: '00926', stateProvince: 'PR', cities: ['SAN JUAN'] },
    { code: '20706', stateProvince: 'MD', cities: ['LANHAM'] },
  ],
  streets: [
    { postalCode: '20852', name: 'ROCKVILLE', suffix: 'PIKE', points: [{ houseNumber: '9650', addOn: '1234' }] },
    {
      postalCode: '20852',
      name: 'WISCONSIN',
      suffix: 'AVE',
      points: [{ houseNumber: '9650', addOn: '1234' }],
      alias: { type: 'O', base: base('ROCKVILLE', 'PIKE') },
    },
    valley,
    {
      ...valley,
      name: 'BERKSHIRE MTN VLLY',
      alias: { type: 'A', base: base('BERKSHIRE MOUNTAIN VALLEY', 'RD') },
    },
    { ...valley, name: 'VALLEY VIEW', alias: { type: 'P', base: base('BERKSHIRE MOUNTAIN VALLEY', 'RD') } },
    { postalCode: '00926', name: 'CALLE A', urbanization: 'URB ALAMAR', points: ['A1', 'A2'] },
    { postalCode: '00926', name: 'CALLE A', urbanization: 'URB BAIROA', points: ['A1'] },
    { postalCode: '00926', name: 'CALLE B', points: ['1'] },
    {
      postalCode: '20706',
      name: 'PARLIAMENT',
      suffix: 'PL',
      points: [
        { houseNumber: '4200', addOn: '1882' },
        { houseNumber: '4200', unitDesignator: 'STE', unitNumber: '600', addOn: '1844', firmName: 'PITNEY BOWES INC' },
        { houseNumber: '4200', unitDesignator: 'STE', unitNumber: '200', addOn: '1845', firmName: 'ACME TOOLS' },
        { houseNumber: '4200', unitDesignator: 'STE', unitNumber: '300', addOn: '1846', firmName: 'ACME TOOLS' },
        { houseNumber: '4202', addOn: '1900', firmName: 'GLOBEX' },
      ],
    },
  ],
});

const validate = async (row: Record<string, string>, options: Record<string, string> = {}) => {
  const wanted = { OutputFieldLevelReturnCodes: 'Y', OutputRecordType: 'AE', ...options };
  const [answers = []] = await runServiceOnRows(validateAddressService, database, [row], wanted);
  return answers;
};

const pike = { AddressLine1: '9650 Wisconsin Ave', City: 'Rockville', StateProvince: 'MD', PostalCode: '20852' };

test.each([
  ['Y', '9650 Wisconsin Ave', 'V'],
  ['N', '9650 Rockville Pike', 'S'],
])('an alias with OutputStreetNameAlias %s', async (OutputStreetNameAlias, AddressLine1, result) => {
  expect(await validate(pike, { OutputStreetNameAlias })).toMatchObject([
    {
      AddressLine1,
      PostalCode: '20852-1234',
      Confidence: '100',
      'StreetName.Result': result,
      'StreetName.Alias.Type': 'Other',
    },
  ]);
});

test('a misspelt alias is corrected, and is no other address than its base street', async () => {
  expect(await validate({ ...pike, AddressLine1: '9650 Wisconson Ave' }, { OutputStreetNameAlias: 'N' })).toMatchObject(
    [{ AddressLine1: '9650 Rockville Pike', 'StreetName.Alias.Type': 'Other', 'StreetName.Result': 'C' }],
  );
});

const long = { AddressLine1: '1234 Berkshire Mountain Valley Rd', PostalCode: '07850' };
test.each([
  [long, {}, '1234 Berkshire Mountain Valley Rd', undefined, undefined],
  [long, { OutputPreferredAlias: 'Y' }, '1234 Valley View Rd', 'Y', undefined],
  [long, { OutputAbbreviatedAlias: 'Y' }, '1234 Berkshire Mtn Vlly Rd', undefined, 'Y'],
  [long, { OutputPreferredAlias: 'Y', OutputAbbreviatedAlias: 'Y' }, '1234 Valley View Rd', 'Y', 'L'],
  [pike, { OutputPreferredAlias: 'Y' }, '9650 Wisconsin Ave', 'A', undefined],
  [
    { ...pike, AddressLine1: '9650 Rockville Pike' },
    { OutputPreferredAlias: 'Y' },
    '9650 Rockville Pike',
    'N',
    undefined,
  ],
])('%j with %j is %s', async (row, options, line, preferred, abbreviated) => {
  const [answer] = await validate(row as Record<string, string>, options as Record<string, string>);
  expect([
    answer?.AddressLine1,
    answer?.['StreetName.PreferredAlias.Result'],
    answer?.['StreetName.AbbreviatedAlias.Result'],
  ]).toEqual([line, preferred, abbreviated]);
});

const calle = { AddressLine1: 'A1 Calle A', City: 'San Juan', StateProvince: 'PR', PostalCode: '00926' };
test.each([
  ['urb alamar', 'Urb Alamar', 'V'],
  ['Urbanización Alamar', 'Urb Alamar', 'S'],
  ['Alammar', 'Urb Alamar', 'C'],
  ['Bairoa', 'Urb Bairoa', 'S'],
])('the urbanization %s tells the street', async (USUrbanName, found, result) => {
  expect(await validate({ ...calle, USUrbanName })).toMatchObject([
    { AddressLine1: 'A1 Calle A', USUrbanName: found, 'USUrbanName.Result': result },
  ]);
});

test('an urbanization on a line of its own does as well', async () => {
  const row = { ...calle, AddressLine2: 'URB Bairoa' };
  expect(await validate(row)).toMatchObject([{ USUrbanName: 'Urb Bairoa', 'USUrbanName.Result': 'V' }]);
});

test('without one the address is ambiguous, unless only one has the number', async () => {
  expect(await validate(calle)).toMatchObject([{ Status: 'F', MultipleMatches: 'Urbanization', MultimatchCount: '2' }]);
  const several = await validate(calle, { KeepMultimatch: 'Y', MaximumResults: '10' });
  expect(several.map((answer) => [answer.USUrbanName, answer['USUrbanName.Result']])).toEqual([
    ['Urb Alamar', 'M'],
    ['Urb Bairoa', 'M'],
  ]);
  expect(await validate({ ...calle, AddressLine1: 'A2 Calle A' })).toMatchObject([
    { USUrbanName: 'Urb Alamar', 'USUrbanName.Result': 'A' },
  ]);
});

test('an urbanization that the data cannot confirm passes through', async () => {
  const row = { ...calle, AddressLine1: '1 Calle B', USUrbanName: 'Urb Alamar' };
  expect(await validate(row)).toMatchObject([{ USUrbanName: 'Urb Alamar', 'USUrbanName.Result': 'P' }]);
});

const parliament = { AddressLine1: '4200 Parliament Pl', PostalCode: '20706' };
test('a firm leads to its own record, with the unit that was not sent', async () => {
  expect(await validate({ ...parliament, FirmName: 'Pitney Bowes' })).toMatchObject([
    {
      AddressLine1: '4200 Parliament Pl Ste 600',
      PostalCode: '20706-1844',
      RecordType: 'FirmRecord',
      FirmName: 'Pitney Bowes Inc',
      'FirmName.Result': 'C',
      'ApartmentLabel.Result': 'A',
      'ApartmentNumber.Result': 'A',
      Confidence: '100',
    },
  ]);
});

test('a firm in the right unit is confirmed', async () => {
  const row = { ...parliament, AddressLine1: '4200 Parliament Pl Ste 200', FirmName: 'ACME TOOLS' };
  const [answer] = await validate(row);
  expect(answer).toMatchObject({ RecordType: 'FirmRecord', 'FirmName.Result': 'V', 'ApartmentNumber.Result': 'V' });
  expect(answer).not.toHaveProperty(['RecordType.Default']);
});

test.each([
  ['ACME TOOLS', 'M', 'U', 'HighRise'],
  ['INITECH', 'M', 'U', 'HighRise'],
  ['PITNEY BOWS', 'M', 'C', 'FirmRecord'],
  ['PITNEY BOWS', 'T', 'U', 'HighRise'],
  ['PITNEY BOWES', 'T', 'C', 'FirmRecord'],
  ['PITNEY BOWES', 'E', 'U', 'HighRise'],
  ['PITNEY BOWES INC.', 'E', 'V', 'FirmRecord'],
  ['PITNEY', 'L', 'C', 'FirmRecord'],
  ['PITNEY', 'M', 'U', 'HighRise'],
])('the firm %s with strictness %s', async (FirmName, FirmMatchingStrictness, result, type) => {
  expect(await validate({ ...parliament, FirmName }, { FirmMatchingStrictness })).toMatchObject([
    { 'FirmName.Result': result, RecordType: type },
  ]);
});

test('without a firm the building answers, and no firm is invented', async () => {
  const [building] = await validate(parliament);
  expect(building).toMatchObject({ PostalCode: '20706-1882', 'RecordType.Default': 'Y' });
  const [house] = await validate({ ...parliament, AddressLine1: '4202 Parliament Pl' });
  expect(house).toMatchObject({ PostalCode: '20706-1900', RecordType: 'Normal' });
  expect([building, house].filter((answer) => answer?.FirmName !== undefined)).toEqual([]);
});

test('a unit that contradicts the firm stays as sent', async () => {
  const row = { ...parliament, AddressLine1: '4200 Parliament Pl Ste 999', FirmName: 'Pitney Bowes' };
  expect(await validate(row)).toMatchObject([
    { AddressLine1: '4200 Parliament Pl Ste 999', RecordType: 'FirmRecord', 'ApartmentNumber.Result': 'P' },
  ]);
});
