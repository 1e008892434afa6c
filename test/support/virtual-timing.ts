import type { Timing } from '../../server/configuration/timing.ts';

/** Time that passes only when told to, and chance from a seed: the same run every time. */
export class VirtualTiming implements Timing {
  private timeMs = 0;
  private state: number;
  private readonly timers = new TimerHeap();
  private count = 0;

  constructor(seed = 1) {
    this.state = seed >>> 0;
  }

  nowMs = (): number => 1_700_000_000_000 + this.timeMs;
  monotonicMs = (): number => this.timeMs;

  after = (delayMs: number, run: () => void): (() => void) => {
    const timer: Timer = { atMs: this.timeMs + Math.max(0, delayMs), order: this.count++, run };
    this.timers.push(timer);
    return () => {
      timer.run = undefined;
    };
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
      const next = this.timers.first();
      if (!next || next.atMs > endMs) break;
      this.timers.pop();
      if (!next.run) continue;
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
      const next = this.timers.first();
      if (!next) throw new Error('nothing left to wait for, and the promise is still pending');
      await this.pass(next.atMs - this.timeMs);
    }
    return watched;
  }
}

interface Timer {
  readonly atMs: number;
  /** Timers of the same moment run in the order they were set. */
  readonly order: number;
  /** Undefined once called off. */
  run: (() => void) | undefined;
}

/** A binary heap: thousands of simulated nodes have a timer each. */
class TimerHeap {
  private readonly timers: Timer[] = [];

  first(): Timer | undefined {
    return this.timers[0];
  }

  push(timer: Timer): void {
    let index = this.timers.push(timer) - 1;
    for (let parent = (index - 1) >> 1; index > 0 && this.isBefore(index, parent); parent = (index - 1) >> 1) {
      this.swap(index, parent);
      index = parent;
    }
  }

  pop(): void {
    const last = this.timers.pop();
    if (!last || this.timers.length === 0) return;
    this.timers[0] = last;
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let smallest = index;
      if (left < this.timers.length && this.isBefore(left, smallest)) smallest = left;
      if (right < this.timers.length && this.isBefore(right, smallest)) smallest = right;
      if (smallest === index) return;
      this.swap(index, smallest);
      index = smallest;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [left, right] = [this.timers[a] as Timer, this.timers[b] as Timer];
    return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
  }

  private swap(a: number, b: number): void {
    [this.timers[a], this.timers[b]] = [this.timers[b] as Timer, this.timers[a] as Timer];
  }
}

/** Promises that need no timer come to rest. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
