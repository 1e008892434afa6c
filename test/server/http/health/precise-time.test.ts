import { systemClock } from '../../../../server/foundation/clock.ts';
import { PreciseTime } from '../../../../server/http/health/precise-time.ts';

/** A machine whose clocks are read at moments of our choosing: every look takes ten microseconds. */
function createMachine(trueWallMinusMonotonicMs: number) {
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
    monotonicMs += 0.01;
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
      expect(Math.abs(time.toWallMs(monotonicMs) - truth(monotonicMs))).toBeLessThan(0.05);
    }
  },
);

test('a step of the wall clock shows within a second', () => {
  const { clock, pass, step, truth } = createMachine(1_700_000_000_000);
  const time = new PreciseTime(clock);
  time.toWallMs(clock.monotonicMs());
  step(-2_345.678);
  pass(1_001);
  const monotonicMs = clock.monotonicMs();
  expect(Math.abs(time.toWallMs(monotonicMs) - truth(monotonicMs))).toBeLessThan(0.05);
});

test('on a real machine it agrees with the wall clock to a millisecond or so', () => {
  const wallMs = new PreciseTime(systemClock).toWallMs(systemClock.monotonicMs());
  // The process may lose the processor in between.
  expect(Math.abs(wallMs - Date.now())).toBeLessThan(200);
});

test('a clock that stands still is not waited for', () => {
  expect(new PreciseTime({ nowMs: () => 7, monotonicMs: () => 3 }).toWallMs(3)).toBe(7);
});
