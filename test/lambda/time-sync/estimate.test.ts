import fc from 'fast-check';
import { estimateOffset } from '../../../lambda/time-sync/estimate.ts';

/** Stamps of one exchange with a clock that is `offset` ahead, over a path of `there` and `back` milliseconds. */
function exchange(offset: number, there: number, work: number, back: number, wholeMs: boolean) {
  const cut = (ms: number) => (wholeMs ? Math.floor(ms) : ms);
  const t0 = 1_760_000_000_000.25;
  return { t0, t1: cut(t0 + there + offset), t2: cut(t0 + there + work + offset), t3: t0 + there + work + back };
}

test('an even path gives the offset itself', () => {
  const { offsetMs, boundMs } = estimateOffset([exchange(250.125, 2, 1, 2, false)]);
  expect(offsetMs).toBeCloseTo(250.125, 2);
  expect(boundMs).toBeCloseTo(2, 1);
});

test('the exchange with the least round trip decides', () => {
  const estimate = estimateOffset([
    exchange(40, 9, 0, 1, false),
    exchange(40, 0.25, 0, 0.25, false),
    exchange(40, 1, 0, 30, false),
  ]);
  expect(estimate.offsetMs).toBeCloseTo(40, 2);
  expect(estimate.boundMs).toBeLessThan(0.3);
});

test('the truth is always within the bound, however uneven the path and coarse the stamps', () => {
  const ms = (max: number) => fc.double({ min: 0, max, noNaN: true });
  fc.assert(
    fc.property(
      fc.double({ min: -1e7, max: 1e7, noNaN: true }),
      fc.array(fc.tuple(ms(400), ms(50), ms(400)), { minLength: 1, maxLength: 9 }),
      fc.boolean(),
      (offset, paths, wholeMs) => {
        const { offsetMs, boundMs } = estimateOffset(
          paths.map(([there, work, back]) => exchange(offset, there, work, back, wholeMs)),
        );
        return Math.abs(offsetMs - offset) <= boundMs;
      },
    ),
  );
});

test('refuses to estimate from nothing', () => {
  expect(() => estimateOffset([])).toThrow('no exchange');
});
