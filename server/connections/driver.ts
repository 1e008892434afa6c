import { SpectrumError } from '../foundation/errors.ts';

/** A value on its way to a database. */
export type Parameter = string | number | bigint | Uint8Array | null;

/** What a statement gave: rows as the database's own values. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Rows that were written. */
  readonly changes: number;
}

/** One connection to a database. Calls follow each other, those within a transaction included. */
export interface Driver {
  execute(sql: string, parameters?: readonly Parameter[]): Promise<Answer>;
  /** Rows in batches; never all of them in memory. */
  stream(sql: string, parameters: readonly Parameter[], batchRows: number): AsyncIterable<Answer>;
  /** Everything that `work` executes, or nothing of it. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A statement that the database refused; `isAboutData` when other values in it would do. */
export class StatementRefused extends SpectrumError {
  constructor(
    connection: string,
    cause: unknown,
    readonly isAboutData: boolean,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super('DATABASE_REFUSED', `connection ${connection}: ${reason}`, { connection }, { cause });
  }
}

/** Beside the limit of the server, which may not answer at all. */
export const answerGraceMs = 5_000;

/** A statement that came to the limit of its connection. */
export function tookTooLong(connection: string, statementMs: number, cause?: unknown): SpectrumError {
  const sentence = `connection ${connection}: a statement took longer than ${statementMs / 1_000} s; see what locks its tables or add an index, or raise statementSeconds of the connection`;
  return new SpectrumError('DATABASE_REFUSED', sentence, { connection }, { cause });
}

/** A database that cannot be reached, or lets nobody in. */
export function connectionFailed(connection: string, cause: unknown): SpectrumError {
  const { message = '', code = '' } = cause as { readonly message?: string; readonly code?: string };
  const sentence = `connection ${connection}: ${message || code || 'it cannot be opened'}; check its settings and its secret`;
  return new SpectrumError('CONNECTION_FAILED', sentence, { connection }, { cause });
}

/** The order of statements around work that is done as a whole. */
export async function inTransaction<Result>(
  execute: (sql: string) => Promise<unknown>,
  work: () => Promise<Result>,
  begin = 'BEGIN',
): Promise<Result> {
  await execute(begin);
  try {
    const result = await work();
    await execute('COMMIT');
    return result;
  } catch (error) {
    // What made the work fail is what counts, also when the connection is gone.
    await execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** A file server that cannot be reached, or refuses what is asked of it. */
export function serverFailed(server: string, cause: unknown): SpectrumError {
  const { message = '', code = '' } = cause as { readonly message?: string; readonly code?: string };
  return new SpectrumError('CONNECTION_FAILED', `file server ${server}: ${message || code}`, { server }, { cause });
}
