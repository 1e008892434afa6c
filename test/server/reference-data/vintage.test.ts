import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import {
  type AddressDatabase,
  openAddressDatabase,
  type StreetView,
  verifyVintage,
} from '../../../server/reference-data/index.ts';
import { arbitraryPlace, arbitraryPostalCodes, arbitraryStreets } from '../../support/arbitrary-records.ts';
import { createInMemoryAddressDatabase } from '../../support/in-memory-address-database.ts';
import { makeTemporaryFolder, smallContent, type VintageContent, writeVintage } from '../../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
});
afterAll(() => remove());

async function open(content: VintageContent, options = {}): Promise<AddressDatabase> {
  count += 1;
  return await openAddressDatabase(await writeVintage(root, String(count), content), options);
}

function createTwin({ postalCodes, streets }: VintageContent): AddressDatabase {
  const flat = streets.map(({ street, points, ranges }) => ({ ...street, points, ranges }));
  return createInMemoryAddressDatabase({ postalCodes, streets: flat });
}

/** Order-free form of a list of records. */
function asSet(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value, sortKeys)).sort();
}

function sortKeys(_key: string, value: unknown): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

describe('a vintage read from files', () => {
  test('answers as its brute-force twin, whatever the records', async () => {
    const content = fc.record({ postalCodes: arbitraryPostalCodes, streets: arbitraryStreets });
    await fc.assert(
      fc.asyncProperty(content, arbitraryPlace, fc.integer({ min: 0, max: 300 }), async (records, place, radius) => {
        // A cache of one block at most: every block is read again and again.
        const database = await open(records, { cacheBytes: 1 });
        const ask = (view: StreetView) => ({
          codes: ['00601', '20020', '20021', '99950', '12345', 'x'].map((code) => [
            view.streetsOf(code).map((street) => ({
              street,
              points: asSet(view.pointsOf(street)),
              ranges: asSet(view.rangesOf(street)),
              named: asSet(view.streetsNamed(code, street.name)),
              at: view.pointsOf(street).map(({ houseNumber }) => asSet(view.pointsAt(street, houseNumber))),
            })),
            asSet(view.streetsNamed(code, 'MAIN')),
          ]),
          withStreets: view.withStreets(records.postalCodes).map(({ code }) => code),
          points: asSet(view.pointsNear(place, radius, 1e6).map(({ street, point }) => ({ street, point }))),
          pointDistances: view.pointsNear(place, radius, 5).map(({ distanceMeters }) => distanceMeters.toFixed(3)),
          ranges: asSet(view.rangesNear(place, radius, 1e6).map(({ street, range }) => ({ street, range }))),
        });
        const wanted = await createTwin(records).read(ask);
        const got = await database.read(ask);
        // Points of one number but different text come in an order the twin does not know.
        const sortAt = (one: typeof wanted): unknown =>
          JSON.parse(JSON.stringify(one), (key, value) => (key === 'at' ? asSet(value) : value));
        expect(sortAt(got)).toEqual(sortAt(wanted));
        await database.close();
      }),
      { numRuns: 10 },
    );
  }, 60_000);

  test('knows places as its twin', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPostalCodes, async (postalCodes) => {
        const database = await open({ postalCodes, streets: [] });
        const twin = createTwin({ postalCodes, streets: [] });
        const ask = (one: AddressDatabase) => ({
          found: ['00601', '20001', '20020', '99950', '00000', '2002', ''].map((code) => one.findPostalCode(code)),
          cities: ['Washington', "st mary's", 'N. Beach', 'FT HILL', 'Nowhere', ''].map((city) => [
            asSet(one.listPostalCodesOfCity(city)),
            asSet(one.listPostalCodesOfCity(city, 'md')),
          ]),
          names: ['DC', 'MD', 'AE', 'ZZ'].map((state) => [...one.listCities(state)].sort()),
          near: ['20001', '20020', '99950'].map((code) =>
            one.listNeighbouringPostalCodes(code, 4).map((near) => near.code),
          ),
        });
        expect(ask(database)).toEqual(ask(twin));
        await database.close();
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  test('answers at once when all blocks are in the cache, else later', async () => {
    const database = await open(smallContent);
    const count = (view: StreetView) => view.streetsOf('20020').length;
    const first = database.read(count);
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toBe(2);
    expect(database.read(count)).toBe(2);
    expect(database.reads).toEqual({ cached: 1, loaded: 1 });
    await database.close();
  });

  test('finds a street given by value as well as its own records', async () => {
    const database = await open(smallContent);
    const street = {
      postalCode: '20020',
      predirectional: '',
      name: 'T',
      suffix: 'ST',
      postdirectional: 'SE',
      city: '',
    };
    expect(await database.read((view) => view.pointsAt(street, '1747A'))).toEqual([smallContent.streets[0]?.points[2]]);
    await database.close();
  });

  test('refuses reads once it is closing and closes after those under way', async () => {
    const database = await open(smallContent);
    const running = database.read((view) => view.streetsOf('20020').length);
    const closing = database.close();
    expect(await running).toBe(2);
    await closing;
    await database.close();
    expect(() => database.read(() => 1)).toThrow(expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }));
  });
});

