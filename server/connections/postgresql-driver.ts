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

/** Opens a connection to PostgreSQL; its driver is loaded now. Throws `CONNECTION_FAILED`. */
export async function openPostgresql(name: string, settings: ServerSettings, password: string): Promise<Driver> {
  const { Client } = await import('pg');
  const { host, port, database, user, tls, statementMs } = settings;
  const client = new Client({
    host,
    port,
    database,
    user,
    password,
    ssl: tls,
    keepAlive: true,
    connectionTimeoutMillis: settings.connectMs,
    application_name: 'spectrum',
    ...(statementMs > 0 && { statement_timeout: statementMs, query_timeout: statementMs + answerGraceMs }),
    options: '-c datestyle=ISO -c timezone=UTC -c bytea_output=hex -c extra_float_digits=3',
    // Every value as the text that the database wrote: what it means is for the type of its field.
    types: { getTypeParser: () => (text: string) => text },
  });
  // Without a listener a connection that breaks while nothing waits for it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw connectionFailed(name, error);
  }
  const execute = async (sql: string, parameters: readonly Parameter[] = []): Promise<Answer> => {
    try {
      const query = { text: sql, values: [...parameters], rowMode: 'array' as const };
      const { fields, rows, rowCount } = await client.query<unknown[]>(query);
      return { columns: fields.map((field) => field.name), rows, changes: rowCount ?? 0 };
    } catch (error) {
      if (isTimeout(error)) throw tookTooLong(name, statementMs, error);
      throw new StatementRefused(name, error, isAboutData(error));
    }
  };
  const transaction: Driver['transaction'] = (work) => inTransaction(execute, work);
  return {
    execute,
    transaction,
    async *stream(sql, parameters, batchRows) {
      await execute('BEGIN');
      try {
        await execute(`DECLARE spectrum_rows NO SCROLL CURSOR FOR ${sql.replace(/;\s*$/, '')}`, parameters);
        for (;;) {
          const answer = await execute(`FETCH ${batchRows} FROM spectrum_rows`);
          if (answer.rows.length === 0) return;
          yield answer;
        }
      } finally {
        await execute('ROLLBACK').catch(() => undefined);
      }
    },
    close: () => client.end(),
  };
}

/** The server's own limit, or none of its answers. */
function isTimeout(error: unknown): boolean {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return (code === '57014' && message?.includes('statement timeout')) || message === 'Query read timeout';
}

/** Classes data exception, integrity constraint violation, WITH CHECK OPTION violation (PostgreSQL appendix A). */
function isAboutData(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return typeof code === 'string' && /^(22|23|44)/.test(code);
}
