import { availableParallelism } from 'node:os';
import type { Clock } from '../foundation/clock.ts';

/** Measures the share of the machine's processors that this process used since the last question, 0 to 1. */
export function createProcessorLoad(clock: Pick<Clock, 'monotonicMs'>): () => number {
  let usage = process.cpuUsage();
  let atMs = clock.monotonicMs();
  return () => {
    const elapsedMs = clock.monotonicMs() - atMs;
    const { user, system } = process.cpuUsage(usage);
    usage = process.cpuUsage();
    atMs += elapsedMs;
    const share = (user + system) / 1_000 / Math.max(elapsedMs, 1) / availableParallelism();
    return Math.min(1, Math.round(share * 1_000) / 1_000);
  };
}
