import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  fileNames,
  listSealedVintages,
  type Manifest,
  readManifest,
  verifyVintage,
} from '../../reference-data/index.ts';
import { UsageError } from '../usage-error.ts';

/** Prints the manifest of a vintage. */
export async function runInspect(paths: readonly string[]): Promise<void> {
  print(await readManifest(await findVintage(pickFolders('inspect', paths, 1)[0])));
}

/** Compares every byte of a vintage with its manifest. */
export async function runVerify(paths: readonly string[]): Promise<void> {
  const folder = await findVintage(pickFolders('verify', paths, 1)[0]);
  const { database, vintage, files } = await verifyVintage(folder);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  print({ folder, database, vintage, files: files.length, bytes, isIntact: true });
}

/** Prints one line for each sealed vintage of a folder of databases, of one database, or of a vintage itself. */
export async function runList(paths: readonly string[]): Promise<void> {
  const root = resolve(pickFolders('list', paths, 1)[0] ?? '');
  if (!existsSync(root)) throw new UsageError(`${root} does not exist`);
  const children = await listFolders(root);
  const grandchildren = await Promise.all(
    children.map(async (name) => (await listFolders(join(root, name))).map((inner) => join(root, name, inner))),
  );
  let isAny = false;
  for (const folder of [root, ...children.map((name) => join(root, name)), ...grandchildren.flat()]) {
    const manifest = await readManifest(folder).catch(() => undefined);
    // Folders of builds under way have no manifest yet.
    if (!manifest) continue;
    isAny = true;
    printVintage(basename(dirname(folder)), basename(folder), manifest);
  }
  if (!isAny) process.stderr.write(`builder: there is no vintage in ${root}\n`);
}

function printVintage(database: string, vintage: string, { builtAt, counts }: Manifest): void {
  const { postalCodes, points, ranges } = counts;
  printLine({ database, vintage, builtAt, postalCodes, points, ranges });
}

/** Prints what a second vintage has more or less of than a first, by count and by state. */
export async function runDiff(paths: readonly string[]): Promise<void> {
  const [first, second] = pickFolders('diff', paths, 2);
  const [before, after] = [await readManifest(await findVintage(first)), await readManifest(await findVintage(second))];
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

/** The folder of a sealed vintage; throws `UsageError` for another, naming the vintages in it. */
async function findVintage(path = ''): Promise<string> {
  const folder = resolve(path);
  if (existsSync(join(folder, fileNames.manifest))) return folder;
  if (!existsSync(folder)) throw new UsageError(`${folder} does not exist`);
  const inside = (await listSealedVintages(folder).catch(() => [])).map(({ vintage }) => join(path, vintage));
  const advice = inside.length === 0 ? '' : `; there are ${inside.join(', ')}`;
  throw new UsageError(`${folder} is no sealed vintage, it has no ${fileNames.manifest}${advice}`);
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
