import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asFolderError, openDataFolder, sealDataFolder } from '../../../cli/local/data-folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spectrum-folder-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('a first start prepares the folder, a later one finds it', () => {
  const path = join(root, 'deep', 'er');
  const folder = openDataFolder(path);
  expect(folder.isNew).toBe(true);
  sealDataFolder(folder);
  expect(openDataFolder(path).isNew).toBe(false);
  expect(readdirSync(path).sort()).toEqual([
    'configuration',
    'files',
    'lock',
    'logs',
    'reference-data',
    'version.json',
  ]);
});

test('a start that was interrupted before the seal counts as the first again', () => {
  openDataFolder(root);
  expect(openDataFolder(root).isNew).toBe(true);
});

test('refuses a folder that a newer version wrote', () => {
  writeFileSync(join(root, 'version.json'), '{"format": 2}');
  expect(() => openDataFolder(root)).toThrow(
    expect.objectContaining({
      exit: 'folderNewer',
      message: `the data folder ${root} has format 2, this version reads up to 1; start it with the newer version or name another folder with --data`,
    }) as Error,
  );
});

test.each(['', 'null', '{}', '{"format":"1"}', '{"format":0}', '{"format":1.5}', '[1'])(
  'refuses a version file that says %s',
  (text) => {
    writeFileSync(join(root, 'version.json'), text);
    expect(() => openDataFolder(root)).toThrow(expect.objectContaining({ exit: 'folderDamaged' }) as Error);
  },
);

test('refuses a path with a file in the way', () => {
  writeFileSync(join(root, 'file'), '');
  for (const path of [join(root, 'file'), join(root, 'file', 'below')]) {
    expect(() => openDataFolder(path)).toThrow(
      expect.objectContaining({
        exit: 'folderUnwritable',
        message: `the data folder ${path} cannot be written: a file is in the way; make it writable or name another with --data`,
      }) as Error,
    );
  }
});

test('refuses a file system that takes no files', () => {
  expect(() => openDataFolder('/proc/spectrum')).toThrow(
    expect.objectContaining({ exit: 'folderUnwritable' }) as Error,
  );
});

test.each([
  ['ENOSPC', 'diskFull'],
  ['EDQUOT', 'diskFull'],
  ['EROFS', 'folderUnwritable'],
  ['EACCES', 'folderUnwritable'],
])('%s is told as %s', (code, exit) => {
  expect(asFolderError(root, Object.assign(new Error('x'), { code }))).toMatchObject({ exit });
});

test('other errors stay what they are', () => {
  const error = Object.assign(new Error('x'), { code: 'EBADF' });
  expect(asFolderError(root, error)).toBe(error);
});

test('keeps what is in the folder already', () => {
  mkdirSync(join(root, 'mine'));
  openDataFolder(root);
  expect(readdirSync(root)).toContain('mine');
});
