/** Types of fields (platform reference section 8.1). */
export const fieldTypes = [
  'string',
  'boolean',
  'integer',
  'long',
  'float',
  'double',
  'bigdecimal',
  'date',
  'time',
  'datetime',
  'bytearray',
  'list',
  'geometry',
] as const;

export type FieldType = (typeof fieldTypes)[number];

/** A GeoJSON geometry (RFC 7946 section 3.1). */
export interface Geometry {
  readonly type: string;
  readonly [member: string]: unknown;
}

/**
 * What a field holds; the layout says which type it is.
 *
 * | Type | Value |
 * |---|---|
 * | string | text |
 * | boolean | boolean |
 * | integer, float, double | number |
 * | long | bigint, 64 bits |
 * | bigdecimal | canonical decimal text such as `-12.5`: no exponent, no needless zeros |
 * | date | days since 1970-01-01 |
 * | time | milliseconds since midnight |
 * | datetime | milliseconds since 1970-01-01 00:00 on the same wall clock; it has no zone |
 * | bytearray | bytes |
 * | list | rows of the field's own layout |
 * | geometry | GeoJSON geometry |
 *
 * Values are plain, so that they pass between threads; null is missing.
 */
export type Value = string | number | bigint | boolean | Uint8Array | readonly Row[] | Geometry | null;

/** One record: its values in the order of the layout. Whoever receives it may change it. */
export type Row = Value[];
