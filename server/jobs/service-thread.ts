import { describeThreadError, startLimitedThread } from './limited-thread.ts';
import type { ServiceThread } from './service-threads.ts';

/** Starts a thread that answers calls of services by `program`, which is given `data`, with a heap of `memoryMiB`. */
export function startServiceThread(program: string, data: unknown, memoryMiB: number): ServiceThread {
  const worker = startLimitedThread(program, data, memoryMiB);
  return {
    send: (call) => worker.postMessage(call),
    onReply: (receive) => void worker.on('message', receive),
    onEnd(tell) {
      worker.on('error', (error) => tell(`a thread of its services ended: ${describeThreadError(error, memoryMiB)}`));
      worker.on('exit', () => tell('a thread of its services ended before the run did'));
    },
    async stop() {
      await worker.terminate();
    },
  };
}
