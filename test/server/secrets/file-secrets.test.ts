import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type FileSecrets, openFileSecrets } from '../../../server/secrets/file-secrets.ts';

let root: string;
let folder: string;
let secrets: FileSecrets;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'secrets-'));
  folder = join(root, 'secrets');
  secrets = openFileSecrets(folder);
});
afterEach(() => rm(root, { recursive: true }));

test('what is set is found again, by whoever opens the folder next, and gone when deleted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[\w/+=.@-]{1,60}$/),
      fc.string({ unit: 'grapheme', minLength: 1 }),
      async (name, secret) => {
        await secrets.set(name, secret);
        expect(await openFileSecrets(folder).find(name)).toBe(secret);
        expect(await secrets.list()).toContain(name);
        expect([await secrets.delete(name), await secrets.delete(name)]).toEqual([true, false]);
        expect(await secrets.find(name)).toBeUndefined();
      },
    ),
    { numRuns: 30 },
  );
});

test('nothing but names can be read from the files, and only by their owner', async () => {
  await secrets.set('erp/password', 'correct horse');
  const files = await readdir(folder);
  expect(files.sort()).toEqual(['erp%2Fpassword.secret', 'key']);
  for (const file of files) {
    expect((await readFile(join(folder, file))).toString('latin1')).not.toContain('horse');
    expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
  }
  expect((await stat(folder)).mode & 0o077).toBe(0);
});

test('the same secret looks different each time', async () => {
  await secrets.set('a', 'same');
  const first = await readFile(join(folder, 'a.secret'));
  await secrets.set('a', 'same');
  expect((await readFile(join(folder, 'a.secret'))).equals(first)).toBe(false);
});

describe('refused with a sentence', () => {
  beforeEach(() => secrets.set('a', 'one'));
  const read = (name = 'a') => expect(openFileSecrets(folder).find(name)).rejects;

  test('a changed file', async () => {
    const bytes = await readFile(join(folder, 'a.secret'));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(join(folder, 'a.secret'), bytes);
    await read().toMatchObject({ code: 'SECRET_UNREADABLE', message: expect.stringContaining('a is damaged') });
  });

  test('a file that belongs to another name', async () => {
    await writeFile(join(folder, 'b.secret'), await readFile(join(folder, 'a.secret')));
    await read('b').toMatchObject({ code: 'SECRET_UNREADABLE' });
  });

  test('a key that is gone, or that others can read', async () => {
    await chmod(join(folder, 'key'), 0o644);
    await read().toMatchObject({ message: expect.stringContaining('chmod 600') });
    await rm(join(folder, 'key'));
    await read().toMatchObject({ message: expect.stringContaining('missing or damaged') });
  });

  test.each(['', '..%2f', 'a b', 'ä', 'x'.repeat(201)])('the name %p', async (name) => {
    await expect(async () => secrets.set(name, 'x')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

test('programs that set their first secrets at once share one key', async () => {
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => openFileSecrets(folder).set(name, name)));
  expect(await Promise.all(names.map((name) => secrets.find(name)))).toEqual(names);
});
