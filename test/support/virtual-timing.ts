import type { Timing } from '../../server/configuration/timing.ts';

/** Time that passes only when told to, and chance from a seed: the same run every time. */
export class VirtualTiming implements Timing {
  private timeMs = 0;
  private state: number;
  private readonly timers = new Set<{ atMs: number; run: () => void }>();

  constructor(seed = 1) {
    this.state = seed >>> 0;
  }

  nowMs = (): number => 1_700_000_000_000 + this.timeMs;
  monotonicMs = (): number => this.timeMs;

  after = (delayMs: number, run: () => void): (() => void) => {
    const timer = { atMs: this.timeMs + Math.max(0, delayMs), run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  };

  /** Mulberry32. */
  random = (): number => {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };

  /** Lets `durationMs` pass: every timer in order, and whatever it sets off. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.timeMs + durationMs;
    await settle();
    for (;;) {
      const next = this.nextTimer();
      if (!next || next.atMs > endMs) break;
      this.timers.delete(next);
      this.timeMs = next.atMs;
      next.run();
      await settle();
    }
    this.timeMs = endMs;
  }

  /** Lets time pass until the promise settles. */
  async until<Result>(promise: Promise<Result>): Promise<Result> {
    let done = false;
    const watched = promise.finally(() => {
      done = true;
    });
    watched.catch(() => undefined);
    await settle();
    while (!done) {
      const next = this.nextTimer();
      if (!next) throw new Error('nothing left to wait for, and the promise is still pending');
      await this.pass(next.atMs - this.timeMs);
    }
    return watched;
  }

  private nextTimer() {
    let first: { atMs: number; run: () => void } | undefined;
    for (const timer of this.timers) if (!first || timer.atMs < first.atMs) first = timer;
    return first;
  }
}

/** Promises that need no timer come to rest. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
