import type { ClockVerdict } from '../../contract/runtime-table.ts';
import type { ClockEstimate } from './estimate.ts';

/** Difference of two clocks that is certain: what is left when both estimates err as far as they can. */
export function provenSkewMs(a: ClockEstimate, b: ClockEstimate): number {
  return Math.max(0, Math.abs(a.offsetMs - b.offsetMs) - a.boundMs - b.boundMs);
}

/** The largest proven difference of any two clocks. */
export function largestProvenSkewMs(estimates: readonly ClockEstimate[]): number {
  return largest(pairs(estimates).map(([a, b]) => provenSkewMs(a, b)));
}

/** The largest estimated difference of any two clocks. */
export function spreadMs(estimates: readonly ClockEstimate[]): number {
  return largest(pairs(estimates).map(([a, b]) => Math.abs(a.offsetMs - b.offsetMs)));
}

/**
 * Which clocks are wrong, by their peers alone. A clock is `beyond` when it is proven to differ by more than the limit
 * from a majority of all clocks, itself counted out, that agree among each other. Two clocks prove nothing about which
 * of them is wrong, so they stay `undecided`.
 */
export function judgeClocks(estimates: readonly ClockEstimate[], limitMs: number): ClockVerdict[] {
  return estimates.map((own) => {
    const others = estimates.filter((other) => other !== own);
    const against = others.filter((other) => provenSkewMs(own, other) > limitMs);
    if (against.length === 0) return 'within';
    const agree = largestProvenSkewMs(against) <= limitMs;
    if (agree && against.length * 2 > estimates.length) return 'beyond';
    const supporters = others.length - against.length + 1;
    return supporters * 2 > estimates.length ? 'within' : 'undecided';
  });
}

/** Whether all clocks agree and yet differ, proven, from the one that measured them: then that one is suspect. */
export function isReferenceSuspect(estimates: readonly ClockEstimate[], limitMs: number): boolean {
  if (estimates.length < 2 || largestProvenSkewMs(estimates) > limitMs) return false;
  return estimates.every(({ offsetMs, boundMs }) => Math.abs(offsetMs) - boundMs > limitMs);
}

function pairs<T>(values: readonly T[]): [T, T][] {
  return values.flatMap((a, index) => values.slice(index + 1).map((b): [T, T] => [a, b]));
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
