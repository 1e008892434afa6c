import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AddressDatabase, openAddressDatabase } from '../../server/reference-data/index.ts';

const root = join(import.meta.dirname, '../..');

/** A database built from files by the builder's own program, in a folder that goes with it. */
export async function buildFrom(
  flags: readonly string[],
  ...sources: readonly string[]
): Promise<{ readonly database: AddressDatabase; close(): Promise<void> }> {
  const out = mkdtempSync(join(tmpdir(), 'spectrum-accuracy-'));
  execFileSync(process.execPath, [join(root, 'scripts/build.js'), '--when-stale'], { stdio: 'inherit' });
  const words = ['build', '--name', 'accuracy', '--vintage', 'v1', '--out', out, ...flags, ...sources];
  execFileSync(process.execPath, [join(root, 'dist/builder.cjs'), ...words], { stdio: 'pipe' });
  const database = await openAddressDatabase(join(out, 'accuracy/v1'), { cacheBytes: 256 * 1024 * 1024 });
  const close = async (): Promise<void> => {
    await database.close();
    rmSync(out, { recursive: true, force: true });
  };
  return { database, close };
}
