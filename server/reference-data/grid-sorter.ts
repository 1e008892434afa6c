import { type FileHandle, open } from 'node:fs/promises';
import type { GridEntry } from './grid-block.ts';

/** Entries of one run: their number is the low part of a sort key, so that the plain numeric sort keeps their order. */
const usualEntriesPerRun = 2 ** 19;
const entryBytes = 16;
/** Read from each run at once while they are merged. */
const windowBytes = 4_096 * entryBytes;

/**
 * Brings grid entries, added in the order of directory block and number, into the order of their cells. Beyond half a
 * million they wait in a file, sorted run by run.
 */
export class GridSorter {
  readonly #keys: Float64Array;
  readonly #blocks: Uint32Array;
  readonly #indexes: Uint32Array;
  #waiting = 0;
  #file: FileHandle | undefined;
  #runs = 0;
  #lastRunEntries = 0;

  /** @param path of a file that is made only when memory does not do, and is the caller's to remove */
  constructor(
    readonly path: string,
    readonly entriesPerRun = usualEntriesPerRun,
  ) {
    this.#keys = new Float64Array(entriesPerRun);
    this.#blocks = new Uint32Array(entriesPerRun);
    this.#indexes = new Uint32Array(entriesPerRun);
  }

  async add(cells: Float64Array, blocks: Uint32Array, indexes: Uint32Array): Promise<void> {
    for (let entry = 0; entry < cells.length; entry += 1) {
      if (this.#waiting === this.entriesPerRun) await this.#spill();
      // 34 bits of cell and 19 of number: exact in a double.
      this.#keys[this.#waiting] = (cells[entry] ?? 0) * this.entriesPerRun + this.#waiting;
      this.#blocks[this.#waiting] = blocks[entry] ?? 0;
      this.#indexes[this.#waiting] = indexes[entry] ?? 0;
      this.#waiting += 1;
    }
  }

  /** Every entry by cell, directory block and number; afterwards the sorter is closed. */
  async *sorted(): AsyncGenerator<GridEntry> {
    if (this.#runs === 0) {
      yield* this.#sortedRun();
      return;
    }
    if (this.#waiting > 0) await this.#spill();
    try {
      yield* this.#merge();
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  *#sortedRun(): Generator<GridEntry> {
    const keys = this.#keys.subarray(0, this.#waiting).sort();
    for (const key of keys) {
      const at = key % this.entriesPerRun;
      const [directoryBlock, index] = [this.#blocks[at] ?? 0, this.#indexes[at] ?? 0];
      yield { cell: Math.floor(key / this.entriesPerRun), directoryBlock, index };
    }
  }

  async #spill(): Promise<void> {
    const bytes = Buffer.allocUnsafe(this.#waiting * entryBytes);
    let at = 0;
    for (const { cell, directoryBlock, index } of this.#sortedRun()) {
      at = bytes.writeDoubleLE(cell, at);
      at = bytes.writeUInt32LE(directoryBlock, at);
      at = bytes.writeUInt32LE(index, at);
    }
    this.#file ??= await open(this.path, 'w+');
    await this.#file.write(bytes, 0, bytes.length, this.#runs * this.entriesPerRun * entryBytes);
    this.#runs += 1;
    this.#lastRunEntries = this.#waiting;
    this.#waiting = 0;
  }

  /** A heap of runs by their next cell; of equal cells the earlier run comes first, as its entries did. */
  async *#merge(): AsyncGenerator<GridEntry> {
    const heap: RunReader[] = [];
    for (let run = 0; run < this.#runs; run += 1) {
      const entries = run === this.#runs - 1 ? this.#lastRunEntries : this.entriesPerRun;
      const reader = new RunReader(this.#file as FileHandle, run, run * this.entriesPerRun * entryBytes, entries);
      await reader.fill();
      heap.push(reader);
    }
    // Runs begin in any order of cells: heaped from the middle up.
    for (let at = heap.length >> 1; at >= 0; at -= 1) siftDown(heap, at);
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      yield first.entry();
      if (!first.advance() && !(await first.fill())) {
        const last = heap.pop() as RunReader;
        if (heap.length === 0) return;
        if (last !== first) heap[0] = last;
      }
      siftDown(heap, 0);
    }
  }
}

/** The entries of one run, a window of them in memory. */
class RunReader {
  #window = Buffer.alloc(0);
  #at = 0;
  cell = 0;

  constructor(
    readonly file: FileHandle,
    readonly run: number,
    public position: number,
    public left: number,
  ) {}

  /** False at the end of the run. */
  async fill(): Promise<boolean> {
    const wanted = Math.min(windowBytes, this.left * entryBytes);
    if (wanted === 0) return false;
    const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(wanted), 0, wanted, this.position);
    if (bytesRead !== wanted) throw new RangeError('the file of grid entries is cut');
    this.#window = buffer;
    this.#at = 0;
    this.position += wanted;
    this.left -= wanted / entryBytes;
    this.cell = buffer.readDoubleLE(0);
    return true;
  }

  /** False when the window is used up. */
  advance(): boolean {
    this.#at += entryBytes;
    if (this.#at >= this.#window.length) return false;
    this.cell = this.#window.readDoubleLE(this.#at);
    return true;
  }

  entry(): GridEntry {
    const directoryBlock = this.#window.readUInt32LE(this.#at + 8);
    return { cell: this.cell, directoryBlock, index: this.#window.readUInt32LE(this.#at + 12) };
  }
}

function siftDown(heap: RunReader[], from: number): void {
  let at = from;
  for (;;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) if (isBefore(heap[child], heap[least])) least = child;
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least] as RunReader, heap[at] as RunReader];
    at = least;
  }
}

function isBefore(one: RunReader | undefined, other: RunReader | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.cell < other.cell || (one.cell === other.cell && one.run < other.run);
}
