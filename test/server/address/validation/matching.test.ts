import fc from 'fast-check';
import { type MatchResult, type MatchSettings, matchAddress, parseAddress } from '../../../../server/address/index.ts';
import { createExampleDatabase } from '../../../support/example-addresses.ts';
import { createInMemoryAddressDatabase } from '../../../support/in-memory-address-database.ts';

const example = createExampleDatabase();
const medium: MatchSettings = { street: 'M', directional: 'M' };

function match(text: string, settings = medium, database = example): Promise<MatchResult> | MatchResult {
  const [line = '', city = '', stateProvince = '', postalCode = ''] = text.split('|');
  const isCity = (name: string, state: string) => database.listPostalCodesOfCity(name, state).length > 0;
  const address = parseAddress({ addressLines: [line], city, stateProvince, postalCode }, isCity);
  return database.read((view) => matchAddress(database, view, address, settings));
}

async function found(text: string, settings = medium, database = example): Promise<string> {
  const result = await match(text, settings, database);
  if (result.kind === 'none') return `none: ${result.missing.join()}`;
  if (result.kind !== 'match') return result.kind;
  const { street, houseNumber, postalCode, unit } = result.match;
  const parts = [houseNumber, street.predirectional, street.name, street.suffix, street.postdirectional];
  return `${parts.filter(Boolean).join(' ')} ${postalCode.code}${unit === 'none' ? '' : ` (${unit})`}`;
}

test.each([
  ['1825 Kramer Ln|Austin|TX|78758', '1825 KRAMER LN 78758'],
  ['1825 KRAMER LANE|austin|texas|78758-1234', '1825 KRAMER LN 78758'],
  ['9003 N Lamar Blvd|Austin|TX|78758', '9003 N LAMAR BLVD 78758'],
  ['150 Congress Ave|Austin|TX|78701', '150 CONGRESS AVE 78701'],
  ['111 st clair ave|St Paul|MN|55105', '111 SAINT CLAIR AVE 55105'],
  ['PO Box 30|New York|NY|10002', '30 PO BOX 10002'],
])('finds %p as given', async (text, expected) => {
  expect(await found(text)).toBe(expected);
});

test.each([
  ['1825 Kramer Ln|Austin|TX|', '1825 KRAMER LN 78758'],
  ['1825 Kramer Ln|||78758', '1825 KRAMER LN 78758'],
  ['1825 Kramer|Austin|TX|78758', '1825 KRAMER LN 78758'],
  ['9003 Lamar Blvd|Austin|TX|78758', '9003 N LAMAR BLVD 78758'],
  ['300 Oak||TX|78758', '300 OAK AVE 78758'],
])('fills in what %p lacks', async (text, expected) => {
  expect(await found(text)).toBe(expected);
});

test.each([
  ['a wrong ZIP Code of the same city', '1825 Kramer Ln|Austin|TX|78701', '1825 KRAMER LN 78758'],
  ['an unknown ZIP Code', '1825 Kramer Ln|Austin|TX|78759', '1825 KRAMER LN 78758'],
  ['a ZIP Code of another city', '1825 Kramer Ln|Austin|TX|75143', '1825 KRAMER LN 78758'],
  ['a misspelt city', '1825 Kramer Ln|Asutin|TX|', '1825 KRAMER LN 78758'],
  ['a misspelt street', '1825 Kremer Ln|Austin|TX|78758', '1825 KRAMER LN 78758'],
  ['a street written in two words', '12 Maple Wood Dr|Austin|TX|78758', '12 MAPLEWOOD DR 78758'],
  ['a suffix glued to the name', '1825 KramerLane|Austin|TX|78758', '1825 KRAMER LN 78758'],
  ['a misspelt suffix', '1825 Kramer Lanee|Austin|TX|78758', '1825 KRAMER LN 78758'],
  ['a wrong suffix', '1825 Kramer Rd|Austin|TX|78758', '1825 KRAMER LN 78758'],
  ['a direction behind instead of in front', '9003 Lamar Blvd N|Austin|TX|78758', '9003 N LAMAR BLVD 78758'],
  ['a direction that no street of the name has', '500 E Brazos St|Austin|TX|78701', '500 BRAZOS ST 78701'],
])('corrects %s', async (_what, text, expected) => {
  expect(await found(text)).toBe(expected);
});

test.each([
  ['the number is on both sides', '9001 Lamar Blvd|Austin|TX|78758'],
  ['the number is on street and avenue', '100 Oak|Austin|TX|78758'],
  ['the box exists in two ZIP Codes', 'PO Box 1|New York|NY|'],
])('answers several matches where %s', async (_what, text) => {
  expect(await found(text)).toBe('multiple');
});

