import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAdminPassword, settleAdminPassword } from '../../../cli/local/administrator.ts';
import { type DataFolder, openDataFolder } from '../../../cli/local/data-folder.ts';
import { adminPassword, openTestGateway, type TestGateway } from '../../support/test-gateway.ts';

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

describe('the running cluster', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await openTestGateway();
  });
  afterEach(() => gateway.close());
  const settle = (kept: string, wanted: string) => settleAdminPassword(gateway.origin, folder, { kept, wanted });
  const inFile = () => (existsSync(folder.passwordFile) ? readFileSync(folder.passwordFile, 'utf8').trim() : undefined);

  test('keeps a password that holds', async () => {
    expect(await settle(adminPassword, adminPassword)).toMatchObject({ password: adminPassword, isCurrent: true });
  });

  test('gets the one that is asked for in place of the kept one', async () => {
    expect(await settle(adminPassword, 'another one!')).toMatchObject({ password: 'another one!', isCurrent: true });
    expect(inFile()).toBe('another one!');
    expect(await settle('another one!', 'another one!')).toMatchObject({ isCurrent: true });
  });

  test('has a password that only somebody else knows', async () => {
    expect(await settle('kept before!', 'another one!')).toMatchObject({ isCurrent: false });
    expect(inFile()).toBeUndefined();
  });

  test('refuses one that its policy does not allow', async () => {
    await expect(settle(adminPassword, 'short')).rejects.toMatchObject({
      exit: 'usage',
      message: expect.stringContaining('SPECTRUM_ADMIN_PASSWORD cannot be set: password:'),
    });
  });
});
