import { once } from 'node:events';
import type { ServerSettings } from './database-settings.ts';
import {
  type Answer,
  connectionFailed,
  type Driver,
  inTransaction,
  type Parameter,
  StatementRefused,
} from './driver.ts';

/** Opens a connection to MySQL or MariaDB; its driver is loaded now. Throws `CONNECTION_FAILED`. */
export async function openMysql(name: string, settings: ServerSettings, password: string): Promise<Driver> {
  const { createConnection } = await import('mysql2');
  const { host, port, database, user, tls } = settings;
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
  try {
    await promised.connect();
    await promised.query("SET time_zone = '+00:00'");
  } catch (error) {
    connection.destroy();
    throw connectionFailed(name, error);
  }
  const refuse = (error: unknown) => new StatementRefused(name, error, isAboutData(error));
  const execute = async (sql: string, parameters?: readonly Parameter[]): Promise<Answer> => {
    try {
      // What has no parameters may be a statement that cannot be prepared.
      const [result, fields] =
        parameters === undefined ? await promised.query(sql) : await promised.execute(sql, [...parameters]);
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
      const query = connection.execute(sql.replace(/;\s*$/, ''), [...parameters]);
      const described = once(query, 'fields');
      const rows = query.stream({ highWaterMark: batchRows });
      described.catch(() => undefined);
      let batch: unknown[][] = [];
      try {
        for await (const row of rows as AsyncIterable<unknown[]>) {
          batch.push(row);
          if (batch.length < batchRows) continue;
          yield { columns: await columnsOf(described), rows: batch, changes: 0 };
          batch = [];
        }
        if (batch.length > 0) yield { columns: await columnsOf(described), rows: batch, changes: 0 };
      } catch (error) {
        throw error instanceof StatementRefused ? error : refuse(error);
      }
    },
    async close() {
      // A stream that nobody reads to its end would hold back a polite good-bye.
      connection.destroy();
    },
  };
}

async function columnsOf(described: Promise<unknown[]>): Promise<string[]> {
  const [fields] = (await described) as [readonly { readonly name: string }[]];
  return fields.map((field) => field.name);
}

/** Errors of MySQL about values that have no SQLSTATE of their own: wrong value, check constraint, no default. */
const numbersAboutData: ReadonlySet<number> = new Set([1364, 1366, 3819, 4025]);

function isAboutData(error: unknown): boolean {
  const { sqlState, errno } = error as { readonly sqlState?: string; readonly errno?: number };
  return (typeof sqlState === 'string' && /^(22|23)/.test(sqlState)) || numbersAboutData.has(errno ?? 0);
}
