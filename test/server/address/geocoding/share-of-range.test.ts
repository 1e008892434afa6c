import fc from 'fast-check';
import { numberAtShare, shareOfRange } from '../../../../server/address/geocoding/share-of-range.ts';
import type { AddressRangeRecord } from '../../../../server/reference-data/index.ts';

const range = (low: number, high: number, parity: AddressRangeRecord['parity'] = 'E'): AddressRangeRecord => ({
  low,
  high,
  parity,
  side: 'L',
  addOn: '',
  shape: [],
});

/** Forty numbers in 100 m, whatever the block's length; blocks hardly differ. */
const numbering = { logNumbersPerMeter: Math.log(0.4), perLogLength: 0, spread: 0.05, count: 500 };

test.each([
  [1400, 1498, 1400, 0],
  [1400, 1498, 1449, 0.5],
  [1400, 1498, 1498, 1],
  [1400, 1400, 1400, 0.5],
])('without a numbering %i to %i is a straight line: %i lies at %f', (low, high, houseNumber, share) => {
  expect(shareOfRange(range(low, high), houseNumber, 200, undefined)).toBeCloseTo(share, 6);
});

test.each([
  ['a whole hundred is used as far as its length allows', range(1400, 1498), 1439, 200, 0.5],
  ['numbers that do not fit lie at the end', range(1400, 1498), 1498, 100, 0.98],
  ['each hundred of several begins at its share', range(1400, 1598), 1539, 400, 0.75],
  ['the last part of a hundred is used as a whole one is', range(1450, 1498), 1469, 100, 0.5],
  ['both sides of a street in one range', range(1400, 1499, 'B'), 1439, 200, 0.5],
])('with a numbering %s', (_, given, houseNumber, meters, share) => {
  expect(shareOfRange(given, houseNumber, meters, numbering)).toBeCloseTo(share, 1);
});

test.each([
  ['the part of a hundred before a side street', range(1400, 1448), 1424, 0.5],
  ['the end of a range within a hundred', range(1400, 1548), 1524, 124 / 148],
  ['the start of a range within a hundred', range(1450, 1598), 1474, 24 / 148],
])('with a numbering %s stays a straight line', (_, given, houseNumber, share) => {
  expect(shareOfRange(given, houseNumber, 200, numbering)).toBeCloseTo(share, 6);
});

const anyRange = fc
  .record({
    low: fc.integer({ min: 0, max: 9_999 }),
    span: fc.integer({ min: 0, max: 450 }),
    parity: fc.constantFrom('E' as const, 'O' as const, 'B' as const),
  })
  .map(({ low, span, parity }) => {
    const odd = parity === 'O' ? 1 : 0;
    if (parity === 'B') return range(low, low + span, parity);
    return range(low - (low % 2) + odd, low - (low % 2) + odd + span - (span % 2), parity);
  });
const anyNumbering = fc.option(
  fc.record({
    logNumbersPerMeter: fc.double({ min: -3, max: 2, noNaN: true }),
    perLogLength: fc.double({ min: -1.5, max: 0.5, noNaN: true }),
    spread: fc.double({ min: 0.05, max: 2, noNaN: true }),
    count: fc.constant(500),
  }),
  { nil: undefined },
);
const meters = fc.double({ min: 1, max: 3_000, noNaN: true });

test('higher numbers never lie before lower ones, and all lie on the segment', () => {
  fc.assert(
    fc.property(anyRange, meters, anyNumbering, (given, length, learned) => {
      const step = given.parity === 'B' ? 1 : 2;
      let before = 0;
      for (let number = given.low; number <= given.high; number += step) {
        const share = shareOfRange(given, number, length, learned);
        expect(share).toBeGreaterThanOrEqual(before - 1e-9);
        before = share;
      }
      expect(before).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});

test('the number at a share is the one that lies nearest to it', () => {
  fc.assert(
    fc.property(
      anyRange,
      meters,
      anyNumbering,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (given, length, learned, share) => {
        const found = numberAtShare(given, share, length, learned);
        const step = given.parity === 'B' ? 1 : 2;
        expect(found).toBeGreaterThanOrEqual(given.low);
        expect(found).toBeLessThanOrEqual(given.high);
        const gap = Math.abs(shareOfRange(given, found, length, learned) - share);
        for (let number = given.low; number <= given.high; number += step) {
          expect(Math.abs(shareOfRange(given, number, length, learned) - share)).toBeGreaterThanOrEqual(gap - 1e-9);
        }
      },
    ),
  );
});