test('finds its way in a ZIP Code of many blocks', async () => {
  const streets = Array.from({ length: 3_000 }, (_, index) => ({
    street: {
      postalCode: '20020',
      predirectional: '',
      name: `STREET ${(index * 7_919) % 3_000}`,
      suffix: 'ST',
      postdirectional: '',
      city: '',
    },
    points: Array.from({ length: index === 5 ? 5_000 : 3 }, (_unused, number) => ({
      houseNumber: String(100 + 2 * number),
      unitDesignator: '',
      unitNumber: '',
      addOn: '',
      coordinates: { longitude: -77 + index / 1e4, latitude: (38_900_000 + number) / 1e6 },
    })),
    ranges: [],
  }));
  const database = await open({ postalCodes: [], streets }, { cacheBytes: 50_000 });
  const name = streets[5]?.street.name ?? '';
  const counts = await database.read((view) => view.streetsOf('20020').length);
  expect(counts).toBe(3_000);
  const found = await database.read((view) => {
    const [street] = view.streetsNamed('20020', name);
    return street ? ['98', '100', '5280', '10098', '10100'].map((number) => view.pointsAt(street, number).length) : [];
  });
  expect(found).toEqual([0, 1, 1, 1, 0]);
  for (const { street } of streets.slice(0, 50)) {
    expect(await database.read((view) => view.streetsNamed('20020', street.name))).toEqual([street]);
  }
  const cold = await open({ postalCodes: [], streets }, { cacheBytes: 1, concurrentReads: 1, waitingReads: 1 });
  const many = await cold.read((view) => streets.map(({ street }) => view.pointsOf(street).length));
  expect(many.reduce((sum, points) => sum + points, 0)).toBe(5_000 + 3 * 2_999);
  await cold.close();
  const near = await database.read((view) => view.pointsNear({ longitude: -76.9, latitude: 38.9 }, 5, 10));
  expect(near.map(({ street, point }) => [street.name, point.houseNumber])).toEqual(
    expect.arrayContaining([[streets[1_000]?.street.name, '100']]),
  );
  await database.close();
});

