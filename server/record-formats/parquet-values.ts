import type { SchemaElement, SchemaTree } from 'hyparquet';
import { createTextFormatter, type FieldType, type Row, type Value } from '../dataflow/index.ts';
import { toDecimalText, toSignedInteger } from './decimal-text.ts';
import type { FileField } from './file-settings.ts';
import { createFieldParser, NoValue, type OnNoValue } from './nested-values.ts';
import { type PathStep, parsePath } from './path.ts';

/** A value as the reading library gives it, its logical types left to this room. */
type Raw = unknown;
type ValueReader = (raw: Raw) => Value;

const dayMs = 86_400_000;

export function parquetStepsOf({ name, path }: FileField): readonly PathStep[] {
  return path === undefined ? [{ name, index: undefined, isAttribute: false }] : parsePath(path, '.');
}

/** Reads the values of fields from an object, whose schema says what they are. Throws `NoValue` while it reads. */
export function createObjectReader(
  fields: readonly FileField[],
  tree: SchemaTree,
  onNoValue: OnNoValue,
): (object: Raw) => Row {
  const readers = fields.map((field) => {
    const names = parquetStepsOf(field).map((step) => step.name);
    const found = names.reduce<SchemaTree | undefined>(childOf, tree);
    const read = found === undefined ? () => null : createValueReader(field, found, onNoValue);
    return (object: Raw): Value => {
      const raw = names.reduce<Raw>(memberOf, object);
      return raw === null || raw === undefined ? null : read(raw);
    };
  });
  return (object) => readers.map((read) => read(object));
}

function childOf(tree: SchemaTree | undefined, name: string): SchemaTree | undefined {
  return tree?.children.find((child) => child.element.name === name);
}

function memberOf(object: Raw, name: string): Raw {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, name)) return undefined;
  return (object as Readonly<Record<string, unknown>>)[name];
}

function createValueReader(field: FileField, tree: SchemaTree, onNoValue: OnNoValue): ValueReader {
  if (field.type === 'list') return createListReader(field, tree, onNoValue);
  const source = sourceOf(tree.element);
  const convert = createConversion(source.type, field, onNoValue);
  return (raw) => convert(source.toValue(raw));
}

function createListReader({ name, fields = [] }: FileField, tree: SchemaTree, onNoValue: OnNoValue): ValueReader {
  const [repeated] = tree.children;
  // The three levels of the format: the list, its repeated group, the element.
  const element = repeated?.children.length === 1 ? repeated.children[0] : repeated;
  const read = createObjectReader(fields as readonly FileField[], element ?? tree, onNoValue);
  return (raw) => {
    if (Array.isArray(raw)) return raw.map(read);
    if (onNoValue === 'null') return null;
    throw new NoValue(`${name}: the column is no list`);
  };
}

interface ParquetSource {
  /** The type of field that the column is by itself. */
  readonly type: Exclude<FieldType, 'list'>;
  toValue(raw: Raw): Value;
}

const asIs = (raw: Raw) => raw as Value;
const toBigInt = (raw: Raw) => BigInt(raw as number | bigint);

/** What a column holds, by its types in the schema (Parquet format, LogicalTypes.md). */
function sourceOf({ type, converted_type: converted, logical_type: logical, scale = 0 }: SchemaElement): ParquetSource {
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const unscaled = (raw: Raw) => (raw instanceof Uint8Array ? toSignedInteger(raw) : toBigInt(raw));
    return { type: 'bigdecimal', toValue: (raw) => toDecimalText(unscaled(raw), scale) };
  }
  if (converted === 'DATE' || logical?.type === 'DATE') return { type: 'date', toValue: asIs };
  if (logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP') || type === 'INT96')
    return { type: 'datetime', toValue: asIs };
  const time = logical?.type === 'TIME' ? logical.unit : timeUnits.get(converted ?? '');
  if (time !== undefined) {
    const divisor = { MILLIS: 1n, MICROS: 1_000n, NANOS: 1_000_000n }[time];
    return { type: 'time', toValue: (raw) => Number(toBigInt(raw) / divisor) };
  }
  if (converted === 'UINT_64' || (logical?.type === 'INTEGER' && logical.bitWidth === 64 && !logical.isSigned))
    return { type: 'bigdecimal', toValue: (raw) => String(raw) };
  if (converted === 'UINT_32' || (logical?.type === 'INTEGER' && logical.bitWidth === 32 && !logical.isSigned))
    return { type: 'long', toValue: toBigInt };
  return sourceOfPhysical(type, converted, logical);
}

const timeUnits: ReadonlyMap<string, 'MILLIS' | 'MICROS'> = new Map([
  ['TIME_MILLIS', 'MILLIS'],
  ['TIME_MICROS', 'MICROS'],
]);

function sourceOfPhysical(
  type: SchemaElement['type'],
  converted: SchemaElement['converted_type'],
  logical: SchemaElement['logical_type'],
): ParquetSource {
  switch (type) {
    case 'BOOLEAN':
      return { type: 'boolean', toValue: asIs };
    case 'INT32':
      return { type: 'integer', toValue: asIs };
    case 'INT64':
      return { type: 'long', toValue: toBigInt };
    case 'FLOAT':
      return { type: 'float', toValue: asIs };
    case 'DOUBLE':
      return { type: 'double', toValue: asIs };
    default:
      break;
  }
  if (logical?.type === 'FLOAT16') return { type: 'float', toValue: asIs };
  if (logical?.type === 'GEOMETRY' || logical?.type === 'GEOGRAPHY') return { type: 'geometry', toValue: asIs };
  const isText =
    ['UTF8', 'ENUM', 'JSON'].includes(converted ?? '') ||
    ['STRING', 'ENUM', 'JSON', 'UUID'].includes(logical?.type ?? '');
  if (isText) return { type: 'string', toValue: toText };
  return { type: 'bytearray', toValue: (raw) => new Uint8Array(raw as Uint8Array) };
}

function toText(raw: Raw): string {
  return raw instanceof Uint8Array ? Buffer.from(raw).toString('utf8') : String(raw);
}

/** From the type of a column to that of its field, by way of text where they differ. */
function createConversion(from: FieldType, field: FileField, onNoValue: OnNoValue): (value: Value) => Value {
  const { type: to } = field;
  if (from === to && !(to === 'string' && field.trim)) return (value) => value;
  // Old writers do not say which of their bytes are text.
  const format = from === 'bytearray' && to === 'string' ? (value: Value) => toText(value) : createTextFormatter(from);
  if (from === 'date' && to === 'datetime') return (value) => (value as number) * dayMs;
  if (from === 'datetime' && to === 'date') return (value) => Math.floor((value as number) / dayMs);
  const parse = createFieldParser(field, onNoValue);
  return (value) => parse(format(value));
}
