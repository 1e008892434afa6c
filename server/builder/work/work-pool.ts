import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { ErrorCode } from '../../../contract/errors.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { type Job, listTransfers, type ResultOf, Workbench } from './jobs.ts';
import type { SharedPostalCodes } from './postal-lookup.ts';

type Answer =
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly code?: ErrorCode;
        readonly message: string;
        readonly facts: Readonly<Record<string, unknown>>;
      };
    };

interface Thread {
  readonly worker: Worker;
  settle: ((answer: Answer) => void) | undefined;
}

/** Does jobs, on threads of their own where there are any. */
export interface JobRunner {
  /** So many jobs can be under way at once. */
  readonly width: number;
  run<Each extends Job>(job: Each): Promise<ResultOf<Each>>;
  close(): Promise<void>;
}

/** Young objects are most of what a job makes; a larger nursery copies fewer of them. */
const resourceLimits = { maxYoungGenerationSizeMb: 32 };

/** @param threads none does every job on this thread */
export function openJobRunner(script: string, threads: number, postalCodes: SharedPostalCodes): JobRunner {
  if (threads > 0) return new WorkPool(script, threads, postalCodes);
  const bench = new Workbench(postalCodes);
  return { width: 1, run: (job) => bench.run(job), close: async () => undefined };
}

/** What the program runs when it was started as a thread of the pool. */
export function serveJobs(): void {
  const bench = new Workbench(workerData as SharedPostalCodes);
  parentPort?.on('message', (job: Job) => {
    bench.run(job).then(
      (result) => parentPort?.postMessage({ result } satisfies Answer, listTransfers(result)),
      (error: unknown) => parentPort?.postMessage({ error: describeError(error) } satisfies Answer),
    );
  });
}

class WorkPool implements JobRunner {
  readonly #threads: Thread[];
  readonly #free: Thread[];
  readonly #waiting: ((thread: Thread) => void)[] = [];

  constructor(
    script: string,
    readonly width: number,
    postalCodes: SharedPostalCodes,
  ) {
    this.#threads = Array.from({ length: width }, () => this.#start(script, postalCodes));
    this.#free = [...this.#threads];
  }

  async run<Each extends Job>(job: Each): Promise<ResultOf<Each>> {
    const thread = this.#free.pop() ?? (await new Promise<Thread>((take) => this.#waiting.push(take)));
    try {
      const answer = await new Promise<Answer>((settle) => {
        thread.settle = settle;
        thread.worker.postMessage(job, listTransfers(job));
      });
      if ('result' in answer) return answer.result as ResultOf<Each>;
      throw toError(answer.error);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(thread);
      else this.#free.push(thread);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(script: string, postalCodes: SharedPostalCodes): Thread {
    const worker = new Worker(script, { workerData: postalCodes, resourceLimits });
    const thread: Thread = { worker, settle: undefined };
    worker.on('message', (answer: Answer) => thread.settle?.(answer));
    worker.on('error', (error) => thread.settle?.({ error: describeError(error) }));
    return thread;
  }
}

function describeError(error: unknown) {
  if (error instanceof SpectrumError) return { code: error.code, message: error.message, facts: error.facts };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), facts: {} };
}

function toError({ code, message, facts }: Extract<Answer, { error: unknown }>['error']): Error {
  return code === undefined ? new Error(message) : new SpectrumError(code, message, facts);
}
