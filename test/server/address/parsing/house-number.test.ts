import { parseStreetLine, standardizeHouseNumber } from '../../../../server/address/index.ts';

test.each([
  ['0123', '123'],
  ['123 ½', '123 1/2'],
  ['123-1/2', '123 1/2'],
  ['123 a', '123A'],
  ['12-34', '12-34'],
  ['N6W23001', 'N6W23001'],
  ['', ''],
  ['x', ''],
])('standardizes %p', (text, expected) => {
  expect(standardizeHouseNumber(text)).toBe(expected);
});

test.each([
  ['123 Main St', '123'],
  ['123A Main St', '123A'],
  ['123 - 125 Main St', '123-125'],
  ['1542, 1544 North Wells Street', '1542'],
  ['2255/2343 South Throop Street', '2255'],
  ['#12 Main St', '12'],
  ['No. 12 Main St', '12'],
  ['One Microsoft Way', '1'],
  ['Fifty N Front St', '50'],
  ['Twenty First Ave S', ''],
  ['4922 B South Cornell Ave', '4922B'],
  ['11719 B Jefferson Ave', '11719B'],
  ['613 K Street NW', '613'],
  ['W148 N9748 Tree Tops Dr', 'W148N9748'],
  ['N6W23001 Bluemound Rd', 'N6W23001'],
  ['A1 Calle A', 'A1'],
  ['5th Ave', ''],
  ['Main St', ''],
])('finds the house number of %p', (line, expected) => {
  expect(parseStreetLine(line).houseNumber).toBe(expected);
});
