import Big from 'big.js';
import { DateTimePattern } from './date-time.ts';
import type { FieldType, Geometry, Value } from './values.ts';

/** How dates and times are written; numbers have a point and no grouping. */
export interface TextFormats {
  readonly date: string;
  readonly time: string;
  readonly datetime: string;
}

/** ISO 8601, which sorts as text and means the same everywhere. */
export const defaultFormats: TextFormats = {
  date: 'yyyy-MM-dd',
  time: 'HH:mm:ss',
  datetime: "yyyy-MM-dd'T'HH:mm:ss",
};

/** Text to value; undefined when the text is no value of the type. */
export type TextParser = (text: string) => Value | undefined;
export type TextFormatter = (value: Value) => string;

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const dayMs = 86_400_000;
const integerShape = /^[+-]?\d{1,19}$/;
const decimalShape = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

/** Reads text of a type, spaces around it left out except for strings; an empty text is null except for strings. */
export function createTextParser(type: FieldType, formats: TextFormats = defaultFormats): TextParser {
  if (type === 'string') return (text) => text;
  const parse = parserOf(type, formats);
  return (text) => {
    const trimmed = text.trim();
    return trimmed === '' ? null : parse(trimmed);
  };
}

/** Writes values of a type; null is the empty text. What is written is read back as the same value. */
export function createTextFormatter(type: FieldType, formats: TextFormats = defaultFormats): TextFormatter {
  const format = formatterOf(type, formats);
  return (value) => (value === null ? '' : format(value));
}

function parserOf(type: Exclude<FieldType, 'string'>, formats: TextFormats): TextParser {
  switch (type) {
    case 'boolean':
      return (text) => booleans.get(text.toLowerCase());
    case 'integer':
      return (text) => within(integerShape.test(text) ? Number(text) : Number.NaN, -2_147_483_648, 2_147_483_647);
    case 'long':
      return parseLong;
    case 'float':
      return (text) => (decimalShape.test(text) ? Math.fround(Number(text)) : undefined);
    case 'double':
      return (text) => (decimalShape.test(text) ? Number(text) : undefined);
    case 'bigdecimal':
      return (text) => (decimalShape.test(text) ? new Big(text.replace(/^\+/, '')).toFixed() : undefined);
    case 'date':
      return parseDateTime(formats.date, (milliseconds) => Math.floor(milliseconds / dayMs));
    case 'time':
      return parseDateTime(formats.time, (milliseconds) => milliseconds % dayMs);
    case 'datetime':
      return parseDateTime(formats.datetime, (milliseconds) => milliseconds);
    case 'bytearray':
      return (text) => (/^[A-Za-z\d+/]*={0,2}$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined);
    case 'geometry':
      return parseGeometry;
    case 'list':
      return () => undefined;
  }
}

function formatterOf(type: FieldType, formats: TextFormats): TextFormatter {
  switch (type) {
    case 'date':
      return formatDateTime(formats.date, (value) => value * dayMs);
    case 'time':
      return formatDateTime(formats.time, (value) => value);
    case 'datetime':
      return formatDateTime(formats.datetime, (value) => value);
    case 'bytearray':
      return (value) => Buffer.from(value as Uint8Array).toString('base64');
    case 'geometry':
    case 'list':
      return (value) => JSON.stringify(value);
    default:
      return (value) => (typeof value === 'string' ? value : String(value));
  }
}

function parseLong(text: string): bigint | undefined {
  if (!integerShape.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function parseDateTime(pattern: string, toValue: (milliseconds: number) => number): TextParser {
  const compiled = new DateTimePattern(pattern);
  return (text) => {
    const milliseconds = compiled.parse(text);
    return milliseconds === undefined ? undefined : toValue(milliseconds);
  };
}

function formatDateTime(pattern: string, toMilliseconds: (value: number) => number): TextFormatter {
  const compiled = new DateTimePattern(pattern);
  return (value) => compiled.format(toMilliseconds(value as number));
}

function parseGeometry(text: string): Geometry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isGeometry = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
    return isGeometry ? (value as Geometry) : undefined;
  } catch {
    return undefined;
  }
}

function within(value: number, minimum: number, maximum: number): number | undefined {
  return value >= minimum && value <= maximum ? value : undefined;
}
