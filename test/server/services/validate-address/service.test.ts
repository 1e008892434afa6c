import fc from 'fast-check';
import { validateAddressService } from '../../../../server/services/validate-address/service.ts';
import { createExampleDatabase } from '../../../support/example-addresses.ts';
import { runServiceOnRows } from '../../../support/run-service.ts';

const database = createExampleDatabase();
const kramer = { AddressLine1: '1825 Kramer Ln', PostalCode: '78758' };
const first = async (row: Record<string, string>, options: Record<string, string> = {}) =>
  (await runServiceOnRows(validateAddressService, database, [row], options))[0]?.[0] ?? {};

test('answers every row in order', async () => {
  const rows = [kramer, { AddressLine1: '111 St Clair Ave', PostalCode: '55105' }, {}];
  const answers = await runServiceOnRows(validateAddressService, database, rows);
  expect(answers.map(([row]) => row?.City)).toEqual(['Austin', 'Saint Paul', undefined]);
});

test.each([
  ['E', 'United States Of America'],
  ['S', 'Estados Unidos'],
  ['F', 'Etats-Unis'],
  ['G', 'Vereinigte Staaten'],
  ['I', 'US'],
  ['U', 'USA'],
])('writes the country in format %p', async (OutputCountryFormat, country) => {
  expect((await first(kramer, { OutputCountryFormat })).Country).toBe(country);
});

test.each(['US', 'usa', 'U.S.A.', 'United States', 'Estados Unidos', 'États-Unis', 'Vereinigte Staaten'])(
  'takes %p for the United States',
  async (Country) => {
    expect((await first({ ...kramer, Country })).Confidence).toBe('100');
  },
);

test('leaves the separator of a ZIP+4 out when asked', async () => {
  expect((await first(kramer, { OutputPostalCodeSeparator: 'N' })).PostalCode).toBe('787584260');
});

test('returns no address for an empty record type, but always one for a failure', async () => {
  expect(await first(kramer, { OutputRecordType: 'E' })).not.toHaveProperty('AddressLine1');
  expect(await first({ ...kramer, AddressLine1: '9 Nowhere St' }, { OutputRecordType: 'E' })).toHaveProperty(
    'AddressLine1',
  );
});

test('a firm passes through in the wanted casing', async () => {
  const row = await first(
    { ...kramer, FirmName: 'PITNEY BOWES' },
    { OutputFieldLevelReturnCodes: 'Y', OutputAddressBlocks: 'Y' },
  );
  expect(row).toMatchObject({ FirmName: 'Pitney Bowes', 'FirmName.Result': 'P', AddressBlock1: 'PITNEY BOWES' });
});

test('never returns what only licensed data can tell', async () => {
  const row = await first(kramer, {
    PerformDPV: 'Y',
    PerformRDI: 'Y',
    PerformSuiteLink: 'Y',
    OutputRecordType: 'AEIP',
  });
  for (const name of ['DPV', 'RDI', 'SuiteLinkReturnCode', 'USLACS.ReturnCode']) expect(row).not.toHaveProperty(name);
});

test('every field of an answer is declared', async () => {
  const declared = new Set(validateAddressService.output.fields.map(({ name }) => name));
  const rows = [
    kramer,
    { ...kramer, AddressLine1: '4200 Parlament # 600 PMB 3', PostalCode: '20706', Country: 'US' },
    { AddressLine1: 'x' },
    { AddressLine1: 'Apt 5 123 rue Main O', City: 'Toronto ON M9W2M5', Country: 'CA', FirmName: 'Acme' },
    { AddressLine1: 'PO Box 5 Stn A', City: 'Toronto', Country: 'CA' },
    { AddressLine1: 'Hauptstr. 1', City: 'Bonn', Country: 'DE', PostalCode: '53111' },
  ];
  const options = {
    OutputRecordType: 'AEIP',
    OutputFieldLevelReturnCodes: 'Y',
    OutputAddressBlocks: 'Y',
    KeepMultimatch: 'Y',
  };
  const answers = await runServiceOnRows(validateAddressService, database, rows, options);
  expect(
    answers
      .flat()
      .flatMap(Object.keys)
      .filter((name) => !declared.has(name)),
  ).toEqual([]);
});

test('any text gets an answer', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const row = fc.record({
    AddressLine1: text,
    AddressLine2: text,
    City: text,
    StateProvince: text,
    PostalCode: text,
    Country: fc.oneof(fc.constantFrom('', 'US', 'CA', 'DE', 'GB', 'JP', 'HK', 'France'), text),
  });
  const options = {
    OutputRecordType: 'AEIP',
    OutputFieldLevelReturnCodes: 'Y',
    OutputFormattedOnFail: 'Y',
    OutputAddressBlocks: 'Y',
  };
  await fc.assert(
    fc.asyncProperty(row, async (given) => {
      expect((await first(given, options)).ProcessedBy).toMatch(/^(USA|CAN|INT)$/);
    }),
    { numRuns: 500 },
  );
});
