import * as fc from 'fast-check';
import { calculateDistance } from '../../../../server/services/calculate-distance/service.ts';
import { createDemonstrationPlaces } from '../../../support/demonstration-places.ts';
import { runService } from '../../../support/run-service.ts';

const database = createDemonstrationPlaces();
const washingtonToNewYork = {
  FirstLatitude: '38.8977',
  FirstLongitude: '-77.0365',
  SecondLatitude: '40.7128',
  SecondLongitude: '-74.0060',
};
const call = async (row: Record<string, string>, options: Record<string, string> = {}) =>
  (await runService(calculateDistance, database, row, options))[0] ?? {};

/** By the law of cosines in higher precision than single digits need; the service uses half-angle formulas. */
test.each([
  ['Miles', 203.9],
  ['Kilometers', 328.2],
  ['Meters', 328_164],
  ['Yards', 358_884],
  ['Feet', 1_076_653],
])('in %s', async (Units, expected) => {
  const { Distance = '', Confidence } = await call(washingtonToNewYork, { Units });
  expect(Math.abs(Number(Distance) / expected - 1)).toBeLessThan(0.001);
  expect(Distance.length).toBeLessThanOrEqual(9);
  expect(Confidence).toBe('100');
});

test('each point has a format of its own', async () => {
  const row = { ...washingtonToNewYork, FirstLatitude: '38897700', FirstLongitude: '-77036500' };
  const plain = await call(washingtonToNewYork);
  expect(await call(row, { FirstLatLonFormat: 'DecimalAssumed' })).toEqual(plain);
});

test.each([
  [{}],
  [{ ...washingtonToNewYork, SecondLatitude: '91' }],
  [{ ...washingtonToNewYork, FirstLongitude: 'x' }],
])('%j cannot be computed', async (row) => {
  expect(await call(row)).toEqual({
    Confidence: '0',
    Status: 'F',
    'Status.Code': 'Failure',
    'Status.Description': 'Unable to compute distance.',
  });
});

test('both ways are equally long, and no distance is longer than nine characters', async () => {
  const degrees = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true }).map((x) => x.toFixed(6));
  const point = fc.tuple(degrees(90), degrees(180));
  await fc.assert(
    fc.asyncProperty(point, point, fc.constantFrom('Feet', 'Meters', 'Miles'), async (a, b, Units) => {
      const row = { FirstLatitude: a[0], FirstLongitude: a[1], SecondLatitude: b[0], SecondLongitude: b[1] };
      const back = { FirstLatitude: b[0], FirstLongitude: b[1], SecondLatitude: a[0], SecondLongitude: a[1] };
      const there = await call(row, { Units });
      expect(there.Distance?.length).toBeLessThanOrEqual(9);
      expect(Math.abs(Number(there.Distance) - Number((await call(back, { Units })).Distance))).toBeLessThan(0.01);
    }),
  );
});
