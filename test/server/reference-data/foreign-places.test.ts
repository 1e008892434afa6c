import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { decodeForeignPlaces, encodeForeignPlaces } from '../../../server/reference-data/foreign-places.ts';
import { type ForeignPlace, openAddressDatabase, VintageWriter } from '../../../server/reference-data/index.ts';
import { createForeignPlaces } from '../../support/in-memory-address-database.ts';
import { makeTemporaryFolder } from '../../support/vintage-folder.ts';

function place(country: string, code: string, city: string, more: Partial<ForeignPlace> = {}): ForeignPlace {
  return { country, code, city, region: '', regionCode: '', otherNames: [], centroid: undefined, ...more };
}

const places: readonly ForeignPlace[] = [
  place('CA', 'K1A', 'Government of Canada (Ottawa)', { region: 'Ontario', regionCode: 'ON' }),
  place('CA', 'M9W2M5', 'Toronto', { centroid: { longitude: -79.6, latitude: 43.7 } }),
  place('DE', '53111', 'Bonn', { otherNames: ['Köln Region', 'Bonn'] }),
  place('DE', '53113', 'Bonn'),
  place('FR', '75001', 'Paris 01'),
  place('CH', '8001', 'Zürich'),
];

test('codes and cities are found in any spelling', () => {
  const stored = decodeForeignPlaces(encodeForeignPlaces(places));
  expect(stored.countries).toEqual(['CA', 'CH', 'DE', 'FR']);
  expect(stored.find('CA', 'm9w 2m5')).toEqual([places[1]]);
  expect(stored.find('FR', '75001 CEDEX 12')).toEqual([places[4]]);
  expect(stored.ofCity('DE', 'BONN').map(({ code }) => code)).toEqual(['53111', '53113']);
  expect(stored.ofCity('CH', 'zurich')).toEqual([places[5]]);
  expect(stored.ofCity('CA', 'Government of Canada')).toEqual([places[0]]);
  expect([stored.find('DE', '5311'), stored.ofCity('DE', 'Zürich'), stored.find('XX', '1')]).toEqual([[], [], []]);
});

test('it answers as the brute-force twin does', () => {
  const code = fc.stringMatching(/^[A-C1-3]{1,3}$/);
  const one = fc
    .tuple(fc.constantFrom('AA', 'AB', 'BA'), code, fc.stringMatching(/^[A-Cxyz]{1,2}( [A-C]{1,2})?$/))
    .map(([country, key, city]) => place(country, key, city));
  const byKey = ({ country, code, city }: ForeignPlace) => `${country} ${code} ${city}`;
  fc.assert(
    fc.property(
      fc.uniqueArray(one, { selector: byKey, maxLength: 30 }),
      fc.constantFrom('AA', 'AB', 'BA', 'ZZ'),
      code,
      (given, country, wanted) => {
        const stored = decodeForeignPlaces(encodeForeignPlaces(given));
        const twin = createForeignPlaces(given);
        expect(stored.countries).toEqual(twin.countries);
        expect(stored.find(country, wanted).map(byKey).sort()).toEqual(twin.find(country, wanted).map(byKey).sort());
        const city = given[0]?.city ?? 'A';
        expect(stored.ofCity(country, city).map(byKey).sort()).toEqual(twin.ofCity(country, city).map(byKey).sort());
      },
    ),
  );
});

test('a sealed vintage opens with them, and a damaged file is refused', async () => {
  const root = await makeTemporaryFolder();
  try {
    const folder = join(root.path, 'test', 'v1');
    const writer = await VintageWriter.create(folder);
    const counts = { postalCodes: 0, streets: 0, points: 0, ranges: 0, pointsByState: {} };
    const facts = { database: 'test', vintage: 'v1', purpose: 'production' as const, builtAt: '2025-01-01T00:00:00Z' };
    const manifest = await writer.seal([], { ...facts, sources: [], counts }, places);
    const database = await openAddressDatabase(folder);
    expect(database.foreignPlaces.find('CA', 'K1A')).toEqual([places[0]]);
    await database.close();
    const size = manifest.files.find(({ name }) => name === 'foreign-places.bin')?.sizeBytes ?? 0;
    await writeFile(join(folder, 'foreign-places.bin'), Buffer.alloc(size));
    await expect(openAddressDatabase(folder)).rejects.toMatchObject({ code: 'REFERENCE_DATA_FORMAT' });
  } finally {
    await root.remove();
  }
});
