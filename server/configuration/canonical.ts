import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys and no white space, so that equal values are equal bytes on every node. Lone surrogates are
 * escaped by JSON.stringify, so the text is always valid UTF-8.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value)) ?? 'null';
}

/** SHA-256 of the UTF-8 bytes, in hexadecimal. */
export function digestText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Freezes a parsed JSON value throughout, so that one reader cannot change what another reads. */
export function freezeDeeply<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freezeDeeply(part);
  return Object.freeze(value);
}

/** Compares by UTF-16 code unit: the same order on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const sorted: [string, unknown][] = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, part]) => [name, sortKeys(part)]);
  return Object.fromEntries(sorted);
}
