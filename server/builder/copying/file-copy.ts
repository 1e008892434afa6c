import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatLocation, type Location, locationIn, type ObjectStore, readPieces } from '../../object-store/index.ts';
import type { ManifestFile } from '../../reference-data/index.ts';
import { InputError } from '../input-error.ts';

/**
 * Copies one file of a vintage into `folder` and compares it with the manifest; it takes its name only then. What an
 * earlier copy left is kept: whole files, and the beginning of the one that was under way.
 */
export async function copyFile(
  store: ObjectStore,
  from: Location,
  folder: string,
  file: ManifestFile,
  onBytes: (count: number) => void,
): Promise<void> {
  const path = join(folder, file.name);
  if (existsSync(path)) return onBytes(file.sizeBytes);
  const location = locationIn(from, file.name);
  const mark = await markOf(store, location, file.sizeBytes);
  const part = `${path}.part`;
  const handle = await open(part, existsSync(part) ? 'r+' : 'w+', 0o644);
  const sha256 = await append(store, { location, mark, part, sizeBytes: file.sizeBytes, handle, onBytes }).finally(() =>
    handle.close(),
  );
  if (sha256 !== file.sha256) {
    await rm(part);
    throw new InputError(`${formatLocation(location)}: its SHA-256 is ${sha256}, the manifest says ${file.sha256}`);
  }
  await rename(part, path);
}

async function markOf(store: ObjectStore, location: Location, sizeBytes: number): Promise<string> {
  const found = await store.find(location);
  if (!found) throw new InputError(`${formatLocation(location)} is not there, though the manifest lists it`);
  if (found.sizeBytes === sizeBytes) return found.mark;
  throw new InputError(`${formatLocation(location)} has ${found.sizeBytes} bytes, the manifest says ${sizeBytes}`);
}

interface Appending {
  readonly location: Location;
  readonly mark: string;
  readonly part: string;
  readonly sizeBytes: number;
  readonly handle: FileHandle;
  readonly onBytes: (count: number) => void;
}

async function append(store: ObjectStore, { location, mark, part, sizeBytes, handle, onBytes }: Appending) {
  const hash = createHash('sha256');
  let at = Math.min((await handle.stat()).size, sizeBytes);
  await handle.truncate(at);
  // Hashed again rather than trusted: the earlier copy may have ended by a crash of its host.
  if (at > 0) for await (const chunk of createReadStream(part, { end: at - 1 })) hash.update(chunk as Buffer);
  onBytes(at);
  for await (const piece of readPieces(store, location, { from: at, to: sizeBytes }, mark)) {
    hash.update(piece);
    for (let done = 0; done < piece.length; ) {
      const { bytesWritten } = await handle.write(piece, done, piece.length - done, at + done);
      done += bytesWritten;
    }
    at += piece.length;
    onBytes(piece.length);
  }
  await handle.sync();
  return hash.digest('hex');
}
