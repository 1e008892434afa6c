import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SpectrumError } from '../foundation/errors.ts';
import type { AddressDatabase, StreetView } from './address-database.ts';
import type { CachedBlock } from './block-cache.ts';
import { decodeBlockIndex } from './block-index.ts';
import { BlockStore } from './block-store.ts';
import { decodeForeignPlaces, type ForeignPlaces, noForeignPlaces } from './foreign-places.ts';
import { assertHeader, corrupt, fileNames, layout, openBody } from './format.ts';
import type { Manifest } from './manifest.ts';
import { Places } from './places.ts';
import { codeOf, type OpenPositionalFile, openPositionalFile, unavailable } from './positional-file.ts';
import { parseManifest } from './sealed-manifest.ts';
import { StoredView } from './stored-view.ts';

export interface OpenOptions {
  /** Bytes of blocks and of what was decoded from them kept in memory; 32 MiB by default. */
  readonly cacheBytes?: number;
  /** One block read takes at most so long; 2,000 ms by default. */
  readonly timeoutMs?: number;
  /** 4 by default, as many as Node.js has file threads. */
  readonly concurrentReads?: number;
  /** Reads that wait for those; one more is refused; 256 by default. */
  readonly waitingReads?: number;
  readonly openFile?: OpenPositionalFile;
}

const defaults = {
  cacheBytes: 32 * 1024 * 1024,
  timeoutMs: 2_000,
  concurrentReads: 4,
  waitingReads: 256,
  openFile: openPositionalFile,
} as const satisfies Required<OpenOptions>;

/**
 * Opens a sealed vintage folder: manifest, sizes, index and places are checked now, each block when it is first read.
 * Throws `DATABASE_UNAVAILABLE` when the folder cannot be read, `REFERENCE_DATA_FORMAT` or `REFERENCE_DATA_CORRUPT`
 * when it is not what this server reads.
 */
export async function openAddressDatabase(folder: string, options: OpenOptions = {}): Promise<AddressDatabase> {
  const settings = { ...defaults, ...options };
  const manifest = await readManifest(folder);
  await assertSizes(folder, manifest);
  const indexPath = join(folder, fileNames.index);
  const placesPath = join(folder, fileNames.places);
  const index = decodeBlockIndex(await readWhole(indexPath), indexPath);
  const places = new Places(await readWhole(placesPath), placesPath);
  const foreignPlaces = await openForeignPlaces(folder, manifest);
  const path = join(folder, fileNames.addresses);
  const file = await settings.openFile(path).catch((error) => {
    throw unavailable(path, codeOf(error) || String(error), error);
  });
  try {
    assertHeader('addresses', await file.read(0, layout.headerBytes), path);
    const expected = index.positions[index.blockCount];
    const sealed = manifest.files.find(({ name }) => name === fileNames.addresses)?.sizeBytes;
    if (expected !== sealed) throw corrupt(path, `the index describes ${expected} bytes, the manifest ${sealed}`);
    return new StoredDatabase(manifest, foreignPlaces, places, new BlockStore(path, index, file, settings));
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

/**
 * Reads every file of a vintage and compares it with the manifest's checksums: the whole of it, so minutes for a
 * national one. Throws `REFERENCE_DATA_CORRUPT` naming the first file that differs.
 */
export async function verifyVintage(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  await assertSizes(folder, manifest);
  for (const file of manifest.files) {
    const path = join(folder, file.name);
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash).catch((error) => {
      throw unavailable(path, codeOf(error) || String(error), error);
    });
    if (hash.digest('hex') !== file.sha256) throw corrupt(path, 'its SHA-256 is not the one in the manifest');
  }
  return manifest;
}

/** The manifest of a sealed vintage folder. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, fileNames.manifest);
  return parseManifest((await readWhole(path)).toString('utf8'), path);
}

class StoredDatabase implements AddressDatabase {
  readonly reads = { cached: 0, loaded: 0 };
  #running = 0;
  #isClosing = false;
  #closed: Promise<void> | undefined;
  #onIdle: () => void = () => undefined;

  constructor(
    readonly manifest: Manifest,
    readonly foreignPlaces: ForeignPlaces,
    readonly places: Places,
    readonly store: BlockStore,
  ) {}

  findPostalCode(code: string) {
    return this.places.find(code);
  }

  listPostalCodesOfCity(city: string, stateProvince?: string) {
    return this.places.ofCity(city, stateProvince);
  }

  listCities(stateProvince: string) {
    return this.places.cityNames(stateProvince);
  }

  listNeighbouringPostalCodes(code: string, limit: number) {
    return this.places.neighbours(code, limit);
  }

  read<T>(attempt: (streets: StreetView) => T): T | Promise<T> {
    if (this.#isClosing) throw unavailable(this.store.path, 'the database is closed');
    const view = new StoredView(this.store, undefined);
    const value = this.#attempt(attempt, view);
    if (view.missing !== undefined) return this.#readOn(attempt, view.missing);
    this.reads.cached += 1;
    return value as T;
  }

  close(): Promise<void> {
    this.#isClosing = true;
    this.#closed ??= this.#drain();
    return this.#closed;
  }

  async #readOn<T>(attempt: (streets: StreetView) => T, firstMissing: ReadonlySet<number>): Promise<T> {
    const held = new Map<number, CachedBlock>();
    this.#running += 1;
    try {
      let missing = firstMissing;
      for (;;) {
        for (const [block, cached] of await this.store.load([...missing])) held.set(block, cached);
        const view = new StoredView(this.store, held);
        const value = this.#attempt(attempt, view);
        if (view.missing === undefined) {
          this.reads.loaded += 1;
          return value as T;
        }
        missing = view.missing;
      }
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle();
    }
  }

  /** Undefined where blocks were missing: an attempt that fails on half the data says nothing yet. */
  #attempt<T>(attempt: (streets: StreetView) => T, view: StoredView): T | undefined {
    try {
      return attempt(view);
    } catch (error) {
      if (view.missing !== undefined) return undefined;
      throw error instanceof RangeError ? corrupt(this.store.path, error.message) : error;
    }
  }

  async #drain(): Promise<void> {
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    this.store.cache.clear();
    await this.store.file.close();
  }
}

async function assertSizes(folder: string, manifest: Manifest): Promise<void> {
  const wanted: string[] = [fileNames.places, fileNames.index, fileNames.addresses];
  if (hasForeignPlaces(manifest)) wanted.push(fileNames.foreignPlaces);
  for (const name of wanted) {
    const path = join(folder, name);
    const sealed = manifest.files.find((file) => file.name === name);
    if (!sealed) throw corrupt(join(folder, fileNames.manifest), `it does not list ${name}`);
    const { size } = await stat(path).catch((error) => {
      throw unavailable(path, codeOf(error) || String(error), error);
    });
    if (size !== sealed.sizeBytes) {
      const sentence = `${path} has ${size} bytes, its manifest says ${sealed.sizeBytes}; restore the vintage or build it again`;
      throw new SpectrumError('REFERENCE_DATA_CORRUPT', sentence, { path, got: size, wanted: sealed.sizeBytes });
    }
  }
}

async function openForeignPlaces(folder: string, manifest: Manifest): Promise<ForeignPlaces> {
  if (!hasForeignPlaces(manifest)) return noForeignPlaces;
  const path = join(folder, fileNames.foreignPlaces);
  return decodeForeignPlaces(openBody('foreignPlaces', await readWhole(path), path));
}

function hasForeignPlaces({ files }: Manifest): boolean {
  return files.some(({ name }) => name === fileNames.foreignPlaces);
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unavailable(path, codeOf(error) || String(error), error);
  }
}
