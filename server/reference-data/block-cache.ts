import type { GridCells } from './grid-block.ts';
import type { AddressPointRecord, AddressRangeRecord, StreetRecord } from './records.ts';
import type { ShapeBoxes } from './shape-boxes.ts';
import type { StoredStreet } from './stored-street.ts';
import type { DirectoryBlock } from './street-directory.ts';

/** A verified block and what was decoded from it; both leave the cache together. */
export interface CachedBlock {
  readonly bytes: Buffer;
  directory?: DirectoryBlock;
  cells?: GridCells;
  /** On the first directory block of a ZIP Code: its streets by name, and all of them. */
  readonly named: Map<string, readonly StreetRecord[]>;
  streets?: readonly StreetRecord[];
  /** And the hashes of all their names, ascending. */
  nameHashes?: Uint32Array;
  /** Streets of this directory block by number. */
  readonly entries: Map<number, StoredStreet>;
  /** Chunks of this data block by offset. */
  readonly points: Map<number, readonly AddressPointRecord[]>;
  readonly ranges: Map<number, readonly AddressRangeRecord[]>;
  /** The rectangles around those ranges that places were looked for among, by offset too. */
  readonly rangeBoxes: Map<number, ShapeBoxes>;
  /** Bytes, with an estimate for what was decoded. */
  cost: number;
  wasUsed: boolean;
}

/** What an object made from a block costs beside the block, roughly. */
export const objectBytes = { street: 400, point: 300, range: 400, cell: 100 } as const;

/** Blocks by number, at most `limitBytes` of them; those not used since the last sweep leave first. */
export class BlockCache {
  /** In the order in which they leave. */
  readonly #blocks = new Map<number, CachedBlock>();
  /** The same by number: a row looks at a dozen, and a map costs three reads of memory where this costs one. */
  readonly #byNumber: (CachedBlock | undefined)[];
  #cost = 0;

  /** @param blockCount how many there are, in memory or not */
  constructor(
    readonly limitBytes: number,
    blockCount: number,
  ) {
    this.#byNumber = new Array<CachedBlock | undefined>(blockCount).fill(undefined);
  }

  get(block: number): CachedBlock | undefined {
    const cached = this.#byNumber[block];
    // Not written again each time: a row looks at a dozen blocks, and most are not in the processor's caches.
    if (cached?.wasUsed === false) cached.wasUsed = true;
    return cached;
  }

  has(block: number): boolean {
    return this.#blocks.has(block);
  }

  add(block: number, bytes: Buffer): CachedBlock {
    const cached: CachedBlock = {
      bytes,
      named: new Map(),
      entries: new Map(),
      points: new Map(),
      ranges: new Map(),
      rangeBoxes: new Map(),
      cost: bytes.length + 500,
      wasUsed: true,
    };
    this.#blocks.set(block, cached);
    this.#byNumber[block] = cached;
    this.#cost += cached.cost;
    this.#shrink();
    return cached;
  }

  /** Counts what was decoded from a block that is still here. */
  charge(block: number, cached: CachedBlock, bytes: number): void {
    if (this.#blocks.get(block) !== cached) return;
    cached.cost += bytes;
    this.#cost += bytes;
    this.#shrink();
  }

  clear(): void {
    this.#blocks.clear();
    this.#byNumber.fill(undefined);
    this.#cost = 0;
  }

  /** Second chance: oldest first, but a block used since it was last looked at goes back to the end once. */
  #shrink(): void {
    for (const [block, cached] of this.#blocks) {
      if (this.#cost <= this.limitBytes) return;
      this.#blocks.delete(block);
      if (cached.wasUsed) {
        cached.wasUsed = false;
        this.#blocks.set(block, cached);
      } else {
        this.#byNumber[block] = undefined;
        this.#cost -= cached.cost;
      }
    }
  }
}
