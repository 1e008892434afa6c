import { crc32 } from 'node:zlib';
import { SpectrumError } from '../foundation/errors.ts';
import { BlockCache, type CachedBlock } from './block-cache.ts';
import type { BlockIndex } from './block-index.ts';
import { corrupt } from './format.ts';
import { codeOf, type PositionalFile, type ReadLimits, ReadQueue, unavailable } from './positional-file.ts';
import type { PostalCodeRecord } from './records.ts';

/** Blocks that lie side by side are read together up to this size; so is a whole ZIP Code that fits. */
const largestReadBytes = 131_072;

/** Blocks read together, from number `first` on. */
interface ReadRun {
  readonly first: number;
  readonly bytes: Buffer;
}

/** The blocks of one `addresses.bin`: those in the cache at once, the others read together and verified. */
export class BlockStore {
  readonly cache: BlockCache;
  readonly #queue: ReadQueue;
  readonly #loading = new Map<number, Promise<CachedBlock>>();
  /** Cities are asked for again and again, and most of a large one's ZIP Codes are boxes and firms. */
  readonly #withStreets = new WeakMap<readonly PostalCodeRecord[], readonly PostalCodeRecord[]>();

  constructor(
    readonly path: string,
    readonly index: BlockIndex,
    readonly file: PositionalFile,
    options: ReadLimits & { readonly cacheBytes: number },
  ) {
    this.cache = new BlockCache(options.cacheBytes, index.blockCount);
    this.#queue = new ReadQueue(options);
  }

  withStreets(postalCodes: readonly PostalCodeRecord[]): readonly PostalCodeRecord[] {
    const known = this.#withStreets.get(postalCodes);
    if (known) return known;
    const found = postalCodes.filter(({ code }) => this.index.findPostalCode(code) >= 0);
    this.#withStreets.set(postalCodes, found);
    return found;
  }

  /** Reads `blocks` and, in the same reads, what is likely to be wanted next. */
  async load(blocks: readonly number[]): Promise<Map<number, CachedBlock>> {
    const wanted = [...new Set(blocks.flatMap((block) => this.#withNeighbours(block)))].sort((a, b) => a - b);
    const missing = wanted.filter((block) => !this.cache.has(block) && !this.#loading.has(block));
    this.#start(this.#runsOf(missing));
    // Taken before the first wait: a small cache may have let a block go again by the time another arrives.
    const coming = blocks.map((block) => this.cache.get(block) ?? this.#loading.get(block));
    const loaded = new Map<number, CachedBlock>();
    for (const [at, cached] of (await Promise.all(coming)).entries()) {
      const block = blocks[at];
      if (cached && block !== undefined) loaded.set(block, cached);
    }
    return loaded;
  }

  /** All blocks of the ZIP Code when they fit one read, else this one. */
  #withNeighbours(block: number): readonly number[] {
    const { firstBlocks, firstGridBlock, positions } = this.index;
    if (block >= firstGridBlock) return [block];
    const code = lastAtOrBelow(firstBlocks, block);
    const [first, end] = [firstBlocks[code] ?? block, firstBlocks[code + 1] ?? block + 1];
    const sizeBytes = (positions[end] ?? 0) - (positions[first] ?? 0);
    if (sizeBytes > largestReadBytes) return [block];
    return Array.from({ length: end - first }, (_, offset) => first + offset);
  }

  #runsOf(blocks: readonly number[]): number[][] {
    const runs: number[][] = [];
    for (const block of blocks) {
      const run = runs.at(-1);
      const isNext = run !== undefined && run.at(-1) === block - 1;
      if (isNext && this.#sizeOf(run[0] ?? 0, block) <= largestReadBytes) run.push(block);
      else runs.push([block]);
    }
    return runs;
  }

  /**
   * One call takes no more places in the queue than reads go at once, however much it needs: a large batch over cold
   * data is slow, not refused. After a failure the rest of its lane is given up with the same reason.
   */
  #start(runs: readonly (readonly number[])[]): void {
    const lanes: Promise<unknown>[] = Array.from({ length: this.#queue.limits.concurrentReads }, () =>
      Promise.resolve(),
    );
    for (const [at, run] of runs.entries()) {
      const lane = at % lanes.length;
      const reading = (lanes[lane] ?? Promise.resolve()).then(() => this.#read(run));
      lanes[lane] = reading;
      for (const block of run) this.#keep(block, reading);
    }
  }

  #keep(block: number, reading: Promise<ReadRun>): void {
    const one = reading
      .then((read) => this.cache.add(block, this.#verify(block, read)))
      .finally(() => this.#loading.delete(block));
    // Whoever waits for the block hears of a failure; a neighbour read along may have nobody waiting.
    one.catch(() => undefined);
    this.#loading.set(block, one);
  }

  async #read(run: readonly number[]): Promise<ReadRun> {
    const [first = 0, last = first] = [run[0], run.at(-1)];
    try {
      const bytes = await this.#queue.run(this.path, () =>
        this.file.read(this.index.positions[first] ?? 0, this.#sizeOf(first, last)),
      );
      return { first, bytes };
    } catch (error) {
      if (error instanceof SpectrumError) throw error;
      throw unavailable(this.path, `the file system answered ${codeOf(error) || String(error)}`, error);
    }
  }

  #verify(block: number, { first, bytes }: ReadRun): Buffer {
    const { positions, checksums } = this.index;
    const start = (positions[block] ?? 0) - (positions[first] ?? 0);
    // A copy, so that a block which stays does not keep its neighbours' memory.
    const own = Buffer.from(bytes.subarray(start, start + this.#sizeOf(block, block)));
    if (crc32(own) !== checksums[block]) throw corrupt(this.path, `the checksum of block ${block} is wrong`);
    return own;
  }

  #sizeOf(first: number, last: number): number {
    return (this.index.positions[last + 1] ?? 0) - (this.index.positions[first] ?? 0);
  }
}

function lastAtOrBelow(values: Uint32Array, wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
