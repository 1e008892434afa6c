import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostalCodeRecord, type StreetContent, VintageWriter } from '../../server/reference-data/index.ts';

export interface VintageContent {
  readonly postalCodes: readonly PostalCodeRecord[];
  readonly streets: readonly StreetContent[];
}

/** A folder of its own below the system's temporary one; `remove` takes it away. */
export async function makeTemporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'spectrum-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Writes and seals a vintage; returns its folder. */
export async function writeVintage(root: string, vintage: string, content: VintageContent): Promise<string> {
  const folder = join(root, 'test', vintage);
  const writer = await VintageWriter.create(folder);
  const codes = [...new Set(content.streets.map(({ street }) => street.postalCode))].sort();
  for (const code of codes) {
    await writer.addStreets(
      code,
      content.streets.filter(({ street }) => street.postalCode === code),
    );
  }
  const postalCodes = [...content.postalCodes].sort((a, b) => Number(a.code) - Number(b.code));
  await writer.seal(postalCodes, {
    database: 'test',
    vintage,
    purpose: 'demonstration',
    builtAt: '2025-01-01T00:00:00.000Z',
    sources: [],
    counts: {
      postalCodes: postalCodes.length,
      streets: content.streets.length,
      points: 0,
      ranges: 0,
      pointsByState: {},
    },
  });
  return folder;
}

/** A small vintage with a city, a street of points and one of ranges. */
export const smallContent: VintageContent = {
  postalCodes: [
    {
      code: '20020',
      kind: 'standard',
      stateProvince: 'DC',
      countyName: 'DISTRICT OF COLUMBIA',
      countyFips: '11001',
      cities: [
        { name: 'WASHINGTON', type: 'P' },
        { name: 'ANACOSTIA', type: 'V' },
      ],
      centroid: { longitude: -76.978961, latitude: 38.860382 },
    },
  ],
  streets: [
    {
      street: { postalCode: '20020', predirectional: '', name: 'T', suffix: 'ST', postdirectional: 'SE', city: '' },
      points: ['1745', '1747', '1747A'].map((houseNumber, index) => ({
        houseNumber,
        unitDesignator: index === 2 ? 'APT' : '',
        unitNumber: index === 2 ? '3' : '',
        addOn: index === 1 ? '0042' : '',
        coordinates: { longitude: (-76_979_235 + 1_000 * index) / 1e6, latitude: 38.867033 },
      })),
      ranges: [],
    },
    {
      street: { postalCode: '20020', predirectional: '', name: 'U', suffix: 'PL', postdirectional: 'SE', city: '' },
      points: [],
      ranges: [
        {
          low: 1800,
          high: 1898,
          parity: 'E',
          side: 'R',
          addOn: '',
          shape: [
            { longitude: -76.98, latitude: 38.866 },
            { longitude: -76.978, latitude: 38.8665 },
          ],
        },
      ],
    },
  ],
};
