import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildVintage } from '../../../server/builder/build.ts';
import type { MergeReport } from '../../../server/builder/merge.ts';
import { starterSources, starterVintage } from '../../../server/builder/starter.ts';
import { type AddressDatabase, openAddressDatabase, verifyVintage } from '../../../server/reference-data/index.ts';
import { makeTemporaryFolder } from '../../support/vintage-folder.ts';

const sources = starterSources((name) => require.resolve(name));
let root: string;
let remove: () => Promise<void>;
let database: AddressDatabase;
let leftOut: readonly MergeReport[];
const steps: string[] = [];

async function build(vintage: string) {
  const folder = join(root, 'starter', vintage);
  const request = { folder, database: 'starter', vintage, purpose: 'demonstration' as const, sources };
  const outcome = await buildVintage({ ...request, builtAt: '2025-01-01T00:00:00.000Z' }, (step) => steps.push(step));
  return { folder, ...outcome };
}

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
  const built = await build('1');
  ({ leftOut } = built);
  database = await openAddressDatabase(built.folder);
}, 60_000);
afterAll(async () => {
  await database.close();
  await remove();
});

test('is complete and sealed', async () => {
  await verifyVintage(join(root, 'starter', '1'));
  expect(readdirSync(join(root, 'starter'))).toEqual(['1']);
  expect([...new Set(steps)]).toEqual(['postal-codes', 'centroids', 'points', 'write', 'seal']);
});

test('the same inputs give the same bytes', async () => {
  await build('2');
  for (const name of ['addresses.bin', 'index.bin', 'places.bin']) {
    const [one, other] = ['1', '2'].map((vintage) => readFile(join(root, 'starter', vintage, name)));
    expect((await one)?.equals((await other) ?? Buffer.alloc(0))).toBe(true);
  }
}, 60_000);

test('names its vintage after its sources', () => {
  expect(starterVintage(sources)).toMatch(/^e\d+-[0-9a-f]{8}$/);
  expect(starterVintage(sources.slice(1))).not.toBe(starterVintage(sources));
});

test('shows the attribution that each licence asks for', () => {
  expect(database.manifest.purpose).toBe('demonstration');
  const text = database.manifest.sources.map(({ attribution }) => attribution).join('\n');
  expect(text).toContain('GeoNames');
  expect(text).toContain('CC BY 4.0');
  expect(text).toContain('OpenAddresses');
  expect(text).toContain('Census Bureau');
});

test('knows the ZIP Codes of every state, the district, the armed forces and the territories', () => {
  const states = new Set<string>();
  for (let code = 0; code < 100_000; code += 1) {
    const record = database.findPostalCode(String(code).padStart(5, '0'));
    if (record) states.add(record.stateProvince);
  }
  const wanted =
    'AA AE AK AL AP AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MH MI MN MO MP MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY';
  expect([...states].sort().join(' ')).toBe(wanted);
  expect(database.manifest.counts).toMatchObject({ postalCodes: 41_637, points: 3_165, ranges: 0 });
});

test.each([
  ['12180', 'NY', 'TROY', 'RENSSELAER', '36083', 'standard'],
  ['20020', 'DC', 'WASHINGTON', 'DISTRICT OF COLUMBIA', '11001', 'standard'],
  ['09001', 'AE', 'APO', '', '', 'military'],
  ['34002', 'AA', 'APO', '', '', 'military'],
  ['96278', 'AP', 'APO', '', '', 'military'],
  ['96860', 'HI', 'JBPHH', 'HONOLULU', '15003', 'standard'],
  ['00601', 'PR', undefined, '', '', 'standard'],
  ['96799', 'AS', undefined, '', '', 'standard'],
])('%s is in %s %s', (code, stateProvince, city, countyName, countyFips, kind) => {
  const record = database.findPostalCode(code);
  expect(record).toMatchObject({ stateProvince, countyName, countyFips, kind });
  expect(record?.cities[0]?.name).toBe(city);
});

test('prefers the centroid of the tabulation area', () => {
  expect(database.findPostalCode('10001')?.centroid).toEqual({ longitude: -73.997293, latitude: 40.75065 });
});

test('finds a city in its other spellings', () => {
  const codes = (city: string, state: string) => database.listPostalCodesOfCity(city, state).length;
  expect(codes('St Louis', 'MO')).toBeGreaterThan(50);
  expect(codes('SAINT LOUIS', 'MO')).toBe(codes('St. Louis', 'MO'));
  expect(codes('Ft Worth', 'TX')).toBe(codes('FORT WORTH', 'TX'));
  expect(codes('Mt. Pleasant', 'SC')).toBe(codes('Mount Pleasant', 'SC'));
});

test('the city of a point becomes a secondary city of its ZIP Code', async () => {
  expect(database.findPostalCode('37013')?.cities).toEqual([
    { name: 'ANTIOCH', type: 'P' },
    { name: 'NASHVILLE', type: 'S' },
  ]);
  const cities = await database.read((view) => view.streetsOf('37013').map(({ city }) => city));
  expect(cities).toContain('NASHVILLE');
});

test('has the address of the first example', async () => {
  const points = await database.read((view) =>
    view.streetsNamed('20020', 'T').flatMap((street) => view.pointsAt(street, '1745')),
  );
  expect(points.map(({ coordinates }) => coordinates)).toEqual([{ longitude: -76.979235, latitude: 38.867033 }]);
});

test('counts what it leaves out, with the reason', () => {
  const byReason = Object.fromEntries(leftOut.map(({ reason, count }) => [reason, count]));
  expect(byReason).toEqual({
    'no house number': 35,
    'no city': 20,
    'the ZIP Code belongs to no known state': 2,
  });
});
