import { crc32 } from 'node:zlib';
import { SpectrumError } from '../foundation/errors.ts';

/**
 * The byte layout of a vintage: constants, arithmetic and headers, shared by reader and builder and described whole in
 * docs/reference-data-format.md. All integers are little-endian.
 */
const formatVersion = 1;

/**
 * The formats of a vintage, as its manifest tells them: `plain`, and `named` where firms, urbanizations or street aliases
 * make blocks that older servers cannot read.
 */
export const vintageFormats = { plain: 1, named: 2 } as const;

export const fileNames = {
  /** ZIP Codes, cities, counties, centroids; held in memory. */
  places: 'places.bin',
  /** Where every block of `addresses.bin` lies, with its checksum; held in memory. */
  index: 'index.bin',
  /** Blocks of streets, points, ranges and grid cells; read as needed. */
  addresses: 'addresses.bin',
  /** Postal codes and cities of other countries; held in memory, and only there when such were loaded. */
  foreignPlaces: 'foreign-places.bin',
  manifest: 'manifest.json',
} as const;

/** Written into each header, so that a file put in another's place is refused. */
const fileKinds = { places: 1, index: 2, addresses: 3, foreignPlaces: 4 } as const;
export type FileKind = keyof typeof fileKinds;

export const layout = {
  headerBytes: 24,
  /** A block is closed once it reaches this size; one street entry or chunk may carry it beyond. */
  blockBytes: 16_384,
  /** Offsets inside a block are 16 bits wide. */
  maximumBlockBytes: 65_535,
  /** Every n-th directory entry spells its name in full, so that a binary search can land on it. */
  restartInterval: 16,
  /** Points of a street are cut into chunks of at most so many, each with its first house number in the directory. */
  pointsPerChunk: 64,
  rangesPerChunk: 64,
  /** Bytes of one record of a ZIP Code in `places.bin`. */
  postalCodeBytes: 24,
} as const;

/** A stored coordinate counts ten-millionths of a degree, about 1 cm: what OpenAddresses writes comes back unchanged. */
const unitsPerDegree = 10_000_000;
export const toUnits = (degrees: number): number => Math.round(degrees * unitsPerDegree);
export const toDegrees = (units: number): number => units / unitsPerDegree;

/** Stands for an unknown coordinate; no real one reaches it (180 degrees are 1,800,000,000 units). */
export const unknownUnits = 0x7fffffff;

export const postalCodeKinds = ['standard', 'poBox', 'unique', 'military'] as const;
export const cityTypes = ['P', 'S', 'V'] as const;
export const parities = ['E', 'O', 'B'] as const;

/**
 * Grid cells of 0.0025 degrees (some 280 m by 210 m at 40° north), numbered so that the 16 by 16 cells of one tile are
 * neighbours in the file: a city's lookups then stay within few blocks.
 */
export const grid = {
  cellsPerDegree: 400,
  cellsPerTileSide: 16,
  tilesPerRow: (360 * 400) / 16,
} as const;

export function cellRowOf(latitude: number): number {
  return Math.floor((latitude + 90) * grid.cellsPerDegree);
}

export function cellColumnOf(longitude: number): number {
  return Math.floor((longitude + 180) * grid.cellsPerDegree);
}

/** Below 2^34: beyond 32 bits, well within exact doubles. */
export function cellKeyOf(row: number, column: number): number {
  const side = grid.cellsPerTileSide;
  const tile = Math.floor(row / side) * grid.tilesPerRow + Math.floor(column / side);
  return tile * side * side + (row % side) * side + (column % side);
}

const magic = Buffer.from('SPCTRMRD', 'latin1');

/** @param body the checksummed part; `addresses.bin` has none, its blocks are checksummed one by one in the index */
export function encodeHeader(kind: FileKind, body?: Uint8Array): Buffer {
  const header = Buffer.alloc(layout.headerBytes);
  magic.copy(header);
  header.writeUInt32LE(formatVersion, 8);
  header.writeUInt32LE(fileKinds[kind], 12);
  header.writeUInt32LE(body ? crc32(body) : 0, 16);
  return header;
}

/** Throws `REFERENCE_DATA_FORMAT` with what was found and what this server reads. */
export function assertHeader(kind: FileKind, header: Buffer, path: string): void {
  if (header.length < layout.headerBytes || !header.subarray(0, magic.length).equals(magic)) {
    throw refuseFormat(path, 'magic', header.subarray(0, magic.length).toString('latin1'), magic.toString('latin1'));
  }
  const version = header.readUInt32LE(8);
  if (version !== formatVersion) throw refuseFormat(path, 'format version', version, formatVersion);
  const got = header.readUInt32LE(12);
  if (got !== fileKinds[kind]) throw refuseFormat(path, 'file kind', got, fileKinds[kind]);
  if (header.readUInt32LE(20) !== 0) throw refuseFormat(path, 'reserved word', header.readUInt32LE(20), 0);
}

/** The body of a file that is held in memory, checked against its header. */
export function openBody(kind: FileKind, bytes: Buffer, path: string): Buffer {
  assertHeader(kind, bytes, path);
  // A copy of its own: typed arrays over it need an aligned start, and a small file arrives within a shared pool.
  const body = Buffer.from(new Uint8Array(bytes.subarray(layout.headerBytes)).buffer);
  if (crc32(body) !== bytes.readUInt32LE(16)) throw corrupt(path, 'its checksum is wrong');
  return body;
}

export function refuseFormat(path: string, what: string, got: unknown, wanted: unknown): SpectrumError {
  return new SpectrumError(
    'REFERENCE_DATA_FORMAT',
    `${path}: ${what} is ${JSON.stringify(got)}, this server reads ${JSON.stringify(wanted)}; rebuild the vintage or use the matching version of the server`,
    { path, what, got, wanted },
  );
}

export function corrupt(path: string, reason: string): SpectrumError {
  return new SpectrumError(
    'REFERENCE_DATA_CORRUPT',
    `${path} is damaged: ${reason}; restore the vintage or build it again`,
    { path, reason },
  );
}
