/** How often a follower asks: fast while changes flow, resting below one second, backing off when refused. */
export interface Pace {
  readonly delayMs: number;
}

export type PollOutcome = 'changes' | 'quiet' | 'throttled' | 'unreachable';

/** Shortest delay while changes flow. */
const fastMs = 100;
/** Longest quiet delay; with its jitter still below one second. */
const restMs = 700;
const slowerFactor = 1.6;
const jitterShare = 0.15;
const longestThrottledMs = 20_000;
const longestUnreachableMs = 1_500;

/** An empty eventually consistent query costs half a read unit; all nodes together stay below this many a second. */
const readUnitsPerSecond = 850;
const unitsPerPoll = 0.5;

export const firstPace: Pace = { delayMs: fastMs };

/** The pace after a poll, for a log that `followers` nodes read. */
export function nextPace(pace: Pace, outcome: PollOutcome, followers: number): Pace {
  const floorMs = (followers * unitsPerPoll * 1_000) / readUnitsPerSecond;
  const fast = Math.max(fastMs, floorMs);
  const rest = Math.max(restMs, floorMs);
  switch (outcome) {
    case 'changes':
      return { delayMs: fast };
    case 'quiet':
      return { delayMs: Math.min(Math.max(pace.delayMs, fast) * slowerFactor, rest) };
    case 'throttled':
      return { delayMs: Math.min(Math.max(pace.delayMs, rest) * 2, Math.max(longestThrottledMs, rest)) };
    case 'unreachable':
      return { delayMs: Math.min(Math.max(pace.delayMs, fast) * 2, Math.max(longestUnreachableMs, rest)) };
  }
}

/** The delay with its jitter, so that followers started together do not stay together; `random` is in [0, 1). */
export function jitteredMs(pace: Pace, random: number): number {
  return pace.delayMs * (1 - jitterShare + 2 * jitterShare * random);
}
