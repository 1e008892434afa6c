import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AddressDatabase,
  encodeAlias,
  encodeStreet,
  layOutStreets,
  openAddressDatabase,
  parseManifest,
  readManifest,
  type StreetContent,
  VintageWriter,
} from '../../../server/reference-data/index.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;
let database: AddressDatabase;

const plain = { predirectional: '', suffix: '', postdirectional: '', city: '' };
const pointAt = (houseNumber: string, longitude: number, firmName?: string) => ({
  houseNumber,
  unitDesignator: '',
  unitNumber: '',
  addOn: '',
  coordinates: { longitude, latitude: 38.9 },
  ...(firmName && { firmName }),
});
const pike = { ...plain, postalCode: '20020', name: 'ROCKVILLE', suffix: 'PIKE' };
const streets: readonly StreetContent[] = [
  {
    street: pike,
    points: [pointAt('9650', -77), pointAt('9650', -77, 'ACME TOOLS'), pointAt('9652', -77)],
    ranges: [],
  },
  ...['URB ALAMAR', 'URB BAIROA', undefined].map((urbanization, index) => ({
    street: { ...plain, postalCode: '20020', name: 'CALLE A', city: 'ANACOSTIA', urbanization },
    points: [pointAt('A1', -66 - index)],
    ranges: [],
  })),
];
const wisconsin = {
  ...plain,
  postalCode: '20020',
  name: 'WISCONSIN',
  suffix: 'AVE',
  alias: { type: 'O' as const, base: { predirectional: '', name: 'ROCKVILLE', suffix: 'PIKE', postdirectional: '' } },
};
const facts = {
  database: 'test',
  vintage: 'named',
  purpose: 'demonstration' as const,
  builtAt: '2025-01-01T00:00:00.000Z',
  sources: [],
  counts: { postalCodes: 1, streets: 5, points: 6, ranges: 0, firms: 1, pointsByState: {} },
};

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
  const writer = await VintageWriter.create(join(root, 'named'));
  const encoded = streets.map(encodeStreet);
  const [base] = encoded;
  if (base) encoded.push(encodeAlias(base, wisconsin));
  await writer.addEncoded('20020', layOutStreets(encoded));
  await writer.seal(smallContent.postalCodes, facts);
  database = await openAddressDatabase(join(root, 'named'));
});
afterAll(async () => {
  await database.close();
  await remove();
});

test('streets of one name and several urbanizations are told apart', async () => {
  const found = await database.read((view) =>
    view.streetsNamed('20020', 'CALLE A').map((street) => [street.urbanization, street.city, view.pointsOf(street)]),
  );
  expect(found).toEqual([
    [undefined, 'ANACOSTIA', [pointAt('A1', -68)]],
    ['URB ALAMAR', 'ANACOSTIA', [pointAt('A1', -66)]],
    ['URB BAIROA', 'ANACOSTIA', [pointAt('A1', -67)]],
  ]);
});

test('an alias has the addresses of its base street, which positions lead to', async () => {
  const [alias, near] = await database.read((view) => {
    const [street] = view.streetsNamed('20020', 'WISCONSIN');
    const points = street ? view.pointsAt(street, '9652') : [];
    const nearby = view.pointsNear({ longitude: -77, latitude: 38.9 }, 5, 10).map((each) => each.street.name);
    return [{ street, points }, nearby] as const;
  });
  expect({ ...alias.street }).toEqual({ ...wisconsin, urbanization: undefined });
  expect(alias.points).toEqual([pointAt('9652', -77)]);
  expect(near).toEqual(['ROCKVILLE', 'ROCKVILLE', 'ROCKVILLE']);
});

test('a building and the firms in it stand side by side, the building first', async () => {
  const found = await database.read((view) => {
    const [street] = view.streetsNamed('20020', 'ROCKVILLE');
    return street ? view.pointsAt(street, '9650').map(({ firmName }) => firmName) : [];
  });
  expect(found).toEqual([undefined, 'ACME TOOLS']);
});

test('such a vintage has a format of its own, which servers without it refuse', async () => {
  expect((await readManifest(join(root, 'named'))).format).toBe(2);
  expect((await readManifest(await writeVintage(root, 'plain', smallContent))).format).toBe(1);
});

test('a later format is refused with the ones that are read', async () => {
  const text = await readFile(join(root, 'named', 'manifest.json'), 'utf8');
  await writeFile(join(root, 'later.json'), text);
  expect(() => parseManifest(text.replace('"format": 2', '"format": 3'), 'later.json')).toThrow(
    'later.json: format is 3, this server reads [1,2]',
  );
});

/** The bytes of docs/reference-data-format.md, as in `format.test.ts`. */
test('the layout of format 2 is as documented', async () => {
  const addresses = await readFile(join(root, 'named', 'addresses.bin'));
  expect(addresses.toString('hex').replace(/(.{64})/g, '$1\n')).toMatchSnapshot();
});
