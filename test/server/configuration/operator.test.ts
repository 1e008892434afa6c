import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { bootstrapConfiguration } from '../../../server/configuration/bootstrap.ts';
import { openConfiguration } from '../../../server/configuration/open.ts';
import { passwordHash, settingWrite } from '../../support/table-configuration.ts';
import { startTestTables, type TestTables } from '../../support/table-server.ts';

const root = resolve(__dirname, '../../..');
const execute = promisify(execFile);
let folder: string;
let program: string;
let tables: TestTables;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'operator-'));
  program = join(folder, 'configuration.cjs');
  buildSync({
    entryPoints: [join(root, 'server/configuration/main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  tables = await startTestTables();
});
afterAll(async () => {
  await tables.close();
  rmSync(folder, { recursive: true, force: true });
});

async function operate(tableName: string, ...words: string[]) {
  const place = ['--table', tableName, '--cluster', 'test', '--endpoint', tables.endpoint];
  const { stdout, stderr } = await execute(process.execPath, [program, ...words, ...place]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

async function open(tableName: string) {
  const table = await tables.create(tableName);
  const configuration = await openConfiguration({ table, clusterName: 'test' });
  await bootstrapConfiguration(configuration, {
    hashPassword: async () => passwordHash,
    adminPassword: 'secret words!',
  });
  return configuration;
}

test('a running cluster is backed up and restored into another, after a dry run', async () => {
  const [source, target] = [await open('source'), await open('target')];
  await source.write(settingWrite('colour', 'blue'));
  const file = join(folder, 'backup.json');
  writeFileSync(file, JSON.stringify(await operate('source', 'backup')));
  const changes = [{ operation: 'create', kind: 'setting', name: 'colour' }];
  expect(await operate('target', 'import', file, '--dry-run')).toEqual({ dryRun: true, changes });
  expect(target.snapshot().find('setting', 'colour')).toBeUndefined();
  expect(await operate('target', 'import', file)).toEqual({ dryRun: false, changes });
  expect((await operate('target', 'export')).objects).toContainEqual({
    kind: 'setting',
    name: 'colour',
    value: { value: 'blue' },
  });
  await source.close();
  await target.close();
}, 60_000);

test('a bad change is found in the history and rolled back', async () => {
  const node = await open('history');
  const { revision } = await node.commit(settingWrite('colour', 'blue'));
  await node.write(settingWrite('colour', 'mauve', { expected: revision, reason: 'a mistake' }));
  const history = await operate('history', 'history', 'setting', 'colour');
  expect(history.map((entry: { reason?: string }) => entry.reason)).toEqual(['a mistake', undefined]);
  await operate('history', 'restore', 'setting', 'colour', String(revision));
  await node.waitFor(revision + 2, 2_000);
  expect(node.snapshot().find('setting', 'colour')?.value).toEqual({ value: 'blue' });
  await node.close();
}, 60_000);

test('homes and epochs move, with a dry run each', async () => {
  const node = await open('moves');
  expect(await operate('moves', 'move-home', 'eu-west-1', '--dry-run')).toMatchObject({ to: 'eu-west-1' });
  expect(await operate('moves', 'status')).not.toHaveProperty('home');
  await operate('moves', 'move-home', 'eu-west-1', '--reason', 'drill');
  expect(await operate('moves', 'status')).toMatchObject({ home: 'eu-west-1', epoch: 1 });
  expect(await operate('moves', 'start-epoch', '--dry-run')).toMatchObject({ toEpoch: 2, lost: [] });
  await operate('moves', 'start-epoch', '--reason', 'drill');
  expect(await operate('moves', 'status')).toMatchObject({ epoch: 2 });
  await node.close();
}, 60_000);

test('collecting leaves a small configuration as it is', async () => {
  const node = await open('small');
  await node.write(settingWrite('large', 'x'.repeat(6_000)));
  expect(await operate('small', 'collect')).toEqual({ snapshots: 0, chunks: 0 });
  expect(await operate('small', 'status')).toMatchObject({ digest: node.status().digest });
  await node.close();
}, 60_000);

test('what is wrong is one sentence, and without a command the list of them', async () => {
  const wrong = operate('moves', 'history', 'spell', 'x');
  await expect(wrong).rejects.toMatchObject({ code: 1, stderr: 'INVALID_REQUEST: KIND: "spell" is unknown\n' });
  await expect(execute(process.execPath, [program])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('move-home REGION'),
  });
}, 60_000);
