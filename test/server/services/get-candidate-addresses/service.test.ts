import { getCandidateAddresses } from '../../../../server/services/get-candidate-addresses/service.ts';
import { createExampleDatabase } from '../../../support/example-addresses.ts';
import { runServiceOnRows } from '../../../support/run-service.ts';

const database = createExampleDatabase();
const call = async (row: Record<string, string>, options: Record<string, string> = {}) =>
  (await runServiceOnRows(getCandidateAddresses, database, [row], options))[0] ?? [];

test('lists the ZIP Codes that have the box, with their ranges', async () => {
  const rows = await call({ AddressLine1: 'P.O. Box 1', City: 'New York', StateProvince: 'NY' });
  expect(rows).toMatchObject([
    {
      RecordType: 'PostOfficeBox',
      AddressLine1: 'PO Box 1',
      HouseNumberLow: '1',
      HouseNumberHigh: '60',
      HouseNumberParity: 'B',
      PostalCode: '10001',
    },
    { PostalCode: '10002', City: 'New York', Country: 'USA', UnitNumberParity: ' ' },
  ]);
});

test('lists streets that differ in suffix or direction', async () => {
  const rows = await call(
    { AddressLine1: '100 Oak', City: 'Austin', StateProvince: 'TX', PostalCode: '78758' },
    { OutputCasing: 'U' },
  );
  expect(rows.map((row) => row.AddressLine1)).toEqual(['100 OAK AVE', '100 OAK ST']);
});

test('returns as many as asked', async () => {
  expect(await call({ AddressLine1: '100 Oak', PostalCode: '78758' }, { MaximumResults: '1' })).toHaveLength(1);
});

test.each([
  [
    { AddressLine1: '1825 Kramer Ln', PostalCode: '78758' },
    {},
    'RequestFailed',
    /^Number of candidates is not greater than 1/,
  ],
  [{ AddressLine1: '9 Nowhere St', PostalCode: '78758' }, {}, 'RequestFailed', /^Did not return multiples/],
  [{}, {}, 'RequestFailed', /^Did not return multiples/],
  [
    { AddressLine1: '100 Oak', PostalCode: '78758' },
    { PerformUSProcessing: 'N' },
    'DisabledCoder',
    /^PerformUSProcessing disabled$/,
  ],
  [{ AddressLine1: '100 Oak', Country: 'CAN' }, {}, 'RequestFailed', /no streets of this country$/],
  [
    { AddressLine1: '100 Oak', Country: 'CAN' },
    { PerformCanadianProcessing: 'N' },
    'DisabledCoder',
    /^PerformCanadianProcessing disabled$/,
  ],
])('%p fails with a reason', async (row, options, code, description) => {
  const [answer] = await call(row, options);
  expect(answer).toMatchObject({ Status: 'F', 'Status.Code': code });
  expect(answer?.['Status.Description']).toMatch(description);
});
