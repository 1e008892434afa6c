import type { StreetView } from './address-database.ts';
import { type CachedBlock, objectBytes } from './block-cache.ts';
import type { BlockStore } from './block-store.ts';
import { distanceMeters, distanceToShapeMeters, metersPerDegree } from './distance.ts';
import { cellColumnOf, cellKeyOf, cellRowOf, toDegrees } from './format.ts';
import { decodeGridBlock } from './grid-block.ts';
import { compareNumbers, compareStreets, type SplitNumber, splitNumber } from './ordering.ts';
import { decodePointChunk, PointCursor } from './point-chunk.ts';
import { decodeRangeChunk } from './range-chunk.ts';
import type {
  AddressPointRecord,
  AddressRangeRecord,
  Coordinates,
  NearbyPoint,
  NearbyRange,
  PostalCodeRecord,
  StreetRecord,
} from './records.ts';
import { type Box, boxShapes, collectTouching, type ShapeBoxes } from './shape-boxes.ts';
import { StoredStreet } from './stored-street.ts';
import { type ChunkPlace, DirectoryBlock } from './street-directory.ts';

/** The directory of one ZIP Code; what was decoded of it is kept with its first block. */
interface Directory {
  readonly first: { readonly block: number; readonly cached: CachedBlock };
  readonly blocks: readonly DirectoryBlock[];
  readonly firstDataBlock: number;
}

interface StreetsNear {
  readonly place: Coordinates | undefined;
  readonly radiusMeters: number;
  readonly streets: readonly StoredStreet[];
}

const none: readonly StreetRecord[] = [];

/** One attempt's sight of the blocks: what is missing looks empty and is noted. */
export class StoredView implements StreetView {
  /** Undefined as long as every block was there; each block once, however many rows of a batch want it. */
  missing: Set<number> | undefined;
  #hashed = { name: '', hash: hashName('') };
  #near: StreetsNear = { place: undefined, radiusMeters: 0, streets: [] };

  /** @param held blocks read for earlier attempts of the same read, in case the cache has let them go meanwhile */
  constructor(
    readonly store: BlockStore,
    readonly held: ReadonlyMap<number, CachedBlock> | undefined,
  ) {}

  withStreets(postalCodes: readonly PostalCodeRecord[]): readonly PostalCodeRecord[] {
    return this.store.withStreets(postalCodes);
  }

  streetsOf(postalCode: string): readonly StreetRecord[] {
    const directory = this.#directoryOf(postalCode);
    if (!directory) return [];
    const { first, blocks } = directory;
    if (first.cached.streets) return first.cached.streets;
    const streets = blocks.flatMap((block) =>
      Array.from(block.entriesFrom(0), (entry) => new StoredStreet(entry, directory.firstDataBlock)),
    );
    first.cached.streets = streets;
    this.store.cache.charge(first.block, first.cached, streets.length * objectBytes.street);
    return streets;
  }

