import type { Clock } from '../../foundation/clock.ts';

/** How long a difference between the two clocks counts: a step of the wall clock shows within this. */
const rememberedMs = 1_000;
/** The wall clock ticks every millisecond; one that stands still is given up. */
const longestLooks = 200_000;
/** Seen between two looks so close together, a tick is exact enough; a process put to sleep in between sees it late. */
const closeEnoughMs = 0.05;
const mostComparisons = 8;

/**
 * Wall time with fractions of a millisecond, which the platform's own wall clock does not tell: the monotonic clock is
 * compared with the wall clock at the moment this ticks.
 */
export class PreciseTime {
  readonly #clock: Clock;
  #wallMinusMonotonicMs = 0;
  #comparedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Turns a stamp of the monotonic clock into milliseconds since 1970. */
  toWallMs(monotonicMs: number): number {
    if (this.#clock.monotonicMs() - this.#comparedAtMs > rememberedMs) this.#compare();
    return Math.round((monotonicMs + this.#wallMinusMonotonicMs) * 1_000) / 1_000;
  }

  /** Watches for about a millisecond, and again while the machine keeps it from looking often enough. */
  #compare(): void {
    let best = this.#watchTick();
    for (let count = 1; best.apartMs > closeEnoughMs && count < mostComparisons; count++) {
      const next = this.#watchTick();
      if (next.apartMs < best.apartMs) best = next;
    }
    this.#wallMinusMonotonicMs = best.wallMinusMonotonicMs;
    this.#comparedAtMs = this.#clock.monotonicMs();
  }

  /** The difference of the clocks where the wall clock ticked, and how far apart the looks before and after were. */
  #watchTick(): { readonly wallMinusMonotonicMs: number; readonly apartMs: number } {
    const firstMs = this.#clock.nowMs();
    let beforeMs = this.#clock.monotonicMs();
    let afterMs = beforeMs;
    let wallMs = firstMs;
    for (let look = 0; wallMs === firstMs && look < longestLooks; look++) {
      beforeMs = afterMs;
      wallMs = this.#clock.nowMs();
      afterMs = this.#clock.monotonicMs();
    }
    return { wallMinusMonotonicMs: wallMs - (beforeMs + afterMs) / 2, apartMs: afterMs - beforeMs };
  }
}
