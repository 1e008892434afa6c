import type { RunCheckpoint, StageCounters } from '../dataflow/index.ts';
import type { FileTarget } from './file-completion.ts';
import { describeThreadError, startLimitedThread } from './limited-thread.ts';
import { type ServiceCall, toFailure } from './service-threads.ts';
import type { WorkerCommand, WorkerMessage, WorkerOutcome, WorkerQuestion, WorkerTask } from './worker-protocol.ts';

/** What the work on a run asks of whoever owns it; a rejection fails the run. */
export interface RunKeeper {
  keepCheckpoint(checkpoint: RunCheckpoint): Promise<void>;
  beginFinishing(targets: readonly FileTarget[]): Promise<void>;
}

/** A run at work. */
export interface RunWork {
  /** Resolves, whatever comes, when nothing of the work goes on. */
  readonly outcome: Promise<WorkerOutcome>;
  counters(): readonly StageCounters[];
  /** The files that the run had begun when its work ended. */
  targets(): readonly FileTarget[];
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Ends the work at once and leaves everything as it is. */
  stop(): Promise<void>;
}

export type StartWork = (task: WorkerTask, keeper: RunKeeper) => RunWork;

/** Where the work is done: a thread, or in tests this very process. */
export interface WorkPlace {
  send(command: WorkerCommand): void;
  onMessage(receive: (message: WorkerMessage) => void): void;
  /** Called once when nothing more will come. */
  onEnd(tell: (why: string) => void): void;
  stop(): Promise<void>;
}

/** Services that other nodes run. */
export interface ServicesElsewhere {
  elsewhere(): readonly string[];
  /** The answers of each record, as JSON. */
  call(batch: Omit<ServiceCall, 'call'>): Promise<string>;
}

/**
 * Runs tasks in threads of their own: a job uses a processor for minutes, while the node answers requests in
 * milliseconds. `program` is the bundle of the worker.
 */
export function createWorkerStarter(program: string, memoryMiB: number, services: ServicesElsewhere): StartWork {
  return (task, keeper) => {
    const place = startThread(program, { ...task, servicesElsewhere: services.elsewhere() }, memoryMiB);
    return new JobWork(place, keeper, services);
  };
}

function startThread(program: string, task: WorkerTask, memoryMiB: number): WorkPlace {
  const worker = startLimitedThread(program, task, memoryMiB);
  return {
    send: (command) => worker.postMessage(command),
    onMessage: (receive) => void worker.on('message', receive),
    onEnd(tell) {
      worker.on('error', (error) => tell(`its worker ended: ${describeThreadError(error, memoryMiB)}`));
      worker.on('exit', () => tell('its worker ended before the run did'));
    },
    async stop() {
      await worker.terminate();
    },
  };
}

/** The node's side of a run at work. */
export class JobWork implements RunWork {
  readonly outcome: Promise<WorkerOutcome>;
  readonly #place: WorkPlace;
  readonly #keeper: RunKeeper;
  readonly #services: Pick<ServicesElsewhere, 'call'> | undefined;
  #counters: readonly StageCounters[] = [];
  #targets: readonly FileTarget[] = [];

  constructor(place: WorkPlace, keeper: RunKeeper, services?: Pick<ServicesElsewhere, 'call'>) {
    this.#services = services;
    this.#place = place;
    this.#keeper = keeper;
    this.outcome = new Promise((resolve) => {
      place.onMessage((message) => this.#receive(message, resolve));
      place.onEnd((error) => resolve({ status: 'failed', error }));
    });
  }

  counters(): readonly StageCounters[] {
    return this.#counters;
  }

  targets(): readonly FileTarget[] {
    return this.#targets;
  }

  pause(): void {
    this.#place.send({ kind: 'pause' });
  }

  resume(): void {
    this.#place.send({ kind: 'resume' });
  }

  cancel(): void {
    this.#place.send({ kind: 'cancel' });
  }

  stop(): Promise<void> {
    return this.#place.stop();
  }

  #receive(message: WorkerMessage, resolve: (outcome: WorkerOutcome) => void): void {
    if (message.kind === 'question') {
      void this.#settle(message.question, message.about);
      return;
    }
    if (message.kind === 'service') {
      void this.#passOn(message.call);
      return;
    }
    this.#counters = message.counters;
    if (message.kind !== 'outcome') return;
    this.#targets = message.targets;
    resolve(message.outcome);
  }

  async #passOn({ call, ...batch }: ServiceCall): Promise<void> {
    try {
      if (this.#services === undefined) throw new Error(`${batch.service} runs elsewhere, and nothing leads there`);
      this.#place.send({ kind: 'service', reply: { call, answers: await this.#services.call(batch) } });
    } catch (error) {
      this.#place.send({ kind: 'service', reply: { call, error: toFailure(error) } });
    }
  }

  async #settle(question: number, about: WorkerQuestion): Promise<void> {
    try {
      if (about.kind === 'checkpoint') await this.#keeper.keepCheckpoint(about.checkpoint);
      else await this.#keeper.beginFinishing(about.targets);
      this.#place.send({ kind: 'settled', question });
    } catch (error) {
      this.#place.send({ kind: 'settled', question, error: (error as Error).message });
    }
  }
}
