import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Output, Row } from '../../dataflow/index.ts';

/** Rows one after the other, from memory or from disk. */
export interface RowCursor {
  /** The next row; undefined behind the last one. */
  next(): Row | undefined;
}

export class ArrayCursor implements RowCursor {
  readonly #rows: readonly Row[];
  #at = 0;

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  next(): Row | undefined {
    return this.#rows[this.#at++];
  }
}

const batchRows = 1_024;
/** A run hears of its end between turns. */
const batchesOfTurn = 16;

/** Collects rows into batches for an output that may be missing. */
export class BatchWriter {
  readonly #output: Output | undefined;
  #rows: Row[] = [];
  #batches = 0;

  constructor(output: Output | undefined) {
    this.#output = output;
  }

  /** The promise, when there is one, must be awaited. */
  write(row: Row): void | Promise<void> {
    if (this.#output === undefined) return;
    this.#rows.push(row);
    if (this.#rows.length >= batchRows) return this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) await this.#output?.write(rows);
    this.#batches++;
    if (this.#batches % batchesOfTurn === 0) await nextTurn();
  }
}

/** Writes every row of a cursor, and what the writer still holds. */
export async function writeAll(cursor: RowCursor, writer: BatchWriter): Promise<void> {
  for (let row = cursor.next(); row !== undefined; row = cursor.next()) {
    const waiting = writer.write(row);
    if (waiting !== undefined) await waiting;
  }
  await writer.flush();
}
