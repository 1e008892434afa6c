import * as fc from 'fast-check';
import {
  containsHouseNumber,
  interpolate,
  interpolateBetweenPoints,
  lengthMeters,
  midpoint,
  project,
} from '../../../../server/address/geocoding/interpolation.ts';
import {
  type AddressRangeRecord,
  distanceMeters,
  distanceToShapeMeters,
  metersPerDegree,
} from '../../../../server/reference-data/index.ts';

/** A street of 1,000 m going due north along the equator's meridian, odd numbers to its left. */
const north: AddressRangeRecord = {
  low: 101,
  high: 201,
  parity: 'O',
  side: 'L',
  addOn: '',
  shape: [
    { longitude: 0, latitude: 0 },
    { longitude: 0, latitude: 400 / metersPerDegree },
    { longitude: 0, latitude: 1_000 / metersPerDegree },
  ],
};
const plain = { squeezeMeters: 0, offsetMeters: 0, numbering: undefined };

test.each([
  ['the low end', north, 101, plain, 0, 0],
  ['the high end', north, 201, plain, 0, 1_000],
  ['a quarter', north, 126, plain, 0, 250],
  ['beyond a vertex', north, 181, plain, 0, 800],
  [
    'the low end pulled in by the squeeze',
    north,
    101,
    { squeezeMeters: 15, offsetMeters: 0, numbering: undefined },
    0,
    15,
  ],
  [
    'the high end pulled in by the squeeze',
    north,
    201,
    { squeezeMeters: 15, offsetMeters: 0, numbering: undefined },
    0,
    985,
  ],
  [
    'a quarter of the squeezed segment',
    north,
    126,
    { squeezeMeters: 100, offsetMeters: 0, numbering: undefined },
    0,
    300,
  ],
  ['the offset to the left', north, 126, { squeezeMeters: 0, offsetMeters: 15, numbering: undefined }, -15, 250],
  [
    'the offset to the right',
    { ...north, side: 'R' as const },
    126,
    { squeezeMeters: 0, offsetMeters: 15, numbering: undefined },
    15,
    250,
  ],
  [
    'a segment shorter than twice the squeeze',
    north,
    101,
    { squeezeMeters: 900, offsetMeters: 0, numbering: undefined },
    0,
    500,
  ],
  ['a range of one number', { ...north, low: 151, high: 151 }, 151, plain, 0, 500],
])('interpolates %s', (_what, range, houseNumber, options, east, northward) => {
  const { longitude, latitude } = interpolate(range, houseNumber, options).coordinates;
  expect(longitude * metersPerDegree).toBeCloseTo(east, 3);
  expect(latitude * metersPerDegree).toBeCloseTo(northward, 3);
});

test.each([
  [101, true],
  [201, true],
  [102, false],
  [99, false],
  [203, false],
])('a range of odd numbers from 101 to 201 counts %d: %s', (houseNumber, expected) => {
  expect(containsHouseNumber(north, houseNumber)).toBe(expected);
});

test('takes the midpoint of the length, not of the vertices', () => {
  expect(midpoint(north).coordinates.latitude * metersPerDegree).toBeCloseTo(500, 3);
});

test('puts a house number between its neighbours of the same parity', () => {
  const points = ['100', '101', '110', '120'].map((houseNumber, index) => ({
    houseNumber,
    unitDesignator: '',
    unitNumber: '',
    addOn: '',
    coordinates: { longitude: index, latitude: 10 * index },
  }));
  expect(interpolateBetweenPoints(points, 105)).toBeUndefined();
  expect(interpolateBetweenPoints(points, 130)).toBeUndefined();
  expect(interpolateBetweenPoints(points, 105 + 1)).toEqual({ longitude: 1.2, latitude: 12 });
});

test('what is interpolated with an offset projects back to its share and side', () => {
  const place = fc.record({
    longitude: fc.integer({ min: -77_010, max: -77_000 }).map((units) => units / 1e3),
    latitude: fc.integer({ min: 38_900, max: 38_910 }).map((units) => units / 1e3),
  });
  const straight = fc
    .tuple(place, place)
    .filter(([a, b]) => distanceMeters(a, b) > 200)
    .map((shape) => ({ ...north, shape }));
  const side = fc.constantFrom('L' as const, 'R' as const);
  fc.assert(
    fc.property(straight, side, fc.integer({ min: 0, max: 50 }), (range, on, step) => {
      const sided = { ...range, side: on };
      const { coordinates, fraction } = interpolate(sided, 101 + 2 * step, {
        squeezeMeters: 15,
        offsetMeters: 10,
        numbering: undefined,
      });
      const back = project(coordinates, sided.shape);
      expect(back.side).toBe(on);
      expect(back.distanceMeters).toBeCloseTo(10, 1);
      expect(back.distanceMeters).toBeCloseTo(distanceToShapeMeters(coordinates, sided.shape), 6);
      expect(back.fraction).toBeCloseTo(fraction, 3);
    }),
  );
});

test('a length is the sum of its pieces', () => {
  expect(lengthMeters(north.shape)).toBeCloseTo(1_000, 6);
  expect(lengthMeters([])).toBe(0);
});
