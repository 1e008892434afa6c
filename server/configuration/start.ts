import { SpectrumError } from '../foundation/errors.ts';
import { readEpoch } from './epochs.ts';
import type { Follower } from './follower.ts';
import { createGeneration, type Generation, type GenerationOptions } from './generation.ts';
import type { Homes } from './home.ts';
import { TableError } from './table.ts';
import { pause, type Timing } from './timing.ts';

export const startRetryMs = 250;
/** How long a start waits for what stands behind a hole to arrive, when the home cannot be asked for it. */
const holePatienceMs = 5_000;

/** Follows the epoch in force; rejects with `CONFIGURATION_UNAVAILABLE` when it cannot be read within `timeoutMs`. */
export async function startGeneration(options: GenerationOptions, timeoutMs: number): Promise<Generation> {
  const { table, clusterName, timing } = options;
  return startWithin(timing, timeoutMs, async (waitedMs) => {
    const generation = createGeneration(options, await readEpoch(table, clusterName, 'strong'));
    return startOrClose(generation, options.homes, waitedMs);
  });
}

/** Follows a newer epoch beside the one in force. */
export async function startNextGeneration(
  options: GenerationOptions,
  epoch: number,
  timeoutMs: number,
): Promise<Generation> {
  return startWithin(options.timing, timeoutMs, (waitedMs) =>
    startOrClose(createGeneration(options, epoch), options.homes, waitedMs),
  );
}

async function startOrClose(generation: Generation, homes: Homes, waitedMs: number): Promise<Generation> {
  try {
    await startFollower(generation.follower, homes, waitedMs);
    return generation;
  } catch (error) {
    generation.follower.close();
    throw error;
  }
}

/**
 * Reads what the home has; where that is another region which cannot be reached, what this region's replica has: the
 * node serves, and writes are refused until the home answers.
 */
async function startFollower(follower: Follower, homes: Homes, waitedMs: number): Promise<void> {
  const isHomeReachable = () => homes.isReachable(follower.replica().fold);
  try {
    await follower.start('strong');
  } catch (error) {
    if (isHomeReachable()) throw error;
    await follower.start('eventual');
    // What was read may name another home than the one that did not answer.
    if (isHomeReachable()) await follower.catchUp();
  }
  const { state, fold } = follower.replica();
  const isAsFarAsPossible = state === 'gapped' && fold.revision > 0 && !isHomeReachable() && waitedMs > holePatienceMs;
  // A copy that ends at a compacted change, since the snapshot beyond it is not visible yet, is not a start.
  if (state !== 'current' && !isAsFarAsPossible)
    throw new TableError('unreachable', `the log cannot be read beyond revision ${fold.revision}`);
}

async function startWithin<Started>(
  timing: Timing,
  timeoutMs: number,
  start: (waitedMs: number) => Promise<Started>,
): Promise<Started> {
  const beganMs = timing.monotonicMs();
  for (;;) {
    try {
      return await start(timing.monotonicMs() - beganMs);
    } catch (error) {
      if (timing.monotonicMs() + startRetryMs > beganMs + timeoutMs) throw notReadable(timeoutMs, error);
      await pause(timing, startRetryMs);
    }
  }
}

function notReadable(timeoutMs: number, error: unknown): SpectrumError {
  const cause = error instanceof Error ? error.message : String(error);
  const sentence = `The configuration database could not be read within ${timeoutMs} ms (${cause}); check its endpoint, table name and credentials`;
  return new SpectrumError('CONFIGURATION_UNAVAILABLE', sentence, { timeoutMs }, { cause: error });
}
