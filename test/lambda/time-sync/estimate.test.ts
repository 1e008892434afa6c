import fc from 'fast-check';
import { estimateOffset } from '../../../lambda/time-sync/estimate.ts';

/** Stamps of one exchange with a clock that is `offset` ahead, over a path of `there` and `back` milliseconds. */
function exchange(offset: number, there: number, work: number, back: number, wholeMs: boolean, uncertaintyMs = 0) {
  const cut = (ms: number) => (wholeMs ? Math.floor(ms) : ms);
  const t0 = 1_760_000_000_000.25;
  const [t1, t2] = [cut(t0 + there + offset), cut(t0 + there + work + offset)];
  return { t0, t1, t2, t3: t0 + there + work + back, uncertaintyMs };
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
      ms(5),
      fc.double({ min: -1, max: 1, noNaN: true }),
      (offset, paths, wholeMs, uncertaintyMs, part) => {
        // Stamps that are off by as much as the node says, or less.
        const stamped = offset + part * uncertaintyMs;
        const { offsetMs, boundMs } = estimateOffset(
          paths.map(([there, work, back]) => exchange(stamped, there, work, back, wholeMs, uncertaintyMs)),
        );
        return Math.abs(offsetMs - offset) <= boundMs;
      },
    ),
  );
});

test('an exchange with exacter stamps goes before one with a shorter way', () => {
  const exact = exchange(40, 1, 0, 1, false, 0.01);
  expect(estimateOffset([exchange(41, 0.5, 0, 0.5, false, 2), exact])).toEqual(estimateOffset([exact]));
});

test('a node that does not say how exact its stamps are is not believed to be exact', () => {
  const { boundMs } = estimateOffset([{ t0: 10.5, t1: 11.25, t2: 11.25, t3: 11.5 }]);
  expect(boundMs).toBeGreaterThan(1);
});

test('refuses to estimate from nothing', () => {
  expect(() => estimateOffset([])).toThrow('no exchange');
});
