import { gzipSync } from 'node:zlib';
import type { DecodedArray, SchemaElement } from 'hyparquet';
import type { FieldType, Row, Value } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { toUnscaled } from './decimal-text.ts';
import type { FileField } from './file-settings.ts';
import { parquetStepsOf } from './parquet-values.ts';

export interface ParquetWriterOptions {
  readonly codec: 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';
  /** Rows that are kept in memory and written together. */
  readonly rowGroupRows: number;
}

/** A Parquet file under way. */
export interface ParquetRows {
  /** The bytes that are whole with these rows. */
  add(rows: readonly Row[]): Uint8Array;
  /** The rest of the file. */
  finish(): Uint8Array;
}

/** Digits of a decimal, as the reference has them (platform section 8.1). */
const decimalPrecision = 38;
const decimalBytes = 16;

/** Begins a Parquet file of these fields; the library is loaded now. */
export async function createParquetWriter(
  fields: readonly FileField[],
  { codec, rowGroupRows }: ParquetWriterOptions,
): Promise<ParquetRows> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const columns = planColumns(fields);
  const bytes = new ByteWriter();
  const compressors = { GZIP: (input: Uint8Array) => new Uint8Array(gzipSync(input)) };
  const file = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    codec,
    compressors,
    createdBy: 'spectrum',
  });
  let waiting: Row[] = [];
  const writeGroup = (rows: readonly Row[]) => {
    const columnData = columns.map(({ name, toParquet }) => ({ name, data: rows.map(toParquet) as DecodedArray }));
    file.write({ columnData, rowGroupSize: rows.length });
  };
  const take = () => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  return {
    add(rows) {
      waiting = waiting.length === 0 ? [...rows] : waiting.concat(rows);
      while (waiting.length >= rowGroupRows) writeGroup(waiting.splice(0, rowGroupRows));
      return take();
    },
    finish() {
      if (waiting.length > 0) writeGroup(waiting);
      waiting = [];
      file.finish();
      return take();
    },
  };
}

/** A column at the top, or a member of a group. */
interface ColumnPlan {
  readonly name: string;
  readonly schema: readonly SchemaElement[];
  toParquet(row: Row): unknown;
}

function schemaOf(columns: readonly ColumnPlan[]): SchemaElement[] {
  return [{ name: 'root', num_children: columns.length }, ...columns.flatMap(({ schema }) => schema)];
}

interface PlacedField {
  readonly field: FileField;
  readonly names: readonly string[];
  readonly position: number;
}

function planColumns(fields: readonly FileField[]): ColumnPlan[] {
  return planMembers(
    fields.map((field, position) => ({ field, position, names: parquetStepsOf(field).map(({ name }) => name) })),
  );
}

/** Members of one group, in the order of their first fields. */
function planMembers(placed: readonly PlacedField[]): ColumnPlan[] {
  const names = [...new Set(placed.map((one) => one.names[0] ?? ''))];
  return names.map((name) => {
    const members = placed.filter((one) => one.names[0] === name);
    const [only] = members;
    if (only !== undefined && members.length === 1 && only.names.length === 1) return planField(name, only);
    return planGroup(name, planMembers(members.map((one) => ({ ...one, names: one.names.slice(1) }))));
  });
}

function planGroup(name: string, members: readonly ColumnPlan[]): ColumnPlan {
  const group: SchemaElement = { name, num_children: members.length, repetition_type: 'REQUIRED' };
  return {
    name,
    schema: [group, ...members.flatMap(({ schema }) => schema)],
    toParquet: (row) => Object.fromEntries(members.map((member) => [member.name, member.toParquet(row)])),
  };
}

function planField(name: string, { field, position }: PlacedField): ColumnPlan {
  if (field.type === 'list') return planList(name, field, position);
  const convert = createConversion(field);
  return {
    name,
    schema: [{ ...elementOf(field), name, repetition_type: 'OPTIONAL' }],
    toParquet: (row) => {
      const value = row[position] ?? null;
      return value === null ? null : convert(value);
    },
  };
}

/** The three levels of the format: the list, its repeated group, the element (LogicalTypes.md, lists). */
function planList(name: string, { fields = [] }: FileField, position: number): ColumnPlan {
  const inner = fields as readonly FileField[];
  const [only] = inner;
  const isPlain = inner.length === 1 && only !== undefined && parquetStepsOf(only).length === 0;
  const element = isPlain
    ? planField('element', { field: only, names: [], position: 0 })
    : planGroup('element', planColumns(inner));
  const list: SchemaElement = {
    name,
    num_children: 1,
    repetition_type: 'OPTIONAL',
    converted_type: 'LIST',
    logical_type: { type: 'LIST' },
  };
  return {
    name,
    schema: [list, { name: 'list', num_children: 1, repetition_type: 'REPEATED' }, ...element.schema],
    toParquet: (row) =>
      (row[position] as readonly Row[] | null | undefined)?.map((one) => element.toParquet(one)) ?? null,
  };
}

function elementOf({ type, scale }: FileField): Omit<SchemaElement, 'name'> {
  if (type === 'bigdecimal' && scale !== undefined) {
    const decimal = { precision: decimalPrecision, scale };
    const logical = { type: 'DECIMAL', ...decimal } as const;
    return {
      type: 'FIXED_LEN_BYTE_ARRAY',
      type_length: decimalBytes,
      converted_type: 'DECIMAL',
      logical_type: logical,
      ...decimal,
    };
  }
  return elements[type as Exclude<FieldType, 'list'>];
}

const utf8 = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;
const localTime = { isAdjustedToUTC: false, unit: 'MILLIS' } as const;

/** Dates and times are those of a wall clock, as in the dataflow. */
const elements: Readonly<Record<Exclude<FieldType, 'list'>, Omit<SchemaElement, 'name'>>> = {
  string: utf8,
  boolean: { type: 'BOOLEAN' },
  integer: { type: 'INT32' },
  long: { type: 'INT64' },
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  bigdecimal: utf8,
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  time: { type: 'INT32', logical_type: { type: 'TIME', ...localTime } },
  datetime: { type: 'INT64', logical_type: { type: 'TIMESTAMP', ...localTime } },
  bytearray: { type: 'BYTE_ARRAY' },
  geometry: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
};

function createConversion({ name, type, scale }: FileField): (value: Value) => unknown {
  switch (type) {
    case 'bigdecimal':
      return scale === undefined ? (value) => value : (value) => toDecimal(name, value as string, scale);
    case 'date':
      return (value) => new Date((value as number) * 86_400_000);
    case 'datetime':
      return (value) => new Date(value as number);
    default:
      return (value) => value;
  }
}

function toDecimal(name: string, text: string, scale: number): bigint {
  const unscaled = toUnscaled(text, scale);
  if (unscaled !== undefined && String(unscaled).replace('-', '').length <= decimalPrecision) return unscaled;
  const sentence = `fields: ${name}: ${text} does not fit ${decimalPrecision} digits with ${scale} behind the point; set another scale, or none to write text`;
  throw new SpectrumError('INVALID_REQUEST', sentence, { field: name, scale });
}
