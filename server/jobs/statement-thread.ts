import { describeThreadError, startLimitedThread } from './limited-thread.ts';
import type { StoredConnection } from './run-record.ts';

/** What a thread that executes one statement is started with. */
export interface StatementTask {
  /** Name of the connection. */
  readonly connection: string;
  readonly definition: StoredConnection;
  /** The statement around its values: one text more than there are of them. */
  readonly texts: readonly string[];
  readonly values: readonly string[];
  readonly fileRoots: readonly string[];
  /** Folder of the secrets of one machine; Secrets Manager when empty. */
  readonly secrets: string;
}

/** How a statement ended: with a reason when it was not done. */
export interface StatementReply {
  readonly error?: string;
}

/** A statement at work. */
export interface StatementWork {
  readonly ended: Promise<StatementReply>;
  stop(): void;
}

/**
 * Executes a statement in a thread of its own, as databases in files work within it; `program` is the bundle of the worker.
 */
export function startStatement(program: string, task: StatementTask, memoryMiB: number): StatementWork {
  const worker = startLimitedThread(program, { statement: task }, memoryMiB);
  return {
    ended: new Promise((resolve) => {
      worker.on('message', resolve);
      worker.on('error', (error) => resolve({ error: describeThreadError(error, memoryMiB) }));
      worker.on('exit', () => resolve({ error: 'it was stopped; whether the statement was done is not known' }));
    }),
    stop: () => void worker.terminate(),
  };
}
