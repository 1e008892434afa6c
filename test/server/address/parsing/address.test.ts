import fc from 'fast-check';
import { parseAddress } from '../../../../server/address/index.ts';

const cities = new Set([
  'NEW YORK|NY',
  'CHICAGO|IL',
  'CHESHIRE|CT',
  'NEW HAVEN|CT',
  'ATLANTA|GA',
  'SAINT LOUIS|MO',
  'WASHINGTON|DC',
]);
const isCity = (city: string, state: string) =>
  state === '' ? [...cities].some((known) => known.startsWith(`${city}|`)) : cities.has(`${city}|${state}`);

const parse = (addressLine: string, city = '', stateProvince = '', postalCode = '') => {
  const { readings, lastLine } = parseAddress({ addressLines: [addressLine], city, stateProvince, postalCode }, isCity);
  const { houseNumber, predirectional, name, suffix, postdirectional } = readings[0]?.delivery.street ?? {};
  const street = [houseNumber, predirectional, name, suffix, postdirectional].filter(Boolean).join(' ');
  return [street, ...Object.values(lastLine)].join('|');
};

test.each([
  ['Kemp TX 75143', '', '', 'KEMP|TX|75143|'],
  ['Kemp', 'Texas', '', 'KEMP|TX||'],
  ['', '', 'Kemp TX 75143-1234', 'KEMP|TX|75143|1234'],
  ['Kemp', 'tx', '75143', 'KEMP|TX|75143|'],
  ['Kemp', 'TX', 'TX 75143', 'KEMP|TX|75143|'],
  ['New York', 'NY', 'NY 10001', 'NEW YORK|NY|10001|'],
  ['St. Louis', 'MO', '63101', 'ST LOUIS|MO|63101|'],
  ['', '', '75143', '||75143|'],
  ['Kemp', 'TX', 'n/a', 'KEMP|TX||'],
  ['Kemp', 'TX', '7514O', 'KEMP|TX||'],
  ['Kemp', 'TX', '75143-12', 'KEMP|TX||'],
  ['Kemp', '', '75143', 'KEMP||75143|'],
  ['Kemp Texas', '', '75143-1234', 'KEMP|TX|75143|1234'],
  ['Washington D C', '', '20020', 'WASHINGTON|DC|20020|'],
  ['New Haven', '', '06510', 'NEW HAVEN||06510|'],
  ['West Haven New Jersey', '', '07001', 'WEST HAVEN|NJ|07001|'],
])('reads the fields %p %p %p', (city, state, postalCode, expected) => {
  expect(parse('1 Main St', city, state, postalCode)).toBe(`1 MAIN ST|${expected}`);
});

test.each([
  ['233 S Wacker Dr, Chicago, IL 60606', '233 S WACKER DR|CHICAGO|IL|60606|'],
  ['233 S Wacker Dr Chicago IL 60606-1234', '233 S WACKER DR|CHICAGO|IL|60606|1234'],
  ['123 N Main St, New York New York 10001', '123 N MAIN ST|NEW YORK|NY|10001|'],
  ['60 East Walton Street, 60611', '60 E WALTON ST|||60611|'],
  ['20 South Clark Street, IL', '20 S CLARK ST||IL||'],
  ['465 Peck Lane Cheshire CT', '465 PECK LN|CHESHIRE|CT||'],
  ['12 Oak Ave, New Haven CT', '12 OAK AVE|NEW HAVEN|CT||'],
  ['42 Cedar Crest Ct', '42 CEDAR CREST CT||||'],
  ['1180 Peachtree Street, NE', '1180 PEACHTREE ST NE||||'],
  ['1105 Bolton Road, NW Atlanta, GA 30331', '1105 BOLTON RD NW|ATLANTA|GA|30331|'],
  ['1065 Nine North Drive, Ste B Atlanta, GA 30004', '1065 NINE NORTH DR|ATLANTA|GA|30004|'],
  ['1112 So. Washington', '1112 S WASHINGTON||||'],
  ['84 Social Street Woonsocket, RI 02895', '84 SOCIAL ST|WOONSOCKET|RI|02895|'],
])('splits the one line %p', (line, expected) => {
  expect(parse(line)).toBe(expected);
});

test('finds the last line among the address lines', () => {
  const input = { addressLines: ['233 S Wacker Dr', 'Chicago IL 60606'], city: '', stateProvince: '', postalCode: '' };
  const { readings, lastLine } = parseAddress(input, isCity);
  expect(readings[0]?.delivery.street.name).toBe('WACKER');
  expect(lastLine).toEqual({ city: 'CHICAGO', stateProvince: 'IL', postalCode: '60606', addOn: '' });
});

test('never throws, whatever the fields', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), text, text, text, (addressLines, city, stateProvince, postalCode) => {
      expect(parseAddress({ addressLines, city, stateProvince, postalCode }, isCity).lastLine).toBeDefined();
    }),
  );
});
