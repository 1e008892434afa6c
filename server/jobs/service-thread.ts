import { Worker } from 'node:worker_threads';
import type { ServiceThread } from './service-threads.ts';

/** Starts a thread that answers calls of services by `program`, which is given `data`. */
export function startServiceThread(program: string, data: unknown): ServiceThread {
  const worker = new Worker(program, { workerData: data });
  return {
    send: (call) => worker.postMessage(call),
    onReply: (receive) => void worker.on('message', receive),
    onEnd(tell) {
      worker.on('error', (error) => tell(`a thread of its services ended: ${error.message}`));
      worker.on('exit', () => tell('a thread of its services ended before the run did'));
    },
    async stop() {
      await worker.terminate();
    },
  };
}
