import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionDefinition, type Databases, openDatabases } from '../../../server/connections/index.ts';
import { describeDatabase } from '../../support/database-cases.ts';
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
