import { median } from '../report.ts';

export interface Side {
  readonly name: string;
  /** How many rows one call of `run` does. */
  readonly rows: number;
  run(): Promise<void> | void;
}

/**
 * Rows a second of processor time for each side, round by round: sides follow each other within a round, so that what
 * else the machine does falls on all of them, and time that other programs take is not counted.
 */
export async function measureRates(sides: readonly Side[], rounds: number): Promise<readonly (readonly number[])[]> {
  const rates = sides.map((): number[] => []);
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, side] of sides.entries()) {
      const seconds = await takeProcessorSeconds(() => side.run());
      if (round > 0) rates[at]?.push(side.rows / seconds);
    }
  }
  return rates;
}

/** The middle of the rounds' ratios. */
export function ratioOf(values: readonly number[], baselines: readonly number[]): number {
  return median(values.map((value, round) => value / (baselines[round] ?? Number.NaN)));
}

/** Of this process, its helper threads included. */
export async function takeProcessorSeconds(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
