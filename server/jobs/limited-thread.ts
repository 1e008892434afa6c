import { Worker } from 'node:worker_threads';
import { environment } from '../../contract/environment.ts';

/** A thread whose heap has at most `memoryMiB`: it ends with an error at its limit, and the node goes on. */
export function startLimitedThread(program: string, data: unknown, memoryMiB: number): Worker {
  return new Worker(program, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: memoryMiB } });
}

/** Why a thread ended; one that came to its limit names the setting. */
export function describeThreadError(error: NodeJS.ErrnoException, memoryMiB: number): string {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error.message;
  return `it needs more memory than the ${memoryMiB} MiB of ${environment.jobMemoryMiB}`;
}