describe('a vintage folder', () => {
  test('is not visible before it is sealed', async () => {
    const folder = join(root, 'test', 'half');
    const { VintageWriter } = await import('../../../server/reference-data/index.ts');
    const writer = await VintageWriter.create(folder);
    await writer.addStreets('20020', smallContent.streets);
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    await expect(openAddressDatabase(folder)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await expect(openAddressDatabase(writer.temporary)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await writer.discard();
    await expect(stat(writer.temporary)).rejects.toThrow('ENOENT');
  });

  test('has the same bytes whatever the order of its records', async () => {
    const one = await writeVintage(root, 'same-a', smallContent);
    const reversed = { ...smallContent, streets: [...smallContent.streets].reverse() };
    const other = await writeVintage(root, 'same-b', reversed);
    for (const name of ['addresses.bin', 'index.bin', 'places.bin']) {
      expect(await readFile(join(other, name))).toEqual(await readFile(join(one, name)));
    }
  });

  test.each([
    ['another magic', 'index.bin', 0, 'REFERENCE_DATA_FORMAT'],
    ['another format version', 'places.bin', 8, 'REFERENCE_DATA_FORMAT'],
    ['another kind of file', 'addresses.bin', 12, 'REFERENCE_DATA_FORMAT'],
    ['another checksum', 'index.bin', 16, 'REFERENCE_DATA_CORRUPT'],
    ['changed content', 'places.bin', 100, 'REFERENCE_DATA_CORRUPT'],
    ['a manifest that was edited', 'manifest.json', 60, 'REFERENCE_DATA_CORRUPT'],
  ])('is refused with %s', async (_what, name, position, code) => {
    const folder = await writeVintage(root, `refused-${name}-${position}`, smallContent);
    const bytes = await readFile(join(folder, name));
    bytes[position] = (bytes[position] ?? 0) ^ 1;
    await writeFile(join(folder, name), bytes);
    await expect(openAddressDatabase(folder)).rejects.toMatchObject({ code });
    await expect(verifyVintage(folder)).rejects.toMatchObject({ code: 'REFERENCE_DATA_CORRUPT' });
  });

  test('says which format it found and which is read', async () => {
    const folder = await writeVintage(root, 'newer', smallContent);
    const bytes = await readFile(join(folder, 'index.bin'));
    bytes.writeUInt32LE(7, 8);
    await writeFile(join(folder, 'index.bin'), bytes);
    await expect(openAddressDatabase(folder)).rejects.toThrow(/format version is 7, this server reads 1/);
  });

  test('is refused when a file was cut or lengthened', async () => {
    const folder = await writeVintage(root, 'cut', smallContent);
    const path = join(folder, 'addresses.bin');
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 1));
    await expect(openAddressDatabase(folder)).rejects.toMatchObject({ code: 'REFERENCE_DATA_CORRUPT' });
    await writeFile(path, Buffer.concat([bytes, Buffer.alloc(1)]));
    await expect(openAddressDatabase(folder)).rejects.toMatchObject({ code: 'REFERENCE_DATA_CORRUPT' });
  });

  test('is refused when a data file of another vintage took its place', async () => {
    const folder = await writeVintage(root, 'mixed', smallContent);
    const [first, ...others] = smallContent.streets;
    const points = first?.points.map((point) => ({ ...point, addOn: point.addOn && '0043' })) ?? [];
    const changed = first ? [{ ...first, points }, ...others] : [];
    const other = await writeVintage(root, 'mixed-other', { ...smallContent, streets: changed });
    await rename(join(other, 'addresses.bin'), join(folder, 'addresses.bin'));
    const database = await openAddressDatabase(folder);
    await expect(
      Promise.resolve(database.read((view) => view.streetsOf('20020').flatMap((street) => view.pointsOf(street)))),
    ).rejects.toMatchObject({
      code: 'REFERENCE_DATA_CORRUPT',
    });
    await database.close();
  });
});

test('any damaged byte gives an error or the right answer, never a wrong answer or a crash', async () => {
  const folder = await writeVintage(root, 'fuzzed', smallContent);
  const names = ['manifest.json', 'index.bin', 'places.bin', 'addresses.bin'];
  const ask = async (): Promise<string> => {
    const database = await openAddressDatabase(folder);
    try {
      const streets = await database.read((view) =>
        view.streetsOf('20020').map((street) => [street, view.pointsOf(street), view.rangesOf(street)]),
      );
      const near = await database.read((view) => [
        view.pointsNear({ longitude: -76.979, latitude: 38.867 }, 500, 9),
        view.rangesNear({ longitude: -76.979, latitude: 38.867 }, 500, 9),
      ]);
      const { manifest } = database;
      const places = [database.findPostalCode('20020'), database.listPostalCodesOfCity('Washington', 'DC')];
      return JSON.stringify([streets, near, places, manifest]);
    } finally {
      await database.close();
    }
  };
  const right = await ask();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 255 }), async (name, at, mask) => {
      const path = join(folder, name);
      const bytes = await readFile(path);
      const damaged = Buffer.from(bytes);
      damaged[at % bytes.length] = (damaged[at % bytes.length] ?? 0) ^ mask;
      await writeFile(path, damaged);
      const got = await ask().catch((error) => String(error.code));
      await writeFile(path, bytes);
      expect([right, 'REFERENCE_DATA_CORRUPT', 'REFERENCE_DATA_FORMAT']).toContain(got);
    }),
    { numRuns: 300 },
  );
}, 60_000);
