import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { geonamesFile, isGeonamesFile } from '../../../../server/builder/sources/geonames-postal.ts';
import { makeTemporaryFolder } from '../../../support/vintage-folder.ts';

const table = [
  ['US', '12180', 'Troy', 'New York', 'NY', 'Rensselaer', '083', '', '', '42.73', '-73.67', '4'],
  ['CA', 'M9W', 'Etobicoke (Rexdale)', 'Ontario', 'ON', 'Toronto', '8133394', '', '', '43.71', '-79.58', '6'],
  [
    'DE',
    '53111',
    'Bonn',
    'Nordrhein-Westfalen',
    '07',
    'Regierungsbezirk Köln',
    '053',
    'Bonn',
    '05314',
    '50.7',
    '7.1',
    '4',
  ],
  ['CA', '', 'Nowhere', 'Ontario', 'ON', '', '', '', '', '', '', ''],
];

test('places of other countries are told apart from ZIP Codes', async () => {
  const folder = await makeTemporaryFolder();
  try {
    const path = join(folder.path, 'postal.txt');
    await writeFile(path, `${table.map((row) => row.join('\t')).join('\n')}\n`);
    expect(await isGeonamesFile(path)).toBe(true);
    const { facts } = await geonamesFile(path, 'v1').read();
    const found = [...facts];
    expect(found.map(({ kind }) => kind)).toEqual(['postal-code', 'foreign-place', 'foreign-place', 'reject']);
    expect(found.slice(1, 3)).toEqual([
      {
        kind: 'foreign-place',
        place: {
          country: 'CA',
          code: 'M9W',
          city: 'Etobicoke (Rexdale)',
          region: 'Ontario',
          regionCode: 'ON',
          otherNames: ['Toronto'],
          centroid: { longitude: -79.58, latitude: 43.71 },
        },
      },
      {
        kind: 'foreign-place',
        place: {
          country: 'DE',
          code: '53111',
          city: 'Bonn',
          region: 'Nordrhein-Westfalen',
          regionCode: '07',
          otherNames: ['Regierungsbezirk Köln', 'Bonn'],
          centroid: { longitude: 7.1, latitude: 50.7 },
        },
      },
    ]);
  } finally {
    await folder.remove();
  }
});
