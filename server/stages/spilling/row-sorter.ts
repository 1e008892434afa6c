import type { Layout, Row } from '../../dataflow/index.ts';
import { createRowCodec, type RowCodec } from './row-codec.ts';
import { ArrayCursor, type RowCursor } from './row-cursor.ts';
import type { RowOrder } from './row-order.ts';
import { estimateRowBytes } from './row-size.ts';
import type { SpillFile, SpillFolder } from './spill-file.ts';

export interface RowSorterProps {
  readonly layout: Layout;
  readonly order: RowOrder;
  readonly folder: SpillFolder;
  /** About how much the rows in memory may take before they are spilled. */
  readonly memoryBytes: number;
}

/** Files merged at once: each has a frame in memory. */
const fanIn = 64;

/** Sorts more rows than fit into memory, equal ones in the order in which they came (external merge sort). */
export class RowSorter {
  readonly #props: RowSorterProps;
  readonly #codec: RowCodec;
  #rows: Row[] = [];
  #bytes = 0;
  #runs: SpillFile[] = [];

  constructor(props: RowSorterProps) {
    this.#props = props;
    this.#codec = createRowCodec([...props.layout.fields, ...props.order.derived]);
  }

  add(row: Row): void {
    const { order, memoryBytes } = this.#props;
    order.prepare(row);
    this.#rows.push(row);
    this.#bytes += estimateRowBytes(row);
    if (this.#bytes >= memoryBytes) this.#spill();
  }

  /** Every row in order; call it once, when all have been added. */
  sorted(): RowCursor {
    if (this.#runs.length === 0) return this.#cut(new ArrayCursor(this.#sortRows()));
    if (this.#rows.length > 0) this.#spill();
    while (this.#runs.length > fanIn) this.#mergeSome();
    return this.#cut(new MergeCursor(this.#cursors(this.#runs), this.#props.order));
  }

  #sortRows(): Row[] {
    const rows = this.#rows.sort(this.#props.order.compare);
    this.#rows = [];
    this.#bytes = 0;
    return rows;
  }

  #spill(): void {
    const run = this.#props.folder.create(this.#codec);
    for (const row of this.#sortRows()) run.write(row);
    this.#runs.push(run);
  }

  /** Neighbours are merged, so that equal rows keep their order. */
  #mergeSome(): void {
    const merged: SpillFile[] = [];
    for (let from = 0; from < this.#runs.length; from += fanIn) {
      const some = this.#runs.slice(from, from + fanIn);
      const run = this.#props.folder.create(this.#codec);
      const cursor = new MergeCursor(this.#cursors(some), this.#props.order);
      for (let row = cursor.next(); row !== undefined; row = cursor.next()) run.write(row);
      for (const one of some) one.remove();
      merged.push(run);
    }
    this.#runs = merged;
  }

  #cursors(runs: readonly SpillFile[]): readonly RowCursor[] {
    return runs.map((run) => run.open());
  }

  /** Derived keys are no part of the rows that others see. */
  #cut(cursor: RowCursor): RowCursor {
    const { layout, order } = this.#props;
    if (order.derived.length === 0) return cursor;
    return {
      next() {
        const row = cursor.next();
        if (row !== undefined) row.length = layout.width;
        return row;
      },
    };
  }
}

interface Head {
  row: Row;
  readonly cursor: RowCursor;
  readonly rank: number;
}

/** Several sorted cursors as one; a heap of their next rows, the earlier cursor first among equals. */
class MergeCursor implements RowCursor {
  readonly #order: RowOrder;
  readonly #heap: Head[] = [];

  constructor(cursors: readonly RowCursor[], order: RowOrder) {
    this.#order = order;
    for (const [rank, cursor] of cursors.entries()) {
      const row = cursor.next();
      if (row !== undefined) this.#heap.push({ row, cursor, rank });
    }
    for (let at = (this.#heap.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  next(): Row | undefined {
    const [top] = this.#heap;
    if (top === undefined) return undefined;
    const { row } = top;
    const following = top.cursor.next();
    if (following !== undefined) top.row = following;
    else {
      const last = this.#heap.pop() as Head;
      if (this.#heap.length > 0) this.#heap[0] = last;
    }
    this.#sink(0);
    return row;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    for (let at = from; ; ) {
      let child = 2 * at + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1] as Head, heap[child] as Head)) child++;
      if (!this.#isBefore(heap[child] as Head, heap[at] as Head)) return;
      [heap[at], heap[child]] = [heap[child] as Head, heap[at] as Head];
      at = child;
    }
  }

  #isBefore(one: Head, two: Head): boolean {
    const order = this.#order.compare(one.row, two.row);
    return order === 0 ? one.rank < two.rank : order < 0;
  }
}
