import { ByteWriter } from './bytes.ts';
import { cellColumnOf, cellKeyOf, cellRowOf, grid, layout } from './format.ts';
import type { GridEntry } from './grid-block.ts';
import { comparePoints, compareRanges, compareStreets, splitNumber } from './ordering.ts';
import { encodePointChunk } from './point-chunk.ts';
import { encodeRangeChunk } from './range-chunk.ts';
import type { AddressPointRecord, AddressRangeRecord, Coordinates, StreetRecord } from './records.ts';
import { type ChunkPlace, type DirectoryEntry, encodeDirectoryBlock } from './street-directory.ts';

/** A street with all that is known on it, in any order. */
export interface StreetContent {
  readonly street: StreetRecord;
  readonly points: readonly AddressPointRecord[];
  readonly ranges: readonly AddressRangeRecord[];
}

export interface EncodedStreets {
  readonly directory: readonly Buffer[];
  readonly data: readonly Buffer[];
  /** Directory blocks counted from the first. */
  readonly gridEntries: readonly GridEntry[];
}

/** The blocks of one ZIP Code: directory first, then data. */
export function encodeStreets(streets: readonly StreetContent[]): EncodedStreets {
  const sorted = [...streets].sort((a, b) => compareStreets(a.street, b.street));
  const data = new DataBlocks();
  const entries = sorted.map(({ street, points, ranges }): DirectoryEntry => {
    const pointChunks = cut([...points].sort(comparePoints), layout.pointsPerChunk).map((chunk) =>
      data.add((writer) => encodePointChunk(writer, chunk), splitNumber(chunk[0]?.houseNumber ?? '').head),
    );
    const rangeChunks = cut([...ranges].sort(compareRanges), layout.rangesPerChunk).map((chunk) =>
      data.add((writer) => encodeRangeChunk(writer, chunk), 0),
    );
    return { street, pointChunks, rangeChunks };
  });
  const directory = cutBySize(entries);
  const gridEntries: GridEntry[] = [];
  let at = 0;
  for (const [directoryBlock, block] of directory.entries()) {
    for (let index = 0; index < block.length; index += 1, at += 1) {
      for (const cell of cellsOf(sorted[at])) gridEntries.push({ cell, directoryBlock, index });
    }
  }
  return { directory: directory.map(encodeDirectoryBlock), data: data.finish(), gridEntries };
}

/** Chunks one after the other; a new block begins when the last is full. */
class DataBlocks {
  readonly #blocks: Buffer[] = [];
  #current = new ByteWriter();

  add(encode: (writer: ByteWriter) => void, firstHead: number): ChunkPlace {
    const chunk = new ByteWriter();
    encode(chunk);
    if (this.#current.length > 0 && this.#current.length + chunk.length > layout.blockBytes) this.#close();
    const place = { block: this.#blocks.length, offset: this.#current.length, firstHead };
    this.#current.bytes(chunk.take());
    return place;
  }

  finish(): readonly Buffer[] {
    if (this.#current.length > 0) this.#close();
    return this.#blocks;
  }

  #close(): void {
    this.#blocks.push(this.#current.take());
    this.#current = new ByteWriter();
  }
}

function cut<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}

/** Directory entries block by block, judged by an upper bound of their size. */
function cutBySize(entries: readonly DirectoryEntry[]): DirectoryEntry[][] {
  const blocks: DirectoryEntry[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const { street, pointChunks, rangeChunks } = entry;
    const chunks = pointChunks.length + rangeChunks.length;
    const entryBytes = Buffer.byteLength(street.name + street.city) + 12 + 8 * chunks;
    if (sizeBytes + entryBytes > layout.blockBytes) {
      blocks.push([]);
      sizeBytes = 0;
    }
    blocks.at(-1)?.push(entry);
    sizeBytes += entryBytes;
  }
  return blocks;
}

function cellsOf(content: StreetContent | undefined): Set<number> {
  const cells = new Set<number>();
  for (const { coordinates } of content?.points ?? []) addBox(cells, coordinates, coordinates);
  for (const { shape } of content?.ranges ?? []) {
    for (const [index, vertex] of shape.entries()) addSegment(cells, shape[index - 1] ?? vertex, vertex);
  }
  return cells;
}

/** Every cell a segment passes, by boxes around pieces no longer than a cell. */
function addSegment(cells: Set<number>, from: Coordinates, to: Coordinates): void {
  const longest = Math.max(Math.abs(to.longitude - from.longitude), Math.abs(to.latitude - from.latitude));
  const pieces = Math.max(1, Math.ceil(longest * grid.cellsPerDegree));
  const at = (piece: number): Coordinates => ({
    longitude: from.longitude + ((to.longitude - from.longitude) * piece) / pieces,
    latitude: from.latitude + ((to.latitude - from.latitude) * piece) / pieces,
  });
  for (let piece = 0; piece < pieces; piece += 1) addBox(cells, at(piece), at(piece + 1));
}

/** A margin beyond the rounding of stored coordinates. */
function addBox(cells: Set<number>, from: Coordinates, to: Coordinates): void {
  const margin = 1e-6;
  const lastRow = cellRowOf(Math.max(from.latitude, to.latitude) + margin);
  const lastColumn = cellColumnOf(Math.max(from.longitude, to.longitude) + margin);
  for (let row = cellRowOf(Math.min(from.latitude, to.latitude) - margin); row <= lastRow; row += 1) {
    const firstColumn = cellColumnOf(Math.min(from.longitude, to.longitude) - margin);
    for (let column = firstColumn; column <= lastColumn; column += 1) cells.add(cellKeyOf(row, column));
  }
}
