import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatLocation, openObjectStore, parseLocation, readPieces, splitLocation } from '../../object-store/index.ts';
import { InputError } from '../input-error.ts';

/** Source files on this machine; `remove` takes away those that were fetched for the build. */
export interface FetchedSources {
  readonly paths: readonly string[];
  remove(): Promise<void>;
}

/** Brings sources of buckets (`s3://…`) to this machine, since builders read them more than once; paths stay. */
export async function fetchSources(given: readonly string[]): Promise<FetchedSources> {
  if (!given.some((source) => source.startsWith('s3://'))) return { paths: given, remove: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'spectrum-sources-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const paths: string[] = [];
    for (const [index, source] of given.entries()) {
      paths.push(source.startsWith('s3://') ? await fetchSource(source, join(folder, String(index))) : source);
    }
    return { paths, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fetchSource(source: string, folder: string): Promise<string> {
  const location = parseLocation(source);
  const store = openObjectStore();
  try {
    const found = await store.find(location);
    if (!found) throw new InputError(`${formatLocation(location)} is not there`);
    await mkdir(folder);
    // The name tells the format, so it stays.
    const path = join(folder, splitLocation(location).name);
    const pieces = readPieces(store, location, { from: 0, to: found.sizeBytes }, found.mark);
    await pipeline(Readable.from(pieces), createWriteStream(path));
    return path;
  } finally {
    store.close();
  }
}
