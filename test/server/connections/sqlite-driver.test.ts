import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteFile } from '../../../server/connections/sqlite-driver.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const timing = { busyMs: 300, staleMs: 60_000 };

test('the lock of a process that died is taken away', async () => {
  const path = join(folder, 'a.db');
  mkdirSync(`${path}.lock`);
  utimesSync(`${path}.lock`, 0, 0);
  const file = await openSqliteFile('db', path, timing);
  await file.connect().execute('CREATE TABLE t (n INTEGER)');
  file.close();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test('a file that another process uses is waited for, and then told', async () => {
  const path = join(folder, 'a.db');
  mkdirSync(`${path}.lock`);
  const file = await openSqliteFile('db', path, timing);
  await expect(file.connect().execute('CREATE TABLE t (n INTEGER)')).rejects.toThrow(
    'connection db: database is locked',
  );
  file.close();
});

test('transactions of two stages follow each other, also while a third one reads', async () => {
  const file = await openSqliteFile('db', join(folder, 'a.db'), timing);
  const [first, second, reader] = [file.connect(), file.connect(), file.connect()];
  await first.execute('CREATE TABLE t (n INTEGER)');
  const insert = (driver: typeof first, from: number) =>
    driver.transaction(async () => {
      for (let n = from; n < from + 10; n++) await driver.execute('INSERT INTO t VALUES (?)', [n]);
    });
  await insert(first, 0);
  const rows = reader.stream('SELECT n FROM t WHERE n < 10', [], 3);
  const seen: unknown[] = [];
  for await (const batch of rows) {
    seen.push(...batch.rows.flat());
    if (seen.length === 3) await Promise.all([insert(first, 10), insert(second, 20)]);
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect((await reader.execute('SELECT count(*) AS n FROM t')).rows).toEqual([[30]]);
  file.close();
});

test('what one stage writes is not undone with the transaction of another', async () => {
  const file = await openSqliteFile('db', join(folder, 'a.db'), timing);
  const [first, second] = [file.connect(), file.connect()];
  await first.execute('CREATE TABLE t (n INTEGER)');
  let between: Promise<unknown> = Promise.resolve();
  const failing = first.transaction(async () => {
    await first.execute('INSERT INTO t VALUES (1)');
    between = second.execute('INSERT INTO t VALUES (2)');
    await first.execute('INSERT INTO t VALUES (3)');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await between;
  expect((await second.execute('SELECT n FROM t')).rows).toEqual([[2]]);
  file.close();
});

test('the lock is kept alive while rows are read, and not while another process has it', async () => {
  const path = join(folder, 'a.db');
  const file = await openSqliteFile('db', path, { busyMs: 5_000, staleMs: 60 });
  const driver = file.connect();
  await driver.execute('CREATE TABLE t (n INTEGER)');
  await driver.execute('INSERT INTO t VALUES (1), (2), (3)');
  const rows = driver.stream('SELECT n FROM t', [], 1)[Symbol.asyncIterator]();
  await rows.next();
  const long = new Date(1_000);
  utimesSync(`${path}.lock`, long, long);
  await until(() => statSync(`${path}.lock`).mtimeMs > long.getTime());
  await rows.return?.();
  mkdirSync(`${path}.lock`);
  // Whoever holds it has died: its lock grows old although a transaction waits here.
  await driver.transaction(() => driver.execute('INSERT INTO t VALUES (4)'));
  expect((await driver.execute('SELECT count(*) AS n FROM t')).rows).toEqual([[4]]);
  file.close();
});

async function until(isReached: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    if (isReached()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not come');
}

test('a transaction that fails leaves nothing behind', async () => {
  const file = await openSqliteFile('db', join(folder, 'a.db'), timing);
  const driver = file.connect();
  await driver.execute('CREATE TABLE t (n INTEGER)');
  const failing = driver.transaction(async () => {
    await driver.execute('INSERT INTO t VALUES (1)');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await driver.execute('SELECT n FROM t')).rows).toEqual([]);
  file.close();
});
