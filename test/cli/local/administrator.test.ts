import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAdminPassword } from '../../../cli/local/administrator.ts';
import { type DataFolder, openDataFolder } from '../../../cli/local/data-folder.ts';

let folder: DataFolder;
beforeEach(() => {
  folder = openDataFolder(mkdtempSync(join(tmpdir(), 'spectrum-password-')));
});
afterEach(() => rmSync(folder.path, { recursive: true }));

test('generates a password once and keeps it in a file only its owner reads', () => {
  const { kept, wanted } = loadAdminPassword(folder, undefined);
  expect(kept).toMatch(/^[a-zA-Z2-9]{20}$/);
  expect(wanted).toBe(kept);
  expect(loadAdminPassword(folder, undefined)).toEqual({ kept, wanted });
  expect(readFileSync(folder.passwordFile, 'utf8')).toBe(`${kept}\n`);
  expect(statSync(folder.passwordFile).mode & 0o777).toBe(0o600);
});

test('keeps a given password, and a later one only once it holds', () => {
  expect(loadAdminPassword(folder, 'first')).toEqual({ kept: 'first', wanted: 'first' });
  expect(loadAdminPassword(folder, undefined)).toEqual({ kept: 'first', wanted: 'first' });
  expect(loadAdminPassword(folder, 'second')).toEqual({ kept: 'first', wanted: 'second' });
  expect(loadAdminPassword(folder, undefined)).toEqual({ kept: 'first', wanted: 'first' });
});
