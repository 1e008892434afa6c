import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { encodeBlockIndex } from './block-index.ts';
import { encodeForeignPlaces, type ForeignPlace } from './foreign-places.ts';
import { encodeHeader, type FileKind, fileNames, layout, vintageFormats } from './format.ts';
import { encodeGridBlock, type GridEntry } from './grid-block.ts';
import { GridSorter } from './grid-sorter.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { encodePlaces } from './places-layout.ts';
import type { PostalCodeRecord } from './records.ts';
import { encodeManifest } from './sealed-manifest.ts';
import { type EncodedStreets, encodeStreets, type StreetContent } from './street-encoding.ts';

/** Where grid entries wait that memory does not hold; gone before the seal. */
const gridFile = 'grid.runs';

/**
 * Writes one vintage: streets ZIP Code by ZIP Code in ascending order, then the places, then `seal`. Everything goes to
 * a temporary folder beside the vintage, which takes the vintage's name only when it is complete and on disk.
 */
export class VintageWriter {
  readonly #sizes: number[] = [];
  readonly #checksums: number[] = [];
  readonly #codes: { code: number; firstBlock: number; directoryBlocks: number }[] = [];
  readonly #grid: GridSorter;
  readonly #files: ManifestFile[] = [];
  #hasNames = false;
  readonly #addresses: HashedFile;

  private constructor(
    readonly folder: string,
    readonly temporary: string,
    addresses: HashedFile,
  ) {
    this.#addresses = addresses;
    this.#grid = new GridSorter(join(temporary, gridFile));
  }

  /** @param folder `<root>/<database>/<vintage>`; refused when it exists at `seal` */
  static async create(folder: string): Promise<VintageWriter> {
    const temporary = `${folder}.building-${process.pid}`;
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    const addresses = await HashedFile.create(join(temporary, fileNames.addresses));
    await addresses.write(encodeHeader('addresses'));
    return new VintageWriter(folder, temporary, addresses);
  }

  /** @param streets those of one ZIP Code; codes come in ascending order, each once */
  async addStreets(code: string, streets: readonly StreetContent[]): Promise<void> {
    if (streets.length > 0) await this.addEncoded(code, encodeStreets(streets));
  }

  /** The same for streets that were encoded elsewhere. */
  async addEncoded(code: string, encoded: EncodedStreets): Promise<void> {
    const { bytes, sizes, checksums, directoryBlocks, gridCells, gridBlocks, gridIndexes } = encoded;
    const firstBlock = this.#sizes.length;
    if (Number(code) <= (this.#codes.at(-1)?.code ?? -1)) throw new RangeError(`ZIP Code ${code} comes out of order`);
    const tooLarge = sizes.find((size) => size > layout.maximumBlockBytes);
    if (tooLarge !== undefined) throw new RangeError(`a block of ${tooLarge} bytes is too large`);
    this.#hasNames ||= encoded.hasNames;
    this.#codes.push({ code: Number(code), firstBlock, directoryBlocks });
    this.#sizes.push(...sizes);
    this.#checksums.push(...checksums);
    await this.#addresses.write(bytes);
    await this.#grid.add(
      gridCells,
      gridBlocks.map((block) => block + firstBlock),
      gridIndexes,
    );
  }

  /** Everything after the streets; resolves when the vintage is visible under its name. */
  async seal(
    places: readonly PostalCodeRecord[],
    facts: Omit<Manifest, 'format' | 'files'>,
    foreignPlaces: readonly ForeignPlace[] = [],
  ): Promise<Manifest> {
    const firstGridBlock = this.#sizes.length;
    const gridCells = await this.#addGrid();
    this.#files.push(await this.#addresses.finish(fileNames.addresses));
    const { sizes, checksums, codes } = { sizes: this.#sizes, checksums: this.#checksums, codes: this.#codes };
    const index = encodeBlockIndex({ sizes, checksums, firstGridBlock, gridCells, postalCodes: codes });
    await this.#addWhole('index', fileNames.index, index);
    await this.#addWhole('places', fileNames.places, encodePlaces(places));
    if (foreignPlaces.length > 0) {
      await this.#addWhole('foreignPlaces', fileNames.foreignPlaces, encodeForeignPlaces(foreignPlaces));
    }
    const format = this.#hasNames ? vintageFormats.named : vintageFormats.plain;
    const manifest: Manifest = { format, ...facts, files: this.#files };
    const file = await HashedFile.create(join(this.temporary, fileNames.manifest));
    await file.write(Buffer.from(encodeManifest(manifest), 'utf8'));
    await file.finish(fileNames.manifest);
    await syncFolder(this.temporary);
    await rename(this.temporary, this.folder);
    await syncFolder(dirname(this.folder));
    return manifest;
  }

  /** Leaves nothing behind; for a build that failed. */
  async discard(): Promise<void> {
    await this.#addresses.close();
    await this.#grid.close();
    await rm(this.temporary, { recursive: true, force: true });
  }

  async #addBlock(block: Buffer): Promise<void> {
    if (block.length > layout.maximumBlockBytes) throw new RangeError(`a block of ${block.length} bytes is too large`);
    this.#sizes.push(block.length);
    this.#checksums.push(crc32(block));
    await this.#addresses.write(block);
  }

  async #addGrid(): Promise<number[]> {
    const firstCells: number[] = [];
    let waiting: GridEntry[] = [];
    const flush = async (): Promise<void> => {
      if (waiting.length === 0) return;
      firstCells.push(waiting[0]?.cell ?? 0);
      await this.#addBlock(encodeGridBlock(waiting));
      waiting = [];
    };
    // Six bytes are more than an entry takes nearly always, so blocks stay below the bound without measuring.
    const perBlock = Math.floor(layout.blockBytes / 6);
    for await (const entry of this.#grid.sorted()) {
      waiting.push(entry);
      if (waiting.length === perBlock) await flush();
    }
    await flush();
    await rm(this.#grid.path, { force: true });
    return firstCells;
  }

  async #addWhole(kind: FileKind, name: string, body: Buffer): Promise<void> {
    const file = await HashedFile.create(join(this.temporary, name));
    await file.write(encodeHeader(kind, body));
    await file.write(body);
    this.#files.push(await file.finish(name));
  }
}

/** A file written once from its start, gathered into large writes, hashed on the way. */
class HashedFile {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #sizeBytes = 0;
  #isOpen = true;

  private constructor(
    readonly handle: FileHandle,
    readonly hash: Hash,
  ) {}

  static async create(path: string): Promise<HashedFile> {
    return new HashedFile(await open(path, 'wx', 0o644), createHash('sha256'));
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.hash.update(bytes);
    this.#sizeBytes += bytes.length;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= 1_048_576) await this.#flush();
  }

  async finish(name: string): Promise<ManifestFile> {
    await this.#flush();
    await this.handle.sync();
    await this.close();
    return { name, sizeBytes: this.#sizeBytes, sha256: this.hash.digest('hex') };
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.handle.close();
  }

  async #flush(): Promise<void> {
    // writeFile goes on after a short write, which one `write` call may be.
    await this.handle.writeFile(Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
