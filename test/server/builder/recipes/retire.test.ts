import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runRetire } from '../../../../server/builder/recipes/retire.ts';
import { writeUseRecord } from '../../../../server/reference-data/index.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../../support/vintage-folder.ts';

let root: string;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ path: root, remove } = await makeTemporaryFolder());
  for (const vintage of ['q1', 'q2', 'q3', 'q4']) await writeVintage(root, vintage, smallContent);
});
afterEach(() => remove());

const use = (vintage: string, at: string, cluster = 'west') =>
  writeUseRecord(join(root, 'test'), { cluster, node: 'n', place: 'a:/data', at, vintages: [vintage] });
const now = () => new Date().toISOString();
const vintages = async () => (await readdir(join(root, 'test'))).filter((name) => name.startsWith('q'));

async function retire(flags: { keep?: string; yes?: boolean } = {}, named: readonly string[] = []): Promise<string> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await runRetire({ name: 'test', out: root, ...flags }, named);
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

test('says what would go and removes nothing unless told', async () => {
  await use('q1', now());
  const said = await retire();
  expect(said).toMatch(/kept q1: in use by cluster west \(n at a:\/data/);
  expect(said).toContain('kept q4: one of the newest 2\n');
  expect(said).toContain('would remove q2\nadd --yes to remove\n');
  expect(await vintages()).toEqual(['q1', 'q2', 'q3', 'q4']);
});

test('removes what nobody uses, and the use of a day ago counts no more', async () => {
  await use('q1', now());
  await use('q2', '2025-01-01T00:00:00.000Z', 'east');
  expect(await retire({ yes: true })).toContain('removed q2');
  expect(await vintages()).toEqual(['q1', 'q3', 'q4']);
});

test('a vintage named is removed when it is free, else nothing is', async () => {
  await use('q1', now());
  await expect(retire({ yes: true }, ['q2', 'q1'])).rejects.toMatchObject({ code: 'OBJECT_IN_USE' });
  await expect(retire({ yes: true }, ['q9'])).rejects.toThrow('has no vintage q9; it has q4, q3, q2, q1');
  await expect(retire({ yes: true }, ['q4'])).rejects.toThrow('it is one of the newest 2');
  expect(await vintages()).toEqual(['q1', 'q2', 'q3', 'q4']);
  await retire({ yes: true }, ['q2']);
  expect(await vintages()).toEqual(['q1', 'q3', 'q4']);
});

test.each(['0', 'all', '-1'])('--keep %s is refused', async (keep) => {
  await expect(retire({ keep })).rejects.toThrow(`--keep: "${keep}" is not allowed`);
});

test('a use record whose time is no time counts as live', async () => {
  await use('q1', 'yesterday');
  expect(await retire({ yes: true })).toContain('kept q1: in use');
});

test('a database that is not there is told by name', async () => {
  await expect(runRetire({ name: 'nowhere', out: root }, [])).rejects.toThrow(`${root} has no database nowhere`);
});
