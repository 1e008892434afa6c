import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordBuffer } from '../../../../server/builder/runs/address-record.ts';
import { toStreetKey } from '../../../../server/builder/street-key.ts';
import { weighCodes, writeCodes } from '../../../../server/builder/work/write-job.ts';
import { makeTemporaryFolder, smallContent } from '../../../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
});
afterAll(() => remove());

/** Points on many streets, every tenth said twice, under two spellings of the city. */
async function writeRecords(count: number) {
  const buffer = new RecordBuffer();
  for (let at = 0; at < count; at += 1) {
    const street = toStreetKey({ name: `STREET ${at % 97}`, suffix: 'AVE', predirectional: '', postdirectional: '' });
    const city = at % 2 === 0 ? 'FORT DAVIS' : 'FT DAVIS';
    const point = {
      houseNumber: String(100 + Math.floor(at / 10)),
      unitDesignator: '',
      unitNumber: '',
      addOn: '',
      coordinates: { longitude: -77 + at * 1e-6, latitude: 38.9 },
    };
    buffer.add(20020, { kind: 'point', streetKey: street + city, point });
  }
  const path = join(root, `runs-${count}`);
  await writeFile(path, buffer.bytes);
  return [{ path, position: 0, sizeBytes: buffer.length }];
}

test('a ZIP Code decoded in several turns gives the same blocks as in one', async () => {
  const slices = await writeRecords(20_000);
  const { postalCodes } = smallContent;
  const write = (turns: number) => writeCodes({ kind: 'write', slices, postalCodes, turns });
  const [once] = write(1);
  const [often] = write(7);
  expect(once).toMatchObject({ code: '20020', streets: 97, records: 20_000 });
  expect(often).toEqual(once);
});

test('the bytes of each ZIP Code are weighed', async () => {
  const slices = await writeRecords(1_000);
  const [{ sizeBytes } = { sizeBytes: 0 }] = slices;
  expect([...weighCodes({ kind: 'weigh', slices })]).toEqual([[20020, sizeBytes]]);
});

test('a run file that was cut is told', async () => {
  const [slice] = await writeRecords(100);
  if (!slice) throw new Error('there is no slice');
  const slices = [{ ...slice, sizeBytes: slice.sizeBytes + 100 }];
  const write = () => writeCodes({ kind: 'write', slices, postalCodes: smallContent.postalCodes, turns: 1 });
  expect(write).toThrow(/is cut; build anew/);
});
