import type { Layout, Row } from '../../dataflow/index.ts';
import { createRowCodec } from './row-codec.ts';
import { ArrayCursor, type RowCursor } from './row-cursor.ts';
import { estimateRowBytes } from './row-size.ts';
import type { SpillFile, SpillFolder } from './spill-file.ts';

/** Rows in the order in which they came, in memory as long as they fit; they may be read again and again. */
export class RowSpool {
  readonly #layout: Layout;
  readonly #folder: SpillFolder;
  readonly #memoryBytes: number;
  #rows: Row[] = [];
  #bytes = 0;
  #file: SpillFile | undefined;

  constructor(layout: Layout, folder: SpillFolder, memoryBytes: number) {
    this.#layout = layout;
    this.#folder = folder;
    this.#memoryBytes = memoryBytes;
  }

  add(row: Row): void {
    if (this.#file !== undefined) {
      this.#file.write(row);
      return;
    }
    this.#rows.push(row);
    this.#bytes += estimateRowBytes(row);
    if (this.#bytes < this.#memoryBytes) return;
    this.#file = this.#folder.create(createRowCodec(this.#layout.fields));
    for (const one of this.#rows) this.#file.write(one);
    this.#rows = [];
  }

  /** From the first row on. */
  open(): RowCursor {
    return this.#file?.open() ?? new ArrayCursor(this.#rows);
  }

  clear(): void {
    this.#file?.remove();
    this.#file = undefined;
    this.#rows = [];
    this.#bytes = 0;
  }
}