  streetsNamed(postalCode: string, name: string): readonly StreetRecord[] {
    const { index, cache } = this.store;
    const code = index.findPostalCode(postalCode);
    if (code < 0) return none;
    const cached = cache.get(index.firstBlocks[code] ?? 0);
    const known = cached?.named.get(name);
    if (known) return known;
    if (cached?.nameHashes && !hasHash(cached.nameHashes, this.#hashOf(name))) return none;
    const directory = this.#directoryOf(postalCode);
    if (!directory) return none;
    const { first } = directory;
    this.#hashNames(directory);
    const streets = directory.blocks.flatMap((block) =>
      block.named(name).map((entry) => new StoredStreet(entry, directory.firstDataBlock)),
    );
    if (streets.length === 0) return none;
    first.cached.named.set(name, streets);
    this.store.cache.charge(first.block, first.cached, streets.length * objectBytes.street);
    return streets;
  }

  /** One name is looked for in many ZIP Codes, one after the other. */
  #hashOf(name: string): number {
    if (name !== this.#hashed.name) this.#hashed = { name, hash: hashName(name) };
    return this.#hashed.hash;
  }

  /** Most ZIP Codes of a city have no street of a given name: four bytes a street tell so without decoding any. */
  #hashNames({ first, blocks }: Directory): void {
    if (first.cached.nameHashes) return;
    const hashes = blocks.flatMap((block) => Array.from(block.entriesFrom(0), ({ street }) => hashName(street.name)));
    first.cached.nameHashes = Uint32Array.from(hashes).sort();
    this.store.cache.charge(first.block, first.cached, 4 * hashes.length);
  }

  pointsOf(street: StreetRecord): readonly AddressPointRecord[] {
    const stored = this.#storedForm(street);
    const chunks = stored?.pointChunks ?? [];
    const [only] = chunks;
    if (stored && only && chunks.length === 1) return this.#points(stored, only);
    return stored ? chunks.flatMap((chunk) => this.#points(stored, chunk)) : [];
  }

  pointsAt(street: StreetRecord, houseNumber: string): readonly AddressPointRecord[] {
    const stored = this.#storedForm(street);
    if (!stored) return [];
    const number = splitNumber(houseNumber);
    const found: AddressPointRecord[] = [];
    const chunks = stored.pointChunks;
    for (let index = 0; index < chunks.length; index += 1) {
      const chunk = chunks[index];
      const next = chunks[index + 1];
      if (!chunk || chunk.firstHead > number.head) break;
      if (next === undefined || next.firstHead >= number.head) this.#collect(stored, chunk, number, houseNumber, found);
    }
    return found;
  }

  rangesOf(street: StreetRecord): readonly AddressRangeRecord[] {
    const stored = this.#storedForm(street);
    return stored ? stored.rangeChunks.flatMap((chunk) => this.#ranges(stored, chunk)) : [];
  }

  pointsNear(place: Coordinates, radiusMeters: number, limit: number): readonly NearbyPoint[] {
    const found: NearbyPoint[] = [];
    const isNear = boundsAround(place, radiusMeters);
    for (const street of this.#streetsNear(place, radiusMeters)) {
      for (const chunk of street.pointChunks) {
        const block = this.#block(street.firstDataBlock + chunk.block);
        if (!block) continue;
        const cursor = new PointCursor(block.bytes, chunk.offset);
        while (cursor.next()) {
          if (!isNear(toDegrees(cursor.longitudeUnits), toDegrees(cursor.latitudeUnits))) continue;
          const point = cursor.toRecord();
          const meters = distanceMeters(place, point.coordinates);
          if (meters <= radiusMeters) found.push({ street, point, distanceMeters: meters });
        }
      }
    }
    return found.sort(byDistance).slice(0, limit);
  }

  rangesNear(place: Coordinates, radiusMeters: number, limit: number): readonly NearbyRange[] {
    const found: NearbyRange[] = [];
    const around = boxAround(place, radiusMeters);
    for (const street of this.#streetsNear(place, radiusMeters)) {
      for (const chunk of street.rangeChunks) {
        const ranges = this.#ranges(street, chunk);
        const touching: number[] = [];
        collectTouching(this.#boxes(street, chunk, ranges), around, touching);
        for (const index of touching) {
          const range = ranges[index];
          const meters = range ? distanceToShapeMeters(place, range.shape) : Number.POSITIVE_INFINITY;
          if (range && meters <= radiusMeters) found.push({ street, range, distanceMeters: meters });
        }
      }
    }
    return found.sort(byDistance).slice(0, limit);
  }

  #directoryOf(postalCode: string): Directory | undefined {
    const { index } = this.store;
    const code = index.findPostalCode(postalCode);
    if (code < 0) return undefined;
    const firstBlock = index.firstBlocks[code] ?? 0;
    const firstDataBlock = firstBlock + (index.directoryBlocks[code] ?? 0);
    const blocks: DirectoryBlock[] = [];
    let first: { readonly block: number; readonly cached: CachedBlock } | undefined;
    for (let block = firstBlock; block < firstDataBlock; block += 1) {
      const cached = this.#block(block);
      if (!cached) continue;
      first ??= { block: firstBlock, cached };
      blocks.push(this.#directoryBlock(cached, postalCode));
    }
    const isComplete = blocks.length === firstDataBlock - firstBlock;
    return first && isComplete ? { first, blocks, firstDataBlock } : undefined;
  }

  #directoryBlock(cached: CachedBlock, postalCode: string): DirectoryBlock {
    cached.directory ??= new DirectoryBlock(cached.bytes, postalCode);
    return cached.directory;
  }

  /** Streets with something in the cells that the circle touches, each once. */
  #streetsNear(place: Coordinates, radiusMeters: number): readonly StoredStreet[] {
    // Points and ranges around one place are asked for one after the other.
    if (this.#near.place === place && this.#near.radiusMeters === radiusMeters) return this.#near.streets;
    const streets = this.#searchStreets(place, radiusMeters);
    this.#near = { place, radiusMeters, streets };
    return streets;
  }

  #searchStreets(place: Coordinates, radiusMeters: number): readonly StoredStreet[] {
    const seen = new Set<number>();
    const streets: StoredStreet[] = [];
    for (const cell of cellsAround(place, radiusMeters)) {
      this.#eachEntry(cell, (directoryBlock, entryIndex) => {
        const id = directoryBlock * 65_536 + entryIndex;
        if (seen.has(id)) return;
        seen.add(id);
        const street = this.#streetAt(directoryBlock, entryIndex);
        if (street) streets.push(street);
      });
    }
    return streets;
  }

