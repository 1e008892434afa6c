import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
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
  expect(kept).toMatch(/^[a-zA-Z2-9]{20}@$/);
  expect(wanted).toBe(kept);
  expect(loadAdminPassword(folder, undefined)).toEqual({ kept, wanted });
  expect(readFileSync(folder.passwordFile, 'utf8')).toBe(`${kept}\n`);
  expect(statSync(folder.passwordFile).mode & 0o777).toBe(0o600);
});

test('keeps a given password, and a later one only once it holds', () => {
  const [kept, later] = ['the first!', 'the second!'];
  expect(loadAdminPassword(folder, kept)).toEqual({ kept, wanted: kept });
  expect(loadAdminPassword(folder, undefined)).toEqual({ kept, wanted: kept });
  expect(loadAdminPassword(folder, later)).toEqual({ kept, wanted: later });
  expect(loadAdminPassword(folder, undefined)).toEqual({ kept, wanted: kept });
});

test('a password that the policy refuses is refused before it is kept', () => {
  expect(() => loadAdminPassword(folder, 'letters only')).toThrow(
    'SPECTRUM_ADMIN_PASSWORD is refused by the password policy; send text of 8 to 256 characters with at least one of & *',
  );
  expect(existsSync(folder.passwordFile)).toBe(false);
});
