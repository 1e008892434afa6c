import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from './manifest.ts';
import { compareText } from './ordering.ts';
import { readManifest } from './vintage.ts';

/** The manifests of every sealed vintage of a database, the newest first: by the time of the build, then by name. */
export async function listSealedVintages(databaseFolder: string): Promise<readonly Manifest[]> {
  const entries = await readdir(databaseFolder, { withFileTypes: true });
  // Builds under way and what was retired have a suffix; without a manifest a folder is no vintage.
  const names = entries.filter((entry) => entry.isDirectory() && !isAside(entry.name)).map(({ name }) => name);
  const manifests = await Promise.all(
    names.map((name) => readManifest(join(databaseFolder, name)).catch(() => undefined)),
  );
  return manifests
    .filter((manifest) => manifest !== undefined)
    .filter(({ vintage }) => names.includes(vintage))
    .sort((left, right) => compareText(right.builtAt, left.builtAt) || compareText(right.vintage, left.vintage));
}

function isAside(name: string): boolean {
  return name.startsWith('.') || /\.(?:building|retired)-\d+$|\.sources$/.test(name);
}
