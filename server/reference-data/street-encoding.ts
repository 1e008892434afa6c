import { crc32 } from 'node:zlib';
import { ByteWriter } from './bytes.ts';
import { cellColumnOf, cellKeyOf, cellRowOf, grid, layout } from './format.ts';
import { comparePoints, compareRanges, compareStreets, compareText, splitNumber } from './ordering.ts';
import { encodePointChunk } from './point-chunk.ts';
import { encodeRangeChunk } from './range-chunk.ts';
import type { AddressPointRecord, AddressRangeRecord, Coordinates, StreetRecord } from './records.ts';
import { type ChunkPlace, type DirectoryEntry, encodeDirectoryBlock } from './street-directory.ts';
import { formatStreetNotes } from './street-notes.ts';

/** A street with all that is known on it, in any order. */
export interface StreetContent {
  readonly street: StreetRecord;
  readonly points: readonly AddressPointRecord[];
  readonly ranges: readonly AddressRangeRecord[];
}

/** The blocks of one ZIP Code, in a form that passes between threads without a copy. */
export interface EncodedStreets {
  /** Directory blocks, then data blocks. */
  readonly bytes: Uint8Array;
  readonly sizes: Uint32Array;
  readonly checksums: Uint32Array;
  readonly directoryBlocks: number;
  /** Whether firms, urbanizations or aliases are among them. */
  readonly hasNames: boolean;
  /** Grid entries, one in each array: the cell, the directory block counted from the first, the street's number there. */
  readonly gridCells: Float64Array;
  readonly gridBlocks: Uint32Array;
  readonly gridIndexes: Uint32Array;
}

/** One street's chunks and cells, before it is known where they will lie. */
export interface EncodedStreet {
  readonly street: StreetRecord;
  readonly pointChunks: readonly EncodedChunk[];
  readonly rangeChunks: readonly EncodedChunk[];
  readonly cells: Float64Array;
  readonly hasNames: boolean;
}

interface EncodedChunk {
  readonly bytes: Buffer;
  readonly firstHead: number;
}

/** The blocks of one ZIP Code: directory first, then data. */
export function encodeStreets(streets: readonly StreetContent[]): EncodedStreets {
  return layOutStreets(streets.map(encodeStreet));
}

export function encodeStreet({ street, points, ranges }: StreetContent): EncodedStreet {
  const writer = new ByteWriter();
  const pointChunks = cut(sortPoints(points), layout.pointsPerChunk).map((chunk): EncodedChunk => {
    encodePointChunk(writer, chunk);
    return { bytes: writer.takeOff(), firstHead: splitNumber(chunk[0]?.houseNumber ?? '').head };
  });
  const rangeChunks = cut([...ranges].sort(compareRanges), layout.rangesPerChunk).map((chunk): EncodedChunk => {
    encodeRangeChunk(writer, chunk);
    return { bytes: writer.takeOff(), firstHead: 0 };
  });
  const hasNames = !!street.urbanization || !!street.alias || points.some(({ firmName }) => !!firmName);
  return { street, pointChunks, rangeChunks, cells: Float64Array.from(cellsOf(points, ranges)), hasNames };
}

/** A further name of a street, with the same chunks; positions lead to the base street alone. */
export function encodeAlias(base: EncodedStreet, street: StreetRecord): EncodedStreet {
  return { ...base, street, cells: new Float64Array(), hasNames: true };
}

/** @param streets of one ZIP Code, in any order */
export function layOutStreets(streets: readonly EncodedStreet[]): EncodedStreets {
  const sorted = [...streets].sort((a, b) => compareStreets(a.street, b.street));
  const data = new DataBlocks();
  const places = new Map<EncodedChunk, ChunkPlace>();
  const entries = sorted.map(({ street, pointChunks, rangeChunks }): DirectoryEntry => {
    const place = (chunk: EncodedChunk): ChunkPlace => placeOnce(data, places, chunk);
    return { street, pointChunks: pointChunks.map(place), rangeChunks: rangeChunks.map(place) };
  });
  const directory = cutBySize(entries);
  const blocks = [...directory.map(encodeDirectoryBlock), ...data.finish()];
  return {
    bytes: Buffer.concat(blocks),
    sizes: Uint32Array.from(blocks, (block) => block.length),
    checksums: Uint32Array.from(blocks, (block) => crc32(block)),
    directoryBlocks: directory.length,
    hasNames: sorted.some(({ hasNames }) => hasNames),
    ...listGridEntries(directory, sorted),
  };
}

/** An alias shares the chunks of its base street, wherever of the two comes first. */
function placeOnce(data: DataBlocks, places: Map<EncodedChunk, ChunkPlace>, chunk: EncodedChunk): ChunkPlace {
  const known = places.get(chunk);
  if (known) return known;
  const place = data.add(chunk);
  places.set(chunk, place);
  return place;
}

function listGridEntries(directory: readonly (readonly DirectoryEntry[])[], streets: readonly EncodedStreet[]) {
  const count = streets.reduce((sum, { cells }) => sum + cells.length, 0);
  const gridCells = new Float64Array(count);
  const gridBlocks = new Uint32Array(count);
  const gridIndexes = new Uint32Array(count);
  let [at, to] = [0, 0];
  for (const [directoryBlock, block] of directory.entries()) {
    for (let index = 0; index < block.length; index += 1, at += 1) {
      for (const cell of streets[at]?.cells ?? []) {
        gridCells[to] = cell;
        gridBlocks[to] = directoryBlock;
        gridIndexes[to] = index;
        to += 1;
      }
    }
  }
  return { gridCells, gridBlocks, gridIndexes };
}

/** As `comparePoints` orders them, but each number is read only once. */
function sortPoints(points: readonly AddressPointRecord[]): readonly AddressPointRecord[] {
  if (points.length < 2) return points;
  const split = points.map((point) => ({ point, ...splitNumber(point.houseNumber) }));
  split.sort((a, b) => a.head - b.head || compareText(a.rest, b.rest) || comparePoints(a.point, b.point));
  return split.map(({ point }) => point);
}

/** Chunks one after the other; a new block begins when the last is full. */
class DataBlocks {
  readonly #blocks: Buffer[] = [];
  readonly #current = new ByteWriter();

  add({ bytes, firstHead }: EncodedChunk): ChunkPlace {
    if (this.#current.length > 0 && this.#current.length + bytes.length > layout.blockBytes) this.#close();
    const place = { block: this.#blocks.length, offset: this.#current.length, firstHead };
    this.#current.bytes(bytes);
    return place;
  }

  finish(): readonly Buffer[] {
    if (this.#current.length > 0) this.#close();
    return this.#blocks;
  }

  #close(): void {
    this.#blocks.push(this.#current.takeOff());
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
    const entryBytes = Buffer.byteLength(street.name + formatStreetNotes(street)) + 12 + 8 * chunks;
    if (sizeBytes + entryBytes > layout.blockBytes) {
      blocks.push([]);
      sizeBytes = 0;
    }
    blocks.at(-1)?.push(entry);
    sizeBytes += entryBytes;
  }
  return blocks;
}

function cellsOf(points: StreetContent['points'], ranges: StreetContent['ranges']): Set<number> {
  const cells = new Set<number>();
  for (const { coordinates } of points) addBox(cells, coordinates, coordinates);
  for (const { shape } of ranges) {
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
