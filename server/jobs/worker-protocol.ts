import type { RunCheckpoint, StageCounters } from '../dataflow/index.ts';
import type { FileTarget } from './file-completion.ts';
import type { RunOrder } from './run-record.ts';
import type { ServiceCall, ServiceReply } from './service-threads.ts';

/** What a worker thread is started with. */
export interface WorkerTask {
  readonly order: RunOrder;
  readonly epoch: number;
  readonly restored?: RunCheckpoint;
  /** Nothing is left to do but to give these files their names. */
  readonly finish?: readonly FileTarget[];
  /** Folder that holds `<database>/<vintage>/`. */
  readonly referenceData: string;
  readonly fileRoots: readonly string[];
  /** Folder of the secrets of one machine; Secrets Manager when empty. */
  readonly secrets: string;
  /** Services that nodes of other groups run: the node passes their calls on. */
  readonly servicesElsewhere?: readonly string[];
  /** Absolute paths of the programs that flows may run, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly spillRoot: string;
  /** Heap of each thread that answers for services, as that of the run's own. */
  readonly memoryMiB: number;
  readonly checkpointRows: number;
  readonly checkpointMs: number;
}

/** From the node to the worker. `settled` answers the question of that number; with an error the run fails. */
export type WorkerCommand =
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'settled'; readonly question: number; readonly error?: string }
  | { readonly kind: 'service'; readonly reply: ServiceReply };

/** From the worker to the node. The worker goes on with a question once it is settled. */
export type WorkerMessage =
  | { readonly kind: 'counters'; readonly counters: readonly StageCounters[] }
  | { readonly kind: 'question'; readonly question: number; readonly about: WorkerQuestion }
  | { readonly kind: 'service'; readonly call: ServiceCall }
  | {
      readonly kind: 'outcome';
      readonly outcome: WorkerOutcome;
      readonly counters: readonly StageCounters[];
      /** The files that the run has begun; those without a name are for whoever ends the run to remove. */
      readonly targets: readonly FileTarget[];
    };

export type WorkerQuestion =
  | { readonly kind: 'checkpoint'; readonly checkpoint: RunCheckpoint }
  | { readonly kind: 'finishing'; readonly targets: readonly FileTarget[] };

export type WorkerOutcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly error: string }
  | { readonly status: 'cancelled' };
