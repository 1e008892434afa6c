import { rmdir, stat, utimes } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database, NormalQueryResult, Statement } from 'node-sqlite3-wasm';
import {
  type Answer,
  connectionFailed,
  type Driver,
  inTransaction,
  type Parameter,
  StatementRefused,
} from './driver.ts';

interface SqliteTiming {
  /** How long a statement waits for a file that another process uses. */
  readonly busyMs: number;
  /** A lock that nobody has touched for so long is that of a process which died. */
  readonly staleMs: number;
}

const defaultTiming: SqliteTiming = { busyMs: 60_000, staleMs: 30_000 };

/** A file of SQLite, which one connection of this process serves; whoever opened it closes it. */
export interface SqliteFile {
  /** A driver for one stage. What several of them do together is one transaction after the other. */
  connect(): Driver;
  close(): void;
}

/** Opens a file of SQLite, which is made when it is not there; its driver is loaded now. Throws `CONNECTION_FAILED`. */
export async function openSqliteFile(name: string, path: string, timing = defaultTiming): Promise<SqliteFile> {
  const { Database } = await import('node-sqlite3-wasm');
  try {
    return new SharedFile(name, path, timing, new Database(path));
  } catch (error) {
    throw connectionFailed(name, error);
  }
}

class SharedFile implements SqliteFile {
  readonly #name: string;
  readonly #lock: string;
  readonly #timing: SqliteTiming;
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Statements that have given rows and may give more: the file is locked until they end. */
  readonly #reading = new Set<Statement>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string, path: string, timing: SqliteTiming, database: Database) {
    this.#name = name;
    // The driver excludes other processes by this folder, which a killed one leaves behind.
    this.#lock = `${path}.lock`;
    this.#timing = timing;
    this.#database = database;
    this.#heartbeat = setInterval(() => void this.#touch(), timing.staleMs / 6).unref();
  }

  connect(): Driver {
    let isWithin = false;
    const executeNow: Driver['execute'] = (sql, parameters = []) =>
      this.#retried(() => this.#execute(sql, [...parameters]));
    const transact = async <Result>(work: () => Promise<Result>) => {
      isWithin = true;
      try {
        // With the lock from the beginning: one that is only waited for is not kept alive.
        return await inTransaction(executeNow, work, 'BEGIN IMMEDIATE');
      } finally {
        isWithin = false;
      }
    };
    return {
      // What another stage does may be undone with its transaction.
      execute: (sql, parameters) =>
        isWithin ? executeNow(sql, parameters) : this.#inTurn(() => executeNow(sql, parameters)),
      transaction: (work) => this.#inTurn(() => transact(work)),
      stream: (sql, parameters, batchRows) => this.#stream(sql, parameters, batchRows),
      close: async () => undefined,
    };
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const statement of this.#statements.values()) statement.finalize();
    if (this.#database.isOpen) this.#database.close();
  }

  #execute(sql: string, parameters: Parameter[]): Answer {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    try {
      if (/^\s*(select|with|values)\b/i.test(sql)) return toAnswer(statement.all(parameters) as NormalQueryResult[]);
      return { columns: [], rows: [], changes: statement.run(parameters).changes };
    } catch (error) {
      // One that failed takes no other values.
      this.#statements.delete(sql);
      statement.finalize();
      throw error;
    }
  }

  async *#stream(sql: string, parameters: readonly Parameter[], batchRows: number): AsyncGenerator<Answer> {
    const statement = await this.#retried(() => this.#database.prepare(sql.replace(/;\s*$/, '')));
    try {
      const rows = statement.iterate([...parameters]) as Iterator<NormalQueryResult>;
      for (;;) {
        const batch = await this.#retried(() => take(rows, batchRows));
        this.#reading.add(statement);
        if (batch.length === 0) return;
        yield toAnswer(batch);
      }
    } finally {
      this.#reading.delete(statement);
      if (this.#database.isOpen) statement.finalize();
    }
  }

  /** Transactions of several stages follow each other. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #retried<Result>(work: () => Result): Promise<Result> {
    for (let waitedMs = 0; ; waitedMs += retryMs) {
      try {
        return work();
      } catch (error) {
        const { message } = error as Error;
        if (!/database is locked/.test(message) || waitedMs >= this.#timing.busyMs) {
          throw new StatementRefused(this.#name, error, /constraint failed|datatype mismatch|too big/i.test(message));
        }
      }
      await this.#removeStaleLock();
      await wait(retryMs);
    }
  }

  /** Tells other processes that this one lives. */
  async #touch(): Promise<void> {
    const now = new Date();
    if (this.#database.isOpen && (this.#database.inTransaction || this.#reading.size > 0))
      await utimes(this.#lock, now, now).catch(() => undefined);
  }

  async #removeStaleLock(): Promise<void> {
    const found = await stat(this.#lock).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < this.#timing.staleMs) return;
    await rmdir(this.#lock).catch(() => undefined);
  }
}

const retryMs = 100;

function take(rows: Iterator<NormalQueryResult>, count: number): NormalQueryResult[] {
  const taken: NormalQueryResult[] = [];
  while (taken.length < count) {
    const { done, value } = rows.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

function toAnswer(rows: readonly NormalQueryResult[]): Answer {
  const columns = Object.keys(rows[0] ?? {});
  return { columns, rows: rows.map((row) => columns.map((column) => row[column])), changes: 0 };
}
