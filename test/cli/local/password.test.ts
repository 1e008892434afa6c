import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataFolder, openDataFolder } from '../../../cli/local/data-folder.ts';
import { loadAdminPassword } from '../../../cli/local/password.ts';

let folder: DataFolder;
beforeEach(() => {
  folder = openDataFolder(mkdtempSync(join(tmpdir(), 'spectrum-password-')));
});
afterEach(() => rmSync(folder.path, { recursive: true }));

test('generates a password once and keeps it in a file only its owner reads', () => {
  const password = loadAdminPassword(folder, undefined);
  expect(password).toMatch(/^[a-zA-Z2-9]{20}$/);
  expect(loadAdminPassword(folder, undefined)).toBe(password);
  expect(readFileSync(folder.passwordFile, 'utf8')).toBe(`${password}\n`);
  expect(statSync(folder.passwordFile).mode & 0o777).toBe(0o600);
});

test('keeps a given password too', () => {
  expect(loadAdminPassword(folder, 'given it')).toBe('given it');
  expect(loadAdminPassword(folder, undefined)).toBe('given it');
});
