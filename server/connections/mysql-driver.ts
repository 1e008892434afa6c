import { once } from 'node:events';
import type { Connection as Promised } from 'mysql2/promise';
import { SpectrumError } from '../foundation/errors.ts';
import type { ServerSettings } from './database-settings.ts';
import {
  type Answer,
  answerGraceMs,
  connectionFailed,
  type Driver,
  inTransaction,
  type Parameter,
  StatementRefused,
  tookTooLong,
} from './driver.ts';

/** Opens a connection to MySQL or MariaDB; its driver is loaded now. Throws `CONNECTION_FAILED`. */
export async function openMysql(name: string, settings: ServerSettings, password: string): Promise<Driver> {
  const { createConnection } = await import('mysql2');
  const { host, port, database, user, tls, statementMs } = settings;
  const connection = createConnection({
    ...(host.startsWith('/') ? { socketPath: host } : { host, port }),
    database,
    user,
    password,
    ...(tls && { ssl: tls }),
    connectTimeout: settings.connectMs,
    charset: 'utf8mb4',
    timezone: 'Z',
    // Every value as text where a number or a date of JavaScript could lose something.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    rowsAsArray: true,
  });
  // Without a listener a connection that breaks while nothing waits for it would end the process.
  connection.on('error', () => undefined);
  const promised = connection.promise();
  let isMariadb = false;
  /** MariaDB limits every statement by seconds, MySQL those that read by milliseconds. */
  const limit = async (ms: number) => {
    if (statementMs === 0) return;
    await promised.query(
      `SET SESSION ${isMariadb ? `max_statement_time = ${ms / 1_000}` : `max_execution_time = ${ms}`}`,
    );
  };
  try {
    await promised.connect();
    await promised.query("SET time_zone = '+00:00'");
    isMariadb = await askMariadb(promised);
    await limit(statementMs);
  } catch (error) {
    connection.destroy();
    throw connectionFailed(name, error);
  }
  const refuse = (error: unknown) => {
    if (!isTimeout(error)) return new StatementRefused(name, error, isAboutData(error));
    connection.destroy();
    return tookTooLong(name, statementMs, error);
  };
  const execute = async (sql: string, parameters?: readonly Parameter[]): Promise<Answer> => {
    try {
      const options = { sql, ...(statementMs > 0 && { timeout: statementMs + answerGraceMs }) };
      // What has no parameters may be a statement that cannot be prepared.
      const [result, fields] =
        parameters === undefined ? await promised.query(options) : await promised.execute(options, [...parameters]);
      if (Array.isArray(result)) {
        return { columns: (fields ?? []).map((field) => field.name), rows: result as unknown[][], changes: 0 };
      }
      return { columns: [], rows: [], changes: result.affectedRows };
    } catch (error) {
      throw refuse(error);
    }
  };
  return {
    execute,
    transaction: (work) => inTransaction((sql) => execute(sql), work),
    async *stream(sql, parameters, batchRows) {
      // The limit of the server would count the time that the rows are worked on.
      await limit(0);
      const query = connection.execute(sql.replace(/;\s*$/, ''), [...parameters]);
      const described = once(query, 'fields');
      const rows = query.stream({ highWaterMark: batchRows });
      described.catch(() => undefined);
      const patience = new Patience(statementMs, () => {
        connection.destroy();
        rows.destroy(tookTooLong(name, statementMs));
      });
      let batch: unknown[][] = [];
      try {
        patience.begin();
        for await (const row of rows as AsyncIterable<unknown[]>) {
          // What a statement without a result says of itself comes like a row.
          if (!Array.isArray(row)) throw refuse(new Error('the statement gives no rows; use one that does'));
          batch.push(row);
          if (batch.length < batchRows) continue;
          patience.end();
          yield { columns: await columnsOf(described), rows: batch, changes: 0 };
          patience.begin();
          batch = [];
        }
        patience.end();
        if (batch.length > 0) yield { columns: await columnsOf(described), rows: batch, changes: 0 };
        await limit(statementMs);
      } catch (error) {
        throw error instanceof SpectrumError ? error : refuse(error);
      } finally {
        patience.end();
      }
    },
    async close() {
      // A stream that nobody reads to its end would hold back a polite good-bye.
      connection.destroy();
    },
  };
}

/** Ends a wait that takes too long; none at 0 ms. */
class Patience {
  readonly #limitMs: number;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, giveUp: () => void) {
    this.#limitMs = limitMs;
    this.#giveUp = giveUp;
  }

  begin(): void {
    if (this.#limitMs > 0) this.#timer = setTimeout(this.#giveUp, this.#limitMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

async function columnsOf(described: Promise<unknown[]>): Promise<string[]> {
  const [fields] = (await described) as [readonly { readonly name: string }[]];
  return fields.map((field) => field.name);
}

async function askMariadb(connection: Promised): Promise<boolean> {
  const [rows] = await connection.query({ sql: 'SELECT VERSION()', rowsAsArray: true });
  return String(rows).includes('MariaDB');
}

/** ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_TIMEOUT of MySQL, and the driver's own. */
function isTimeout(error: unknown): boolean {
  const { errno, code } = error as { readonly errno?: number; readonly code?: string };
  return errno === 1969 || errno === 3024 || code === 'PROTOCOL_SEQUENCE_TIMEOUT';
}

/** Errors of MySQL about values that have no SQLSTATE of their own: wrong value, check constraint, no default. */
const numbersAboutData: ReadonlySet<number> = new Set([1364, 1366, 3819, 4025]);

function isAboutData(error: unknown): boolean {
  const { sqlState, errno } = error as { readonly sqlState?: string; readonly errno?: number };
  return (typeof sqlState === 'string' && /^(22|23)/.test(sqlState)) || numbersAboutData.has(errno ?? 0);
}
