import { layout, openBody } from './format.ts';
import { postalCodeNumber } from './postal-code-number.ts';

/** Where the blocks of `addresses.bin` lie and which ZIP Code owns which: the sparse index, held in memory. */
export interface BlockIndex {
  readonly blockCount: number;
  readonly sizes: Uint32Array;
  readonly checksums: Uint32Array;
  /** Byte position of each block, and the end of the last. */
  readonly positions: Float64Array;
  /** Number of the first grid block; street blocks come before. */
  readonly firstGridBlock: number;
  /** First cell of each grid block. */
  readonly gridCells: Float64Array;
  /** Index of a ZIP Code in the following arrays, or -1. */
  findPostalCode(code: string): number;
  readonly postalCodes: Uint32Array;
  /** First block of each ZIP Code; its directory blocks come first. One more entry ends the last ZIP Code. */
  readonly firstBlocks: Uint32Array;
  readonly directoryBlocks: Uint32Array;
}

export interface BlockIndexContent {
  readonly sizes: readonly number[];
  readonly checksums: readonly number[];
  readonly firstGridBlock: number;
  readonly gridCells: readonly number[];
  readonly postalCodes: readonly {
    readonly code: number;
    readonly firstBlock: number;
    readonly directoryBlocks: number;
  }[];
}

/**
 * u32 blocks, first grid block, ZIP Codes, grid blocks; then u32 arrays: sizes, checksums, codes, first blocks,
 * directory blocks; padding to eight bytes; f64 first cells.
 */
export function encodeBlockIndex(content: BlockIndexContent): Buffer {
  const { sizes, checksums, postalCodes, gridCells } = content;
  const words = Uint32Array.from([sizes.length, content.firstGridBlock, postalCodes.length, gridCells.length]);
  const arrays = [
    words,
    Uint32Array.from(sizes),
    Uint32Array.from(checksums),
    Uint32Array.from(postalCodes, ({ code }) => code),
    Uint32Array.from(postalCodes, ({ firstBlock }) => firstBlock),
    Uint32Array.from(postalCodes, ({ directoryBlocks }) => directoryBlocks),
  ].map(bytesOf);
  const wordBytes = arrays.reduce((sum, bytes) => sum + bytes.length, 0);
  return Buffer.concat([...arrays, Buffer.alloc(wordBytes % 8), bytesOf(Float64Array.from(gridCells))]);
}

/** Throws `REFERENCE_DATA_FORMAT` or `REFERENCE_DATA_CORRUPT`. @param bytes all of `index.bin` */
export function decodeBlockIndex(bytes: Buffer, path: string): BlockIndex {
  const body = openBody('index', bytes, path);
  const view = new ArraySlicer(body);
  const [blockCount = 0, firstGridBlock = 0, postalCodeCount = 0, gridCount = 0] = view.uint32(4);
  const sizes = view.uint32(blockCount);
  const checksums = view.uint32(blockCount);
  const postalCodes = view.uint32(postalCodeCount);
  const starts = view.uint32(postalCodeCount);
  const directoryBlocks = view.uint32(postalCodeCount);
  const gridCells = view.float64(gridCount);
  const byCode = new Int32Array(100_000).fill(-1);
  postalCodes.forEach((code, index) => {
    byCode[code] = index;
  });
  return {
    blockCount,
    sizes,
    checksums,
    positions: positionsOf(sizes),
    firstGridBlock,
    gridCells,
    findPostalCode: (code) => byCode[postalCodeNumber(code)] ?? -1,
    postalCodes,
    firstBlocks: Uint32Array.from([...starts, firstGridBlock]),
    directoryBlocks,
  };
}

function positionsOf(sizes: Uint32Array): Float64Array {
  const positions = new Float64Array(sizes.length + 1);
  positions[0] = layout.headerBytes;
  for (let block = 0; block < sizes.length; block += 1) {
    positions[block + 1] = (positions[block] ?? 0) + (sizes[block] ?? 0);
  }
  return positions;
}

function bytesOf(array: Uint32Array | Float64Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

class ArraySlicer {
  #at = 0;

  constructor(readonly body: Buffer) {}

  uint32(length: number): Uint32Array {
    const array = new Uint32Array(this.body.buffer, this.body.byteOffset + this.#at, length);
    this.#at += array.byteLength;
    return array;
  }

  float64(length: number): Float64Array {
    this.#at += this.#at % 8;
    return new Float64Array(this.body.buffer, this.body.byteOffset + this.#at, length);
  }
}
