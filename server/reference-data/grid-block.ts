import { ByteReader, ByteWriter } from './bytes.ts';

/** A street that has a point or a part of a range within a grid cell, by its directory block and number there. */
export interface GridEntry {
  readonly cell: number;
  readonly directoryBlock: number;
  readonly index: number;
}

/** @param entries ordered by cell, directory block, index; a cell may go on in the next block */
export function encodeGridBlock(entries: readonly GridEntry[]): Buffer {
  const writer = new ByteWriter();
  let cell = 0;
  for (let from = 0; from < entries.length; ) {
    const first = entries[from] as GridEntry;
    let to = from;
    while (entries[to]?.cell === first.cell) to += 1;
    writer.varint(first.cell - cell);
    writer.varint(to - from);
    let block = 0;
    for (const entry of entries.slice(from, to)) {
      writer.varint(entry.directoryBlock - block);
      writer.varint(entry.index);
      block = entry.directoryBlock;
    }
    cell = first.cell;
    from = to;
  }
  return writer.take();
}

/** Cell → directory block and index of each entry, one after the other. */
export type GridCells = ReadonlyMap<number, readonly number[]>;

export function decodeGridBlock(bytes: Buffer): GridCells {
  const cells = new Map<number, number[]>();
  const reader = new ByteReader(bytes);
  let cell = 0;
  while (reader.position < bytes.length) {
    cell += reader.varint();
    const entries: number[] = [];
    let block = 0;
    for (let left = reader.varint(); left > 0; left -= 1) {
      block += reader.varint();
      entries.push(block, reader.varint());
    }
    cells.set(cell, entries);
  }
  return cells;
}
