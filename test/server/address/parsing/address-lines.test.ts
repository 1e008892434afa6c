import { parseAddressLines } from '../../../../server/address/index.ts';

const best = (lines: readonly string[]) => parseAddressLines(lines)[0];

test.each([
  [['123 Main St', 'Apt 5'], { name: 'MAIN', unitDesignator: 'APT', unitNumber: '5' }],
  [['Apt 10E', '424 Washington Blvd'], { houseNumber: '424', unitDesignator: 'APT', unitNumber: '10E' }],
  [['Bldg 3', '9 Elm St Apt 4'], { unitDesignator: 'APT', unitNumber: '4', outerUnit: 'BLDG 3' }],
  [['2528 Qume Dr', '3'], { unitDesignator: '#', unitNumber: '3' }],
  [['123', 'Main St'], { houseNumber: '123', name: 'MAIN', suffix: 'ST' }],
  [['12 Oak Grove Heights', 'Apt 5'], { name: 'OAK GROVE', suffix: 'HTS' }],
])('puts %p together', (lines, street) => {
  expect(best(lines)?.delivery.street).toMatchObject(street);
});

test('rejoins an address that is broken over two lines, and keeps the first line for when that fails', () => {
  const [joined, alone] = parseAddressLines(['1 Green', 'Valley Rd']);
  expect(joined?.delivery.street).toMatchObject({ name: 'GREEN VALLEY', suffix: 'RD' });
  expect(joined?.extraneous).toEqual([]);
  expect(alone?.delivery.street).toMatchObject({ name: 'GREEN', suffix: '' });
});

test.each([
  [['123 Main St', 'Apt 5', 'John Smith'], ['John Smith']],
  [
    ['John Smith', '123 Main St', 'Apt 5'],
    ['John Smith', 'Apt 5'],
  ],
  [
    ['123 Main St C/O John Smith', 'Apt 5 Drop at back dock', 'jsmith@example.com'],
    ['C/O John Smith', 'Apt 5 Drop at back dock', 'jsmith@example.com'],
  ],
])('returns what of %p is not used', (lines, extraneous) => {
  expect(best(lines)?.extraneous).toEqual(extraneous);
});

test('reads a second delivery line as the other way', () => {
  expect(parseAddressLines(['PO Box 5', '12 Oak St']).map(({ delivery }) => delivery.kind)).toEqual([
    'poBox',
    'street',
  ]);
});

test.each([[[]], [['', '  ']], [['Apt 5']]])('finds no delivery address in %p', (lines) => {
  expect(parseAddressLines(lines)).toEqual([]);
});

test('keeps an urbanization line apart from the street', () => {
  const [reading] = parseAddressLines(['A1 Calle A', '', 'URB Alamar', 'Precisely']);
  expect(reading).toMatchObject({ urbanization: 'URB Alamar', extraneous: ['Precisely'] });
  expect(reading?.delivery.street).toMatchObject({ houseNumber: 'A1', name: 'CALLE A' });
});
