import { addSums, fitNumbering, noBreaks, sumBreaks } from '../../../server/builder/block-numbering.ts';
import type { AddressRangeRecord, Coordinates } from '../../../server/reference-data/index.ts';

/** Degrees of latitude to a meter. */
const degrees = 1 / 111_194.9;

const part = (low: number, high: number, fromMeters: number, toMeters: number): AddressRangeRecord => {
  const at = (meters: number): Coordinates => ({ longitude: -77, latitude: 38 + meters * degrees });
  const parity = low % 2 === 0 ? 'E' : 'O';
  return { low, high, parity, side: 'L', addOn: '', shape: [at(fromMeters), at(toMeters)] };
};

test('a break tells how many numbers are passed in a meter', () => {
  const sums = sumBreaks([part(1400, 1438, 0, 100), part(1440, 1498, 100, 200)]);
  expect(sums.count).toBe(1);
  expect(sums.x).toBeCloseTo(Math.log(2), 3);
  expect(sums.y).toBeCloseTo(Math.log(0.4), 3);
});

test.each([
  ['a block in one piece', [part(1400, 1498, 0, 200)]],
  ['parts that do not touch', [part(1400, 1438, 0, 100), part(1440, 1498, 120, 200)]],
  ['a hundred without its start', [part(1420, 1438, 0, 100), part(1440, 1498, 100, 200)]],
  ['a hundred without its end', [part(1400, 1438, 0, 100), part(1440, 1460, 100, 200)]],
  ['two hundreds', [part(1400, 1498, 0, 100), part(1500, 1598, 100, 200)]],
  ['a break at the corner', [part(1400, 1402, 0, 4), part(1404, 1498, 4, 200)]],
  ['two sides of a street', [part(1400, 1438, 0, 100), part(1441, 1499, 100, 200)]],
])('%s tells nothing', (_, ranges) => {
  expect(sumBreaks(ranges)).toEqual(noBreaks);
});

test('three parts have two breaks, a part told twice counts once', () => {
  const first = part(1400, 1418, 0, 50);
  expect(sumBreaks([first, first, part(1420, 1438, 50, 100), part(1440, 1498, 100, 200)]).count).toBe(2);
});

test('the numbering of many blocks is found again', () => {
  let sums = noBreaks;
  for (let block = 0; block < 300; block += 1) {
    const length = 100 + block;
    // 0.5 numbers in a meter of a block of 100 m, fewer in longer ones; every other block has a tenth more.
    const perMeter = 0.5 * (length / 100) ** -0.6 * (block % 2 === 0 ? 1.1 : 1 / 1.1);
    const along = length / 4;
    const passed = Math.round((perMeter * along - 1) / 2) * 2;
    sums = addSums(sums, sumBreaks([part(1400, 1400 + passed, 0, along), part(1402 + passed, 1498, along, length)]));
  }
  const found = fitNumbering(sums);
  expect(found?.count).toBe(300);
  // Numbers are whole: a break lies up to one beside its place.
  expect(Math.abs((found?.logNumbersPerMeter ?? 0) - Math.log(0.5))).toBeLessThan(0.1);
  expect(Math.abs((found?.perLogLength ?? 0) + 0.6)).toBeLessThan(0.1);
  expect(found?.spread).toBeLessThan(0.2);
});

test('few breaks, or blocks of one length, give no numbering', () => {
  const sums = sumBreaks([part(1400, 1438, 0, 100), part(1440, 1498, 100, 200)]);
  expect(fitNumbering(sums)).toBeUndefined();
  let same = noBreaks;
  for (let block = 0; block < 300; block += 1) same = addSums(same, { count: 1, x: 1, y: 0, xx: 1, xy: 0, yy: 0 });
  expect(fitNumbering(same)).toBeUndefined();
});

test('blocks that differ by rounding alone, in length or in numbers, give no numbering', () => {
  const block = (length: number, along: number) =>
    sumBreaks([part(1400, 1438, 0, along), part(1440, 1498, along, length)]);
  let [alike, exact] = [noBreaks, noBreaks];
  for (let index = 0; index < 300; index += 1) {
    alike = addSums(alike, block(123.4, 30 + index / 10));
    exact = addSums(exact, block(150 + index / 3, 70));
  }
  expect([fitNumbering(alike), fitNumbering(exact)]).toEqual([undefined, undefined]);
});
