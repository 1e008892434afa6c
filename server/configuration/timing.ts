import { type Clock, systemClock } from '../foundation/clock.ts';

/** Clock, timers and chance, as one thing that a test or a simulation can own. */
export interface Timing extends Clock {
  /** Runs once after a delay; the returned function calls it off. */
  after(delayMs: number, run: () => void): () => void;
  /** In [0, 1). */
  random(): number;
}

export const systemTiming: Timing = {
  ...systemClock,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

export function pause(timing: Timing, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    timing.after(delayMs, resolve);
  });
}
