import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AddressDatabase, openAddressDatabase } from '../../server/reference-data/index.ts';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '../..');

/** The starter database, built anew by the builder's own program into a folder that goes with it. */
export async function buildStarterDatabase(): Promise<{ readonly database: AddressDatabase; close(): Promise<void> }> {
  const out = mkdtempSync(join(tmpdir(), 'spectrum-accuracy-'));
  execFileSync(process.execPath, [join(root, 'scripts/build.js'), '--when-stale'], { stdio: 'inherit' });
  execFileSync(process.execPath, [join(root, 'dist/builder.cjs'), 'starter', '--out', out], { stdio: 'pipe' });
  const [vintage = ''] = readdirSync(join(out, 'starter'));
  const database = await openAddressDatabase(join(out, 'starter', vintage));
  const close = async (): Promise<void> => {
    await database.close();
    rmSync(out, { recursive: true, force: true });
  };
  return { database, close };
}

/** One address of the starter database's point source, as it stands there. */
export interface StarterAddress {
  readonly address1: string;
  readonly address2: string;
  readonly city?: string;
  readonly state: string;
  readonly postalCode: string;
  readonly coordinates: { readonly lat: number; readonly lng: number };
}

export function loadStarterAddresses(): readonly StarterAddress[] {
  const { addresses } = require('rrad/addresses-us-all.json') as { addresses: readonly StarterAddress[] };
  return addresses;
}
