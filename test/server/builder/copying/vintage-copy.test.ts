import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyVintage } from '../../../../server/builder/copying/vintage-copy.ts';
import { openObjectStore, parseLocation } from '../../../../server/object-store/index.ts';
import { verifyVintage } from '../../../../server/reference-data/index.ts';
import { type FakeS3, startFakeS3 } from '../../../support/fake-s3.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../../support/vintage-folder.ts';

const variables = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const before = variables.map((name) => [name, process.env[name]] as const);
let s3: FakeS3;
let root: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let built: string;
let count = 0;

beforeAll(async () => {
  s3 = await startFakeS3();
  Object.assign(process.env, { AWS_ENDPOINT_URL: s3.endpoint, AWS_REGION: 'us-east-1' });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' });
  root = await makeTemporaryFolder();
  built = await writeVintage(join(root.path, 'built'), '2026q3', smallContent);
});

beforeEach(async () => {
  count += 1;
  s3.objects.clear();
  s3.breaks = () => false;
  for (const name of await readdir(built)) {
    s3.objects.set(`data/vintages/test/2026q3/${name}`, await readFile(join(built, name)));
  }
});

afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await s3.close();
  await root.remove();
});

const share = () => join(root.path, `share-${count}`);

async function copy(source = 's3://data/vintages/test/2026q3', onBytes: (done: number) => void = () => undefined) {
  const store = openObjectStore();
  try {
    return await copyVintage({ store, from: parseLocation(source), out: share(), onBytes });
  } finally {
    store.close();
  }
}

const listed = async () => (existsSync(join(share(), 'test')) ? await readdir(join(share(), 'test')) : []);

/** The database's largest file in the bucket. */
const addresses = 'data/vintages/test/2026q3/addresses.bin';

function nameOfLargest(): string {
  const files = [...s3.objects].filter(([name]) => !name.endsWith('manifest.json'));
  return files.sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? addresses;
}

test('a vintage of a bucket appears on the share as it was sealed', async () => {
  const seen: number[] = [];
  const { folder, isNew, manifest } = await copy(undefined, (done) => seen.push(done));
  expect(isNew).toBe(true);
  expect(await verifyVintage(folder)).toEqual(manifest);
  expect(await listed()).toEqual(['2026q3']);
  expect(seen.at(-1)).toBe(manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  for (const name of await readdir(built)) {
    expect(await readFile(join(folder, name))).toEqual(await readFile(join(built, name)));
  }
});

test('a folder is a source as well', async () => {
  const { folder } = await copy(built);
  await expect(verifyVintage(folder)).resolves.toMatchObject({ vintage: '2026q3' });
});

test('the very same vintage that is there already stays, another one is refused', async () => {
  await copy();
  expect(await copy()).toMatchObject({ isNew: false });
  const other = await writeVintage(join(root.path, 'other'), '2026q3', { ...smallContent, streets: [] });
  await expect(copy(other)).rejects.toThrow('is there with other content; a vintage never changes');
});

test('a vintage without manifest is not whole, and nothing of it is copied', async () => {
  s3.objects.delete('data/vintages/test/2026q3/manifest.json');
  await expect(copy()).rejects.toThrow('has no manifest.json; it is uploaded last');
  expect(await listed()).toEqual([]);
});

test.each([
  ['shorter', (bytes: Buffer) => bytes.subarray(1), /bytes, the manifest says/],
  ['other bytes', (bytes: Buffer) => Buffer.from(bytes).fill(7, 20, 21), /its SHA-256 is [0-9a-f]+, the manifest says/],
])(
  'a file that is not the manifest’s (%s) is refused and the vintage stays invisible',
  async (_what, damage, words) => {
    const name = nameOfLargest();
    s3.objects.set(name, damage(s3.objects.get(name) ?? Buffer.alloc(0)));
    await expect(copy()).rejects.toThrow(words);
    expect(await listed()).toEqual([expect.stringMatching(/^2026q3\.copying-/)]);
  },
);

test('a file of the manifest that is not there is named', async () => {
  s3.objects.delete(nameOfLargest());
  await expect(copy()).rejects.toThrow(/is not there, though the manifest lists it/);
});

test('a manifest somebody changed is refused', async () => {
  const name = 'data/vintages/test/2026q3/manifest.json';
  s3.objects.set(name, Buffer.from(String(s3.objects.get(name)).replace('demonstration', 'production')));
  await expect(copy()).rejects.toThrow('it is not as it was sealed');
});

test('the prefix must say what the manifest says', async () => {
  for (const [name, bytes] of s3.objects) s3.objects.set(name.replace('2026q3', '2026q4'), bytes);
  await expect(copy('s3://data/vintages/test/2026q4')).rejects.toThrow('holds test/2026q3; the location must end so');
});

test('an interrupted copy goes on where it was', async () => {
  const name = nameOfLargest();
  const bytes = s3.objects.get(name) ?? Buffer.alloc(0);
  s3.breaks = ({ url = '', method }) => method === 'GET' && url.includes(name.split('/').at(-1) ?? '');
  await expect(copy()).rejects.toThrow();
  const [aside = ''] = await listed();
  // What a copy leaves that was cut in the middle of this file.
  await mkdir(join(share(), 'test', aside), { recursive: true });
  const half = Math.floor(bytes.length / 2);
  await writeFile(join(share(), 'test', aside, `${name.split('/').at(-1)}.part`), bytes.subarray(0, half));
  const ranges: string[] = [];
  s3.breaks = ({ url = '', headers }) => {
    if (headers.range && url.includes(name.split('/').at(-1) ?? '')) ranges.push(headers.range);
    return false;
  };
  const { folder } = await copy();
  expect(ranges).toEqual([`bytes=${half}-${bytes.length - 1}`]);
  await expect(verifyVintage(folder)).resolves.toBeDefined();
  expect(await listed()).toEqual(['2026q3']);
}, 60_000);

test('what an interrupted copy left is not trusted', async () => {
  const name = nameOfLargest();
  const bytes = s3.objects.get(name) ?? Buffer.alloc(0);
  s3.objects.delete(name);
  await expect(copy()).rejects.toThrow('is not there');
  const [aside = ''] = await listed();
  await writeFile(join(share(), 'test', aside, `${name.split('/').at(-1)}.part`), Buffer.alloc(40, 7));
  s3.objects.set(name, bytes);
  await expect(copy()).rejects.toThrow('its SHA-256 is');
  await expect(copy()).resolves.toMatchObject({ isNew: true });
});

test('two loaders at once leave one whole vintage', async () => {
  const outcomes = await Promise.allSettled([copy(), copy(), copy()]);
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
  await expect(verifyVintage(join(share(), 'test', '2026q3'))).resolves.toBeDefined();
  await expect(copy()).resolves.toMatchObject({ isNew: false });
});