  #eachEntry(cell: number, visit: (directoryBlock: number, entryIndex: number) => void): void {
    const { gridCells, firstGridBlock } = this.store.index;
    // The cell may begin in the block before the first that starts with it, and go on through several.
    let at = Math.max(0, firstAtOrAbove(gridCells, cell) - 1);
    for (; at < gridCells.length && (gridCells[at] ?? 0) <= cell; at += 1) {
      const block = firstGridBlock + at;
      const cached = this.#block(block);
      if (!cached) continue;
      if (!cached.cells) {
        cached.cells = decodeGridBlock(cached.bytes);
        this.store.cache.charge(block, cached, cached.cells.size * objectBytes.cell);
      }
      const entries = cached.cells.get(cell) ?? [];
      for (let i = 0; i < entries.length; i += 2) visit(entries[i] ?? 0, entries[i + 1] ?? 0);
    }
  }

  #streetAt(directoryBlock: number, entryIndex: number): StoredStreet | undefined {
    const { firstBlocks, directoryBlocks, postalCodes } = this.store.index;
    const cached = this.#block(directoryBlock);
    if (!cached) return undefined;
    const known = cached.entries.get(entryIndex);
    if (known) return known;
    const code = firstAtOrAbove(firstBlocks, directoryBlock + 1) - 1;
    const postalCode = String(postalCodes[code] ?? 0).padStart(5, '0');
    const entry = this.#directoryBlock(cached, postalCode).at(entryIndex);
    if (!entry) return undefined;
    const street = new StoredStreet(entry, (firstBlocks[code] ?? 0) + (directoryBlocks[code] ?? 0));
    cached.entries.set(entryIndex, street);
    this.store.cache.charge(directoryBlock, cached, objectBytes.street);
    return street;
  }

  /** A street from elsewhere, such as a test or another vintage, is found again by its value. */
  #storedForm(street: StreetRecord): StoredStreet | undefined {
    if (StoredStreet.isStored(street)) return street;
    const same = this.streetsNamed(street.postalCode, street.name).find((one) => compareStreets(one, street) === 0);
    return same && StoredStreet.isStored(same) ? same : undefined;
  }

  #points(street: StoredStreet, chunk: ChunkPlace): readonly AddressPointRecord[] {
    const block = street.firstDataBlock + chunk.block;
    const cached = this.#block(block);
    if (!cached) return [];
    const known = cached.points.get(chunk.offset);
    if (known) return known;
    const points = decodePointChunk(cached.bytes, chunk.offset);
    cached.points.set(chunk.offset, points);
    this.store.cache.charge(block, cached, points.length * objectBytes.point);
    return points;
  }

  #ranges(street: StoredStreet, chunk: ChunkPlace): readonly AddressRangeRecord[] {
    const block = street.firstDataBlock + chunk.block;
    const cached = this.#block(block);
    if (!cached) return [];
    const known = cached.ranges.get(chunk.offset);
    if (known) return known;
    const ranges = decodeRangeChunk(cached.bytes, chunk.offset);
    cached.ranges.set(chunk.offset, ranges);
    this.store.cache.charge(block, cached, ranges.length * objectBytes.range);
    return ranges;
  }

  #boxes(street: StoredStreet, chunk: ChunkPlace, ranges: readonly AddressRangeRecord[]): ShapeBoxes {
    const block = street.firstDataBlock + chunk.block;
    const cached = this.#block(block);
    const known = cached?.rangeBoxes.get(chunk.offset);
    if (known) return known;
    const boxes = boxShapes(ranges);
    if (!cached) return boxes;
    cached.rangeBoxes.set(chunk.offset, boxes);
    this.store.cache.charge(block, cached, boxes.byteLength);
    return boxes;
  }

  #collect(
    street: StoredStreet,
    chunk: ChunkPlace,
    { head, rest }: SplitNumber,
    houseNumber: string,
    found: AddressPointRecord[],
  ): void {
    const cached = this.#block(street.firstDataBlock + chunk.block);
    if (!cached) return;
    const cursor = new PointCursor(cached.bytes, chunk.offset);
    while (cursor.next() && cursor.head <= head) {
      if (cursor.head === head && cursor.rest === rest) found.push(cursor.toRecord(houseNumber));
    }
  }

  #block(block: number): CachedBlock | undefined {
    const cached = this.store.cache.get(block) ?? this.held?.get(block);
    if (!cached) {
      this.missing ??= new Set();
      this.missing.add(block);
    }
    return cached;
  }
}

