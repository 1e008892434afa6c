import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listUseRecords, type UseRecord, writeUseRecord } from '../../../server/reference-data/index.ts';
import { makeTemporaryFolder } from '../../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
});
afterAll(() => remove());

const record: UseRecord = {
  cluster: 'east/1',
  node: 'node-1',
  place: 'a:/data',
  at: '2026-01-01T00:00:00.000Z',
  vintages: ['q1'],
};

test('each node of each cluster has a record, the last one that it wrote', async () => {
  const folder = join(root, 'us');
  await mkdir(folder);
  expect(await listUseRecords(folder)).toEqual([]);
  await writeUseRecord(folder, record);
  await writeUseRecord(folder, { ...record, vintages: ['q2'] });
  await writeUseRecord(folder, { ...record, cluster: 'west' });
  await writeUseRecord(folder, { ...record, place: 'b:/data' });
  const records = await listUseRecords(folder);
  expect(records).toHaveLength(3);
  expect(records).toEqual(
    expect.arrayContaining([
      { ...record, vintages: ['q2'] },
      { ...record, cluster: 'west' },
      { ...record, place: 'b:/data' },
    ]),
  );
});

test('a damaged record is an error, not an absent one', async () => {
  await writeFile(join(root, 'us', '.uses', 'x.json'), '{');
  await expect(listUseRecords(join(root, 'us'))).rejects.toThrow();
});

test('no folder is made for a database that is not there', async () => {
  await expect(writeUseRecord(join(root, 'absent'), record)).rejects.toMatchObject({ code: 'ENOENT' });
});
