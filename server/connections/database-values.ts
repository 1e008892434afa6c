import {
  createTextFormatter,
  createTextParser,
  type FieldType,
  type TextFormats,
  type Value,
} from '../dataflow/index.ts';
import type { DialectName } from './dialect.ts';
import type { Parameter } from './driver.ts';

const formats: TextFormats = { date: 'yyyy-MM-dd', time: 'HH:mm:ss.SSS', datetime: 'yyyy-MM-dd HH:mm:ss.SSS' };

/** Values of a type as parameters of a statement. */
export function createParameterWriter(type: FieldType, dialect: DialectName): (value: Value) => Parameter {
  const format = createTextFormatter(type, formats);
  const write = writerOf(type, dialect, format);
  return (value) => (value === null ? null : write(value));
}

function writerOf(
  type: FieldType,
  dialect: DialectName,
  format: (value: Value) => string,
): (value: Value) => Parameter {
  switch (type) {
    case 'boolean':
      return dialect === 'postgresql' ? format : (value) => (value === true ? 1 : 0);
    case 'integer':
    case 'float':
    case 'double':
      return (value) => value as number;
    case 'long':
      return dialect === 'sqlite' ? (value) => value as bigint : format;
    case 'bytearray':
      return (value) => Buffer.from(value as Uint8Array);
    default:
      return format;
  }
}

/** Reads what a database gave as a value of a type; undefined when it is none. */
export function createDatabaseReader(type: FieldType): (given: unknown) => Value | undefined {
  const read = readerOf(type);
  return (given) => (given === null || given === undefined ? null : read(given));
}

function readerOf(type: FieldType): (given: unknown) => Value | undefined {
  switch (type) {
    case 'string':
      return toText;
    case 'bytearray':
      return toBytes;
    case 'boolean':
      return (given) => booleans.get(given instanceof Uint8Array ? String(given[0]) : toText(given).toLowerCase());
    case 'date': {
      const parse = createTextParser('date');
      return (given) => parse(toText(given).slice(0, 10));
    }
    case 'time':
      return readMoment('time', 8);
    case 'datetime':
      return readMoment('datetime', 19);
    default: {
      const parse = createTextParser(type);
      return (given) => parse(toText(given));
    }
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['t', true],
  ['true', true],
  ['1', true],
  ['f', false],
  ['false', false],
  ['0', false],
]);

/** Seconds as their type has them, and the milliseconds behind; zones are those of the session, which is UTC. */
function readMoment(type: 'time' | 'datetime', length: number): (given: unknown) => Value | undefined {
  const parse = createTextParser(type);
  return (given) => {
    const text = toText(given).replace(' ', 'T');
    const seconds = parse(text.slice(0, length));
    if (typeof seconds !== 'number') return undefined;
    const [, fraction = '', rest = ''] = /^(?:\.(\d+))?(.*)$/.exec(text.slice(length)) ?? [];
    return /^(Z|[+-]00(:?00)?)?$/.test(rest) ? seconds + Number(fraction.slice(0, 3).padEnd(3, '0')) : undefined;
  };
}

function toText(given: unknown): string {
  if (typeof given === 'string') return given;
  return given instanceof Uint8Array ? Buffer.from(given).toString('utf8') : String(given);
}

function toBytes(given: unknown): Uint8Array {
  if (given instanceof Uint8Array) return new Uint8Array(given);
  const text = toText(given);
  // PostgreSQL's hex format of bytea.
  return new Uint8Array(text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text));
}