function byDistance(
  left: { readonly distanceMeters: number; readonly street: StreetRecord; readonly point?: AddressPointRecord },
  right: { readonly distanceMeters: number; readonly street: StreetRecord; readonly point?: AddressPointRecord },
): number {
  return (
    left.distanceMeters - right.distanceMeters ||
    compareStreets(left.street, right.street) ||
    compareNumbers(left.point?.houseNumber ?? '', right.point?.houseNumber ?? '')
  );
}

/** Cells within the square around the circle; none for a place that is not on the globe. */
function* cellsAround(place: Coordinates, radiusMeters: number): Generator<number> {
  const latitudeReach = radiusMeters / metersPerDegree;
  const longitudeReach = longitudeReachOf(place, radiusMeters);
  const lastRow = cellRowOf(place.latitude + latitudeReach);
  const lastColumn = cellColumnOf(place.longitude + longitudeReach);
  for (let row = cellRowOf(place.latitude - latitudeReach); row <= lastRow; row += 1) {
    for (let column = cellColumnOf(place.longitude - longitudeReach); column <= lastColumn; column += 1) {
      if (row >= 0 && column >= 0) yield cellKeyOf(row, column);
    }
  }
}

function boundsAround(place: Coordinates, radiusMeters: number): (longitude: number, latitude: number) => boolean {
  const [west, south, east, north] = boxAround(place, radiusMeters);
  return (longitude, latitude) => longitude >= west && longitude <= east && latitude >= south && latitude <= north;
}

/** A little wider than the circle, so that no rounding leaves out what lies on it. */
function boxAround(place: Coordinates, radiusMeters: number): Box {
  const latitudeReach = (radiusMeters * 1.001) / metersPerDegree + 1e-6;
  const longitudeReach = longitudeReachOf(place, radiusMeters * 1.001) + 1e-6;
  return [
    place.longitude - longitudeReach,
    place.latitude - latitudeReach,
    place.longitude + longitudeReach,
    place.latitude + latitudeReach,
  ];
}

/** Taken at the circle's side nearer to the pole, where degrees of longitude are shortest. */
function longitudeReachOf(place: Coordinates, radiusMeters: number): number {
  const farthest = Math.min(89, Math.abs(place.latitude) + radiusMeters / metersPerDegree);
  return radiusMeters / (metersPerDegree * Math.cos((farthest * Math.PI) / 180));
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function hasHash(hashes: Uint32Array, hash: number): boolean {
  return hashes[firstAtOrAbove(hashes, hash)] === hash;
}

function firstAtOrAbove(values: Float64Array | Uint32Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
