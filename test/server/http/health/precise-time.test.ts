import fc from 'fast-check';
import { systemClock } from '../../../../server/foundation/clock.ts';
import { PreciseTime, stampUncertaintyMs, toWallMs } from '../../../../server/http/health/precise-time.ts';

/**
 * A machine whose clocks are read at moments of our choosing: every look takes ten microseconds, and the process sleeps
 * `sleepMs` before it.
 */
function createMachine(trueWallMinusMonotonicMs: number, sleepMs: () => number = () => 0) {
  let monotonicMs = 5_000.123;
  let offsetMs = trueWallMinusMonotonicMs;
  return {
    clock: {
      nowMs: () => Math.floor(look() + offsetMs),
      monotonicMs: () => look(),
    },
    pass: (ms: number) => (monotonicMs += ms),
    step: (ms: number) => (offsetMs += ms),
    truth: (stampMs: number) => stampMs + offsetMs,
  };
  function look(): number {
    monotonicMs += 0.01 + sleepMs();
    return monotonicMs;
  }
}

test.each([0, 1_700_000_000_000.25, 1_700_000_000_000.75])(
  'wall time is right to a twentieth of a millisecond (%d)',
  (offsetMs) => {
    const { clock, truth } = createMachine(offsetMs);
    const time = new PreciseTime(clock);
    for (let stamp = 0; stamp < 20; stamp++) {
      const monotonicMs = clock.monotonicMs();
      expect(Math.abs(toWallMs(monotonicMs, time.comparison()) - truth(monotonicMs))).toBeLessThan(0.05);
      expect(stampUncertaintyMs(time.comparison())).toBeLessThan(0.05);
    }
  },
);

test('the truth is always within the stated uncertainty, however long the process sleeps between two looks', () => {
  const sleeps = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 7, noNaN: true }) },
    ),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), sleeps, (offsetMs, lengths) => {
      let look = 0;
      const { clock, truth } = createMachine(offsetMs, () => lengths[look++ % lengths.length] ?? 0);
      const comparison = new PreciseTime(clock).comparison();
      const monotonicMs = clock.monotonicMs();
      const errorMs = Math.abs(toWallMs(monotonicMs, comparison) - truth(monotonicMs));
      return errorMs <= stampUncertaintyMs(comparison);
    }),
    { numRuns: 1_000 },
  );
});

test('a step of the wall clock shows within a second', () => {
  const { clock, pass, step, truth } = createMachine(1_700_000_000_000);
  const time = new PreciseTime(clock);
  time.comparison();
  step(-2_345.678);
  pass(1_001);
  const monotonicMs = clock.monotonicMs();
  expect(Math.abs(toWallMs(monotonicMs, time.comparison()) - truth(monotonicMs))).toBeLessThan(0.05);
});

test('on a real machine it agrees with the wall clock to a millisecond or so', () => {
  const wallMs = toWallMs(systemClock.monotonicMs(), new PreciseTime(systemClock).comparison());
  // The process may lose the processor in between.
  expect(Math.abs(wallMs - Date.now())).toBeLessThan(200);
});

test('a clock that stands still is not waited for, and known to a millisecond', () => {
  const comparison = new PreciseTime({ nowMs: () => 7, monotonicMs: () => 3 }).comparison();
  expect([toWallMs(3, comparison), stampUncertaintyMs(comparison)]).toEqual([7, 1.001]);
});