test.each([
  ['an unknown house number', '1829 Kramer Ln|Austin|TX|78758', 'none: HouseNumber'],
  ['another parity than the range', '151 Congress Ave|Austin|TX|78701', 'none: HouseNumber'],
  ['an unknown street', '1825 Nowhere Ln|Austin|TX|78758', 'none: StreetName'],
  ['a changed name together with a changed ZIP Code', '1825 Kremer Ln|Austin|TX|78701', 'none: StreetName'],
  ['a changed suffix together with a changed ZIP Code', '1825 Kramer Rd|Austin|TX|78701', 'none: HouseNumber'],
  ['a direction whose other street exists', '9005 N Lamar Blvd|Austin|TX|78758', 'none: HouseNumber'],
  ['a suffix whose other street exists', '300 Oak St|Austin|TX|78758', 'none: HouseNumber'],
  ['a nearer spelling without the number', '14 Maplewod Dr|Austin|TX|78758', 'none: StreetName'],
  ['another ZIP Code where the given one has no data', '1825 Kramer Ln|Abie|NE|68001', 'none: StreetName'],
  ['a ZIP Code that only the street speaks for', '1825 Kramer Ln|||78759', 'none: PostalCode'],
  ['an unknown city without ZIP Code', '1825 Kramer Ln|Gotham|TX|', 'none: City'],
  ['an unknown box', 'PO Box 61|New York|NY|10001', 'none: POBoxNumber'],
  ['numbers that differ in a digit', '111 Saint Clair 2 Ave|St Paul|MN|55105', 'none: StreetName'],
])('refuses %s', async (_what, text, expected) => {
  expect(await found(text)).toBe(expected);
});

test.each([
  ['4200 Parliament Pl Ste 600|Lanham|MD|20706', '4200 PARLIAMENT PL 20706 (matched)'],
  ['4200 Parliament Pl # 600|Lanham|MD|20706', '4200 PARLIAMENT PL 20706 (matched)'],
  ['4200 Parliament Pl|Lanham|MD|20706', '4200 PARLIAMENT PL 20706 (missing)'],
  ['4200 Parliament Pl Ste 601|Lanham|MD|20706', '4200 PARLIAMENT PL 20706 (unknown)'],
  ['1825 Kramer Ln Apt 5|Austin|TX|78758', '1825 KRAMER LN 78758 (unchecked)'],
])('says what the data knows of the unit of %p', async (text, expected) => {
  expect(await found(text)).toBe(expected);
});

test.each(['1825 Kremer Ln|Austin|TX|78758', '9003 Lamar Blvd|Austin|TX|78758'])(
  'exact strictness takes %p as it is',
  async (text) => {
    expect(await found(text, { street: 'E', directional: 'E' })).toMatch(/^none/);
  },
);

test('an address without line or last line is insufficient', async () => {
  expect(await found('|Austin|TX|78758')).toBe('insufficient');
  expect(await found('1825 Kramer Ln|||')).toBe('insufficient');
});

test('looks around the city where its ZIP Codes do not have the street', async () => {
  const at = (longitude: number) => ({ longitude, latitude: 30 });
  const database = createInMemoryAddressDatabase({
    postalCodes: [
      { code: '78001', stateProvince: 'TX', cities: ['BIGTOWN'], centroid: at(-97) },
      { code: '78002', stateProvince: 'TX', cities: ['SUBURB'], centroid: at(-97.1) },
    ],
    streets: [{ postalCode: '78002', name: 'ELM', suffix: 'ST', points: ['5'] }],
  });
  expect(await found('5 Elm St|Bigtown|TX|', medium, database)).toBe('5 ELM ST 78002');
});

test('a misspelt street is looked for in a city most of whose ZIP Codes are for boxes and firms', async () => {
  const codes = Array.from({ length: 60 }, (_, index) => String(20001 + index));
  const build = (withStreets: number) =>
    createInMemoryAddressDatabase({
      postalCodes: codes.map((code) => ({ code, stateProvince: 'DC', cities: ['WASHINGTON'] })),
      streets: codes
        .slice(0, withStreets)
        .map((postalCode, index) => ({ postalCode, name: index === 9 ? 'BLADENSBURG' : `${index}TH`, points: ['5'] })),
    });
  expect(await found('5 Bladensberg|Washington|DC|', medium, build(20))).toBe('5 BLADENSBURG 20010');
  expect(await found('5 Bladensberg|Washington|DC|', medium, build(60))).toBe('none: StreetName');
});

test.each(['n/a', '2002O', '-', '75143-12'])('a ZIP Code field that holds %p tells nothing', async (postalCode) => {
  expect(await found(`1825 Kramer Ln|Austin|TX|${postalCode}`)).toBe('1825 KRAMER LN 78758');
});

test('every address of the data is found under its own text, and only that', async () => {
  const name = fc.constantFrom('OAK', 'ELM', 'MAPLEWOOD', '1ST', 'SAINT JOHN', 'NORTH');
  const street = fc.record({
    postalCode: fc.constantFrom('78001', '78002'),
    predirectional: fc.constantFrom('', 'N', 'SW'),
    name,
    suffix: fc.constantFrom('ST', 'AVE', 'DR'),
    points: fc.uniqueArray(fc.integer({ min: 1, max: 30 }).map(String), { minLength: 1, maxLength: 4 }),
  });
  const isUnique = {
    selector: (s: {
      readonly postalCode: string;
      readonly predirectional: string;
      readonly name: string;
      readonly suffix: string;
    }) => [s.postalCode, s.predirectional, s.name, s.suffix].join(),
  };
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(street, { ...isUnique, minLength: 1, maxLength: 8 }), async (streets) => {
      const database = createInMemoryAddressDatabase({
        postalCodes: ['78001', '78002'].map((code) => ({ code, stateProvince: 'TX', cities: ['BIGTOWN'] })),
        streets,
      });
      for (const { postalCode, predirectional, name: of, suffix, points } of streets) {
        const line = [points[0], predirectional, of, suffix].filter(Boolean).join(' ');
        expect(await found(`${line}|Bigtown|TX|${postalCode}`, medium, database)).toBe(`${line} ${postalCode}`);
      }
    }),
  );
});
