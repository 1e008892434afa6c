import type { Row, Value } from '../../dataflow/index.ts';

/** An array and its elements, on a 64-bit machine. */
const rowBytes = 48;
const valueBytes = 8;
/** A number outside of the array, a short text's header. */
const boxBytes = 24;

/** About what a row takes in memory; rather more than less. */
export function estimateRowBytes(row: Row): number {
  let bytes = rowBytes + valueBytes * row.length;
  for (const value of row) {
    if (typeof value === 'string') bytes += boxBytes + value.length;
    else if (typeof value === 'number') bytes += boxBytes / 2;
    else if (typeof value === 'object' && value !== null) bytes += estimateObjectBytes(value);
    else bytes += boxBytes;
  }
  return bytes;
}

function estimateObjectBytes(value: Exclude<Value, string | number | bigint | boolean | null>): number {
  if (value instanceof Uint8Array) return boxBytes * 4 + value.length;
  if (!Array.isArray(value)) return 8 * JSON.stringify(value).length;
  return value.reduce((bytes: number, row: Row) => bytes + estimateRowBytes(row), boxBytes);
}
