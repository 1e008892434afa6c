import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { ensureDynamoTable, openDynamoTable } from '../../../server/configuration/dynamodb.ts';
import type { Table } from '../../../server/configuration/table.ts';

const root = resolve(__dirname, '../../..');
let folder: string;
let program: string;
const children: ChildProcess[] = [];
const tables: Table[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-'));
  program = join(folder, 'embedded.cjs');
  buildSync({
    entryPoints: [join(root, 'cli/local/embedded-dynamodb.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'error',
  });
});
afterEach(() => {
  for (const table of tables.splice(0)) table.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(path: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(program, [], {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules'), SPECTRUM_EMBEDDED_PATH: path },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  const [message] = (await once(child, 'message')) as [{ ready: boolean; port: number }];
  expect(message.ready).toBe(true);
  return { child, port: message.port };
}

async function openTable(port: number): Promise<Table> {
  const settings = { tableName: 'configuration', endpoint: `http://127.0.0.1:${port}` };
  await ensureDynamoTable(settings);
  const table = openDynamoTable(settings);
  tables.push(table);
  return table;
}

const key = (index: number) => ({ partition: 'p', sort: String(index).padStart(4, '0') });
const range = { partition: 'p', from: '0', to: '9', limit: 1_000, order: 'ascending' } as const;

test('what was acknowledged survives kill -9', async () => {
  const path = join(folder, 'killed');
  const { child, port } = await start(path);
  const table = await openTable(port);
  let acknowledged = 0;
  const writing = (async () => {
    for (let index = 0; ; index++) {
      await table.put(key(index), { index }, 'absent');
      acknowledged = index + 1;
      if (acknowledged === 50) child.kill('SIGKILL');
    }
  })().catch(() => undefined);
  await Promise.all([once(child, 'exit'), writing]);
  const again = await openTable((await start(path)).port);
  const { items } = await again.query(range, 'strong');
  expect(acknowledged).toBeGreaterThanOrEqual(50);
  expect(items.slice(0, acknowledged).map((item) => item.attributes.index)).toEqual(
    Array.from({ length: acknowledged }, (_, index) => index),
  );
});

test('ends in order on SIGTERM, and keeps the data', async () => {
  const path = join(folder, 'ended');
  const { child, port } = await start(path);
  await (await openTable(port)).put(key(1), { index: 1 }, 'absent');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  const again = await openTable((await start(path)).port);
  expect((await again.get(key(1), 'strong'))?.attributes).toEqual({ index: 1 });
});

test('does not outlive its parent', async () => {
  const { child } = await start(join(folder, 'orphan'));
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('says in one sentence that the folder is in use', async () => {
  const path = join(folder, 'shared');
  await start(path);
  const second = fork(program, [], {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules'), SPECTRUM_EMBEDDED_PATH: path },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(second);
  let output = '';
  second.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  expect((await once(second, 'close'))[0]).toBe(1);
  expect(output).toBe(`The table folder ${path} cannot be opened: another process uses it, or it is damaged\n`);
});

test('a client that goes away while it sends does no harm', async () => {
  const { port } = await start(join(folder, 'aborted'));
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"half');
  await new Promise((done) => setImmediate(done));
  socket.destroy();
  await once(socket, 'close');
  const table = await openTable(port);
  expect(await table.put(key(1), {}, 'absent')).toBe('written');
});
