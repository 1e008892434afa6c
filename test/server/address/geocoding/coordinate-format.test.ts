import * as fc from 'fast-check';
import {
  coordinateFormats,
  formatCoordinate,
  parseCoordinate,
} from '../../../../server/address/geocoding/coordinate-format.ts';

const place = { longitude: -73.703051, latitude: 42.682859 };

test.each([
  ['Decimal', '-73.703051', '42.682859'],
  ['DecimalAssumed', '-73703051', '42682859'],
  ['PreZero', '073.703051W', '042.682859N'],
  ['DegMinSec', '73 42 10.98W', '42 40 58.29N'],
] as const)('writes %s', (format, longitude, latitude) => {
  expect(formatCoordinate(place, 'longitude', format)).toBe(longitude);
  expect(formatCoordinate(place, 'latitude', format)).toBe(latitude);
});

test.each(coordinateFormats)('reads what it wrote as %s', (format) => {
  fc.assert(
    fc.property(fc.integer({ min: -179_999_999, max: 179_999_999 }), (units) => {
      const text = formatCoordinate({ longitude: units / 1e6, latitude: 0 }, 'longitude', format);
      expect(parseCoordinate(text, 'longitude', format)).toBeCloseTo(units / 1e6, 5);
    }),
  );
});

test.each(['', 'x', '91', '-91', '42.5E', '10 61', '1e3', '١٢', '--5', '42,5'])('refuses %p as a latitude', (text) => {
  expect(parseCoordinate(text, 'latitude', 'Decimal')).toBeUndefined();
});

test('reads as many decimals as a program prints', () => {
  expect(parseCoordinate('41.76556000000000001', 'latitude', 'Decimal')).toBe(41.76556);
});

test('a point tells decimal text even where assumed decimals are the format', () => {
  expect(parseCoordinate('-105.239771', 'longitude', 'DecimalAssumed')).toBe(-105.239771);
  expect(parseCoordinate('-105239771', 'longitude', 'DecimalAssumed')).toBe(-105.239771);
  expect(parseCoordinate('-105239771', 'longitude', 'Decimal')).toBeUndefined();
});
