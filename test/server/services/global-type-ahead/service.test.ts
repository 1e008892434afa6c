import * as fc from 'fast-check';
import { globalTypeAhead } from '../../../../server/services/global-type-ahead/service.ts';
import { createExampleDatabase } from '../../../support/example-addresses.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';
import { runService } from '../../../support/run-service.ts';

const database = createExampleDatabase();
const call = (row: Record<string, string>, options: Record<string, string> = {}) =>
  runService(globalTypeAhead, database, row, options);
const lines = async (row: Record<string, string>, options: Record<string, string> = {}) =>
  (await call(row, options)).map(({ AddressLine1 }) => AddressLine1);

test.each([
  [{ AddressLine1: '1825 kra', PostalCode: '78758' }, ['1825 Kramer Ln']],
  [{ AddressLine1: '1825 kra', City: 'Austin', StateProvince: 'TX' }, ['1825 Kramer Ln']],
  [{ AddressLine1: '1825 kramer lane', City: 'Austin', StateProvince: 'Texas' }, ['1825 Kramer Ln']],
  [{ AddressLine1: '1825 kramer la', City: 'Aus', StateProvince: 'TX' }, ['1825 Kramer Ln']],
  [{ AddressLine1: '1825 Kramer Austin TX 78758' }, ['1825 Kramer Ln']],
  [{ AddressLine1: '100 oak', PostalCode: '78758' }, ['100 Oak Ave', '100 Oak St']],
  [{ AddressLine1: '100 oak s', PostalCode: '78758' }, ['100 Oak St']],
  [{ AddressLine1: '100 oak avenue', PostalCode: '78758' }, ['100 Oak Ave']],
  [{ AddressLine1: '9001 n lam', PostalCode: '78758' }, ['9001 N Lamar Blvd']],
  [{ AddressLine1: '9001 lam', PostalCode: '78758' }, ['9001 N Lamar Blvd', '9001 S Lamar Blvd']],
  [{ AddressLine1: '9005 lam', PostalCode: '78758' }, ['9005 S Lamar Blvd']],
  [{ AddressLine1: '111 st cl', PostalCode: '55105' }, ['111 Saint Clair Ave']],
  [{ AddressLine1: '150 con', City: 'Austin' }, ['150 Congress Ave']],
  [{ AddressLine1: '151 con', City: 'Austin' }, []],
  [{ AddressLine1: '1825 kr', PostalCode: '78758' }, []],
  [{ AddressLine1: 'kramer', PostalCode: '78758' }, []],
  [{ AddressLine1: 'kramer l', PostalCode: '78758' }, ['Kramer Ln']],
  [{ AddressLine1: '1825 kra', PostalCode: '78758', Country: 'Canada' }, []],
  [{ AddressLine1: '1825 kra' }, []],
  [{}, []],
])('%j may become %j', async (row, expected) => {
  expect(await lines(row)).toEqual(expected);
});

test('a candidate tells its place, its units and what matched', async () => {
  expect(await call({ AddressLine1: '4200 parl', City: 'Lanham', StateProvince: 'MD' })).toEqual([
    {
      AddressLine1: '4200 Parliament Pl',
      City: 'Lanham',
      StateProvince: 'MD',
      PostalCode: '20706',
      Country: 'USA',
      FormattedAddress: '4200 Parliament Pl, Lanham MD 20706',
      LastLine: 'Lanham MD 20706',
      RangeCount: '1',
      Ranges: JSON.stringify([{ Range: '4200', UnitCount: '2', UnitsInfo: 'Ste 600, Ste 610' }]),
      'AddressLine1.Match': 'true',
      'City.Match': 'true',
      'StateProvince.Match': 'true',
    },
  ]);
});

test('a street without number tells its numbers', async () => {
  const [row] = await call({ AddressLine1: 'oak a', PostalCode: '78758' });
  expect([row?.RangeCount, row?.Ranges]).toEqual(['1', JSON.stringify([{ Range: '100-300', UnitCount: '0' }])]);
});

test('no more candidates come than asked for', async () => {
  expect(await lines({ AddressLine1: '100 oak', PostalCode: '78758' }, { MaximumResults: '1' })).toHaveLength(1);
});

test('every start of an address of the data leads to it', async () => {
  const name = fc.stringMatching(/^[QXZ]{3,8}( [QXZ]{2,6})?$/);
  const suffix = fc.constantFrom('ST', 'AVE', 'LN', '');
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 8 }), suffix, fc.nat(), async (names, own, cut) => {
      const streets = [...new Set(names)].map((street) => ({
        postalCode: '12180',
        name: street,
        suffix: own,
        points: ['7'],
      }));
      const places = createInMemoryAddressDatabase({
        postalCodes: [{ code: '12180', stateProvince: 'NY', cities: ['TROY'] }],
        streets,
      });
      const wanted = `7 ${names[0]}${own === '' ? '' : ` ${own}`}`;
      const start = wanted.slice(0, Math.max(5, 2 + (cut % wanted.length)));
      const found = await runService(
        globalTypeAhead,
        places,
        { AddressLine1: start, PostalCode: '12180' },
        { OutputCasing: 'U' },
      );
      expect(found.map(({ AddressLine1 }) => AddressLine1)).toContain(wanted);
    }),
  );
});
