import fc from 'fast-check';
import {
  isReferenceSuspect,
  judgeClocks,
  largestProvenSkewMs,
  provenSkewMs,
} from '../../../lambda/time-sync/verdict.ts';

const clock = (offsetMs: number, boundMs = 1) => ({ offsetMs, boundMs });
const limitMs = 100;

const cases: readonly [string, readonly number[], readonly string[]][] = [
  ['three that agree', [0, 3, -4], ['within', 'within', 'within']],
  ['one of three is ahead', [0, 2, 250], ['within', 'within', 'beyond']],
  ['one of five is behind', [0, 1, 2, 3, -900], ['within', 'within', 'within', 'within', 'beyond']],
  ['two alone prove nothing', [0, 250], ['undecided', 'undecided']],
  ['two against two', [0, 1, 300, 301], ['undecided', 'undecided', 'undecided', 'undecided']],
  ['three that all differ', [0, 300, 600], ['undecided', 'undecided', 'undecided']],
  ['one alone', [9000], ['within']],
  ['common offset of all', [5000, 5001, 5002], ['within', 'within', 'within']],
];

test.each(cases)('%s', (_name, offsets, verdicts) => {
  expect(
    judgeClocks(
      offsets.map((offset) => clock(offset)),
      limitMs,
    ),
  ).toEqual(verdicts);
});

test('a slow network proves no skew', () => {
  expect(provenSkewMs(clock(0, 200), clock(250, 200))).toBe(0);
  expect(judgeClocks([clock(0, 200), clock(2, 200), clock(250, 200)], limitMs)).toEqual(['within', 'within', 'within']);
});

test('clocks that agree with each other and not with the checker make the checker suspect', () => {
  expect(isReferenceSuspect([clock(5000), clock(5001), clock(5002)], limitMs)).toBe(true);
  expect(isReferenceSuspect([clock(5000)], limitMs)).toBe(false);
  expect(isReferenceSuspect([clock(0), clock(1), clock(5000)], limitMs)).toBe(false);
  expect(isReferenceSuspect([clock(20), clock(21)], limitMs)).toBe(false);
});

test('a clock within its bounds of the true time is never judged wrong by a majority of such clocks', () => {
  const honest = fc.record({
    error: fc.double({ min: -1, max: 1, noNaN: true }),
    boundMs: fc.double({ min: 0.1, max: 500, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(honest, { minLength: 1, maxLength: 9 }), (clocks) => {
      const estimates = clocks.map(({ error, boundMs }) => clock(error * boundMs, boundMs));
      return (
        judgeClocks(estimates, limitMs).every((verdict) => verdict === 'within') &&
        largestProvenSkewMs(estimates) < 1e-9
      );
    }),
  );
});
