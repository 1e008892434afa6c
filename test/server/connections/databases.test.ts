import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionDefinition, type Databases, openDatabases } from '../../../server/connections/index.ts';
import { describeDatabase } from '../../support/database-cases.ts';
import { findMariadb, type MariadbPrograms, type MariadbServer, startMariadb } from '../../support/mariadb-server.ts';
import { findPostgresql, type PostgresqlServer, startPostgresql } from '../../support/postgresql-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'databases-'));
const secrets = { resolve: async (reference: string) => `password behind ${reference}` };
const opened: Databases[] = [];

function open(run: string, db: ConnectionDefinition): Databases {
  const databases = openDatabases({ run, connections: { db }, secrets, fileRoots: [folder] });
  opened.push(databases);
  return databases;
}

/** Runs share a file only one after the other. */
async function closeAll(): Promise<void> {
  for (const databases of opened.splice(0)) await databases.close();
}

afterAll(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

let shared: Databases | undefined;
afterAll(() => shared?.close());

describeDatabase('SQLite', () => ({
  open(run) {
    shared ??= open('', { type: 'sqlite', settings: { file: 'test.db' } });
    const { open: openSession } = shared;
    return { run, open: openSession };
  },
}));

const postgresql = findPostgresql();
if (postgresql === undefined) process.stderr.write('PostgreSQL is not installed: its connections were NOT tested\n');

(postgresql === undefined ? describe.skip : describe)('on a server of its own', () => {
  let server: PostgresqlServer;
  beforeAll(async () => {
    server = await startPostgresql(postgresql ?? '');
  });
  afterAll(async () => {
    await closeAll();
    await server.stop();
  });

  describeDatabase('PostgreSQL', () => ({
    open(run) {
      const settings = { host: server.socketFolder, database: 'postgres', user: 'spectrum' };
      return open(run, { type: 'postgresql', settings, secret: 'secret:db' });
    },
  }));

  describeLimit({ slow: 'SELECT pg_sleep(60)::text AS id', lock: 'SELECT id FROM locked FOR UPDATE' }, () => {
    const settings = { host: server.socketFolder, database: 'postgres', user: 'spectrum', statementSeconds: '1' };
    return open('limited', { type: 'postgresql', settings });
  });
});

/** Statements that take longer than their connection allows, on two connections that get into each other's way. */
function describeLimit(
  { slow, lock }: { readonly slow: string; readonly lock: string },
  provide: () => Databases,
): void {
  const tooLong = /^connection db: a statement took longer than 1 s; .* raise statementSeconds of the connection$/;
  const columns = [{ name: 'id', type: 'integer' }] as const;

  test('a query that gives nothing for too long ends', async () => {
    const session = await provide().open('db');
    const sql = { texts: [slow], types: [] };
    const reading = (async () => {
      for await (const rows of session.read({ from: { kind: 'statement', sql }, columns }, [], 10)) void rows;
    })();
    await expect(reading).rejects.toThrow(tooLong);
    await session.close();
  });

  test('a statement that waits too long for a lock ends', async () => {
    const databases = provide();
    const openTable = async (prepare: 'create' | 'empty') => {
      const session = await databases.open('db');
      const write = { table: 'locked', columns, keys: ['id'], mode: 'insert', prepare } as const;
      const writer = await session.openTable(write).finally(() => prepare === 'empty' && session.close());
      return { session, writer };
    };
    const { session, writer } = await openTable('create');
    await writer.write([[1]], 0);
    const sql = { texts: [lock], types: [] };
    const holding = session.read({ from: { kind: 'statement', sql }, columns }, [], 1)[Symbol.asyncIterator]();
    // MariaDB locks, and then complains that there are no rows.
    await holding.next().catch((error: Error) => expect(error.message).toContain('the statement gives no rows'));
    await expect(openTable('empty')).rejects.toThrow(tooLong);
    await holding.return?.();
    await session.close();
  });
}

const mariadb = findMariadb();
if (mariadb === undefined) {
  process.stderr.write('MariaDB is not installed (apt-get install mariadb-server): its connections were NOT tested\n');
}

(mariadb === undefined ? describe.skip : describe)('on a server of its own', () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb(mariadb as MariadbPrograms);
  }, 60_000);
  afterAll(async () => {
    await closeAll();
    await server.stop();
  });

  describeDatabase('MariaDB', () => ({
    open(run) {
      const settings = { host: server.socket, database: 'spectrum', user: 'spectrum' };
      return open(run, { type: 'mariadb', settings });
    },
  }));

  describeLimit({ slow: 'SELECT SLEEP(60) AS id', lock: 'LOCK TABLES locked WRITE' }, () => {
    const settings = { host: server.socket, database: 'spectrum', user: 'spectrum', statementSeconds: '1' };
    return open('limited', { type: 'mariadb', settings });
  });
});

test.each<[string, ConnectionDefinition, string]>([
  ['an unknown type', { type: 'oracle', settings: {} }, 'type: "oracle" is not allowed; use postgresql, mysql'],
  ['a missing host', { type: 'mysql', settings: { database: 'd', user: 'u' } }, 'host is missing; set it'],
  [
    'a setting of no meaning',
    { type: 'sqlite', settings: { file: 'x', path: 'y' } },
    'settings: "path" is not allowed; use file',
  ],
  [
    'a wrong limit of statements',
    { type: 'mysql', settings: { host: 'h', database: 'd', user: 'u', statementSeconds: '-1' } },
    'statementSeconds: "-1" is not allowed; use a whole number from 0, for no limit, to 86400',
  ],
  [
    'a wrong port',
    { type: 'postgresql', settings: { host: 'h', database: 'd', user: 'u', port: '0' } },
    'port: "0" is not allowed; use a whole number from 1 to 65535',
  ],
  ['a URL of another database', { type: 'jdbc', settings: { url: 'jdbc:oracle:x' } }, 'url: "jdbc:oracle:x" is not'],
  [
    'a file elsewhere',
    { type: 'sqlite', settings: { file: '../other.db' } },
    'outside of the folders for files of jobs',
  ],
])('%s is refused with a sentence', async (_what, definition, sentence) => {
  await expect(open('run', definition).open('db')).rejects.toThrow(sentence);
});

test('a server that is not there is named with its connection', async () => {
  const settings = { url: 'jdbc:postgresql://127.0.0.1:1/database', user: 'u' };
  const opening = open('run', { type: 'jdbc', settings }).open('db');
  await expect(opening).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringMatching(/^connection db: .*; check its settings and its secret$/),
  });
});

test('a connection that nobody defined is told with the closest name', async () => {
  await expect(open('run', { type: 'sqlite', settings: { file: 'x.db' } }).open('dbs')).rejects.toThrow(
    'There is no connection dbs; did you mean db?',
  );
});
