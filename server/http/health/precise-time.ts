import type { Clock } from '../../foundation/clock.ts';

/** How long a difference between the two clocks counts: a step of the wall clock shows within this. */
const rememberedMs = 1_000;
/** The wall clock ticks every millisecond; one that stands still is given up. */
const longestLooks = 200_000;
/** Seen between two looks so close together, a tick is exact enough; a process put to sleep in between sees it late. */
const closeEnoughMs = 0.05;
const mostComparisons = 8;
const tickMs = 1;

/** The wall clock against the monotonic one, as their difference and how far the truth can be from it. */
interface ClockComparison {
  readonly wallMinusMonotonicMs: number;
  /** Hard, however long the process was put to sleep, as long as nobody has set the wall clock since. */
  readonly uncertaintyMs: number;
}

/**
 * Wall time with fractions of a millisecond, which the platform's own wall clock does not tell: the monotonic clock is
 * compared with the wall clock at the moment this ticks.
 */
export class PreciseTime {
  readonly #clock: Clock;
  #latest: ClockComparison | undefined;
  #comparedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The comparison that holds now, at most a second old; a new one takes about a millisecond. */
  comparison(): ClockComparison {
    const isOld = this.#clock.monotonicMs() - this.#comparedAtMs > rememberedMs;
    if (this.#latest && !isOld) return this.#latest;
    this.#latest = this.#compare();
    this.#comparedAtMs = this.#clock.monotonicMs();
    return this.#latest;
  }

  /** Watches a tick, and again while the machine keeps it from looking often enough. */
  #compare(): ClockComparison {
    let best = this.#watchTick();
    for (let count = 1; best.uncertaintyMs > closeEnoughMs / 2 && count < mostComparisons; count++) {
      const next = this.#watchTick();
      if (next.uncertaintyMs < best.uncertaintyMs) best = next;
    }
    return best;
  }

  /** The wall clock ticked after the stamp before the last look that showed the old millisecond, and before `afterMs`. */
  #watchTick(): ClockComparison {
    let beforeMs = this.#clock.monotonicMs();
    const firstMs = this.#clock.nowMs();
    let betweenMs = this.#clock.monotonicMs();
    for (let look = 0; look < longestLooks; look++) {
      const wallMs = this.#clock.nowMs();
      const afterMs = this.#clock.monotonicMs();
      if (wallMs !== firstMs) {
        return { wallMinusMonotonicMs: wallMs - (beforeMs + afterMs) / 2, uncertaintyMs: (afterMs - beforeMs) / 2 };
      }
      beforeMs = betweenMs;
      betweenMs = afterMs;
    }
    return { wallMinusMonotonicMs: firstMs - betweenMs, uncertaintyMs: tickMs };
  }
}

/** Turns a stamp of the monotonic clock into milliseconds since 1970, in whole microseconds. */
export function toWallMs(monotonicMs: number, { wallMinusMonotonicMs }: ClockComparison): number {
  return Math.round((monotonicMs + wallMinusMonotonicMs) * 1_000) / 1_000;
}

/** How far `toWallMs` can be from the truth, in whole microseconds, its own rounding included. */
export function stampUncertaintyMs({ uncertaintyMs }: ClockComparison): number {
  return Math.ceil(uncertaintyMs * 1_000 + 0.5) / 1_000;
}
