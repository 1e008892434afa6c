import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Manifest, readManifest, verifyVintage } from '../../reference-data/index.ts';
import { UsageError } from '../usage-error.ts';

/** Prints the manifest of a vintage. */
export async function runInspect(paths: readonly string[]): Promise<void> {
  print(await readManifest(resolve(pickFolders('inspect', paths, 1)[0] ?? '')));
}

/** Compares every byte of a vintage with its manifest. */
export async function runVerify(paths: readonly string[]): Promise<void> {
  const folder = resolve(pickFolders('verify', paths, 1)[0] ?? '');
  const { database, vintage, files } = await verifyVintage(folder);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  print({ folder, database, vintage, files: files.length, bytes, isIntact: true });
}

/** Prints one line for each sealed vintage below a folder of databases. */
export async function runList(paths: readonly string[]): Promise<void> {
  const root = resolve(pickFolders('list', paths, 1)[0] ?? '');
  for (const database of await listFolders(root)) {
    for (const vintage of await listFolders(join(root, database))) {
      const folder = join(root, database, vintage);
      const manifest = await readManifest(folder).catch(() => undefined);
      // Folders of builds under way have no manifest yet.
      if (!manifest) continue;
      const { builtAt, counts } = manifest;
      printLine({
        database,
        vintage,
        builtAt,
        postalCodes: counts.postalCodes,
        points: counts.points,
        ranges: counts.ranges,
      });
    }
  }
}

/** Prints what a second vintage has more or less of than a first, by count and by state. */
export async function runDiff(paths: readonly string[]): Promise<void> {
  const [first = '', second = ''] = pickFolders('diff', paths, 2);
  const [before, after] = [await readManifest(resolve(first)), await readManifest(resolve(second))];
  const { pointsByState: statesBefore, ...countsBefore } = before.counts;
  const { pointsByState: statesAfter, ...countsAfter } = after.counts;
  print({
    from: `${before.database} ${before.vintage}`,
    to: `${after.database} ${after.vintage}`,
    counts: subtract(countsBefore, countsAfter),
    pointsByState: subtract(statesBefore, statesAfter),
    sourcesAdded: namesMissing(after, before),
    sourcesRemoved: namesMissing(before, after),
  });
}

function subtract(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changes = names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const);
  return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}

function namesMissing(here: Manifest, there: Manifest): readonly string[] {
  const known = new Set(there.sources.map(({ name, version }) => `${name} ${version}`));
  return here.sources.map(({ name, version }) => `${name} ${version}`).filter((name) => !known.has(name));
}

function pickFolders(recipe: string, paths: readonly string[], count: number): readonly string[] {
  if (paths.length === count) return paths;
  throw new UsageError(`${recipe} takes ${count === 1 ? 'one folder' : `${count} folders`}, not ${paths.length}`);
}

async function listFolders(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

function printLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
