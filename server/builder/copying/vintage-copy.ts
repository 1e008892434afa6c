import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { formatLocation, type Location, locationIn, type ObjectStore, readText } from '../../object-store/index.ts';
import { fileNames, type Manifest, parseManifest } from '../../reference-data/index.ts';
import { InputError } from '../input-error.ts';
import { copyFile } from './file-copy.ts';

export interface CopyRequest {
  readonly store: ObjectStore;
  /** Folder or prefix of a sealed vintage; its last two parts are the database and the vintage. */
  readonly from: Location;
  /** Folder that holds the databases. */
  readonly out: string;
  /** Told of every piece; files that are there already count at once. */
  onBytes(done: number, total: number): void;
}

export interface CopyOutcome {
  readonly folder: string;
  readonly manifest: Manifest;
  /** False when the very same vintage was there already. */
  readonly isNew: boolean;
}

/** A manifest of every file that a vintage may have takes a few kilobytes. */
const manifestLimitBytes = 4 * 2 ** 20;

/**
 * Copies a sealed vintage: files into a folder beside, each compared with the manifest, then the manifest, then one
 * rename. A copy that was interrupted goes on where it was. Throws `InputError` when the source is not whole or another
 * vintage of that name is there: vintages never change.
 */
export async function copyVintage(request: CopyRequest): Promise<CopyOutcome> {
  const { store, from, out } = request;
  const text = await readText(store, locationIn(from, fileNames.manifest), manifestLimitBytes);
  if (text === undefined) {
    const sentence = `${formatLocation(from)} has no ${fileNames.manifest}; it is uploaded last, so the vintage is not whole yet`;
    throw new InputError(sentence);
  }
  const manifest = parseManifest(text, formatLocation(locationIn(from, fileNames.manifest)));
  assertNames(manifest, from);
  const folder = join(out, manifest.database, manifest.vintage);
  if (existsSync(folder)) return await keepExisting(folder, manifest, text);
  const aside = `${folder}.copying-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  await mkdir(aside, { recursive: true });
  await copyFiles(request, manifest, aside);
  await writeManifest(join(aside, fileNames.manifest), text);
  await syncFolder(aside);
  try {
    await rename(aside, folder);
  } catch (error) {
    // Another loader may have been faster.
    if (existsSync(folder)) return await keepExisting(folder, manifest, text);
    throw error;
  }
  await syncFolder(dirname(folder));
  await removeAbandoned(folder);
  return { folder, manifest, isNew: true };
}

/** Names come from outside: none may lead elsewhere, and the prefix must say what the manifest says. */
function assertNames({ database, vintage, files }: Manifest, from: Location): void {
  const names = [database, vintage, ...files.map(({ name }) => name)];
  const wrong = names.find((name) => !/^(?!\.+$)[\w.-]{1,64}$/.test(name));
  if (wrong !== undefined) throw new InputError(`${formatLocation(from)}: the manifest names ${JSON.stringify(wrong)}`);
  if (formatLocation(from).endsWith(`/${database}/${vintage}`)) return;
  throw new InputError(`${formatLocation(from)} holds ${database}/${vintage}; the location must end so`);
}

async function keepExisting(folder: string, manifest: Manifest, text: string): Promise<CopyOutcome> {
  if ((await readFile(join(folder, fileNames.manifest), 'utf8')) === text) return { folder, manifest, isNew: false };
  throw new InputError(`${folder} is there with other content; a vintage never changes, publish it under a new name`);
}

async function copyFiles({ store, from, onBytes }: CopyRequest, { files }: Manifest, aside: string): Promise<void> {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  for (const file of files) {
    await copyFile(store, from, aside, file, (count) => {
      done += count;
      onBytes(done, total);
    });
  }
}

async function writeManifest(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

/** What copies of other contents under this name left behind, now that they can no longer end well. */
async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.copying-`;
  for (const name of await readdir(dirname(folder))) {
    if (name.startsWith(prefix)) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}
