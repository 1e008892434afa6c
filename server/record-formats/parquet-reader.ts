import type { AsyncBuffer, FileMetaData, ParquetParsers, SchemaElement, SchemaTree } from 'hyparquet';
import type { Row } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { FileField } from './file-settings.ts';
import { NoValue, type OnNoValue } from './nested-values.ts';
import { createObjectReader, parquetStepsOf } from './parquet-values.ts';
import type { StreamPosition } from './record-stream.ts';

export interface ParquetFileProps {
  /** Bytes of the file from an offset on. */
  read(fromByte: number): AsyncIterable<Uint8Array>;
  sizeBytes(): Promise<number>;
  readonly from?: StreamPosition;
}

/** A row of a Parquet file, or why there is none. */
export type ParquetRecord = Row | string;

/** Rows that are decoded at a time: a row group of another program may hold millions. */
const decodedRows = 65_536;
const blockRows = 1_000;

/** The rows of a Parquet file, block by block. Throws `INVALID_REQUEST` when it is none, or lacks a column. */
export async function* streamParquet(
  fields: readonly FileField[],
  onNoValue: OnNoValue,
  { from, ...props }: ParquetFileProps,
): AsyncGenerator<{ readonly records: ParquetRecord[]; readonly position: StreamPosition }> {
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const decompress = { ...compressors, LZ4: orNothing(compressors.LZ4), LZ4_RAW: orNothing(compressors.LZ4_RAW) };
  const file = await openBuffer(props);
  const metadata = await parquetMetadataAsync(file).catch((error: Error) => {
    throw new SpectrumError('INVALID_REQUEST', `file: it cannot be read as Parquet: ${error.message}`);
  });
  const schema = parquetSchema(metadata);
  const columns = checkColumns(fields, schema);
  const read = createObjectReader(fields, schema, onNoValue);
  const plain = withoutDecimals(metadata);
  for (const { rowStart, rowEnd } of rangesOf(metadata, from?.record ?? 0)) {
    let objects: unknown[] = [];
    await parquetRead({
      file,
      metadata: plain,
      columns,
      rowStart,
      rowEnd,
      compressors: decompress,
      parsers,
      utf8: false,
      useOffsetIndex: true,
      rowFormat: 'object',
      onComplete: (rows) => {
        objects = rows;
      },
    }).catch((error: Error) => {
      throw new SpectrumError('INVALID_REQUEST', `file: rows from ${rowStart} on cannot be read: ${error.message}`);
    });
    for (let at = 0; at < objects.length; at += blockRows) {
      const records = objects.slice(at, at + blockRows).map((object) => readOne(read, object));
      yield { records, position: { byte: 0, record: rowStart + at + records.length } };
    }
  }
}

type Decompress = ((input: Uint8Array, outputLength: number) => Uint8Array) | undefined;

/** The library takes an LZ4 block of no bytes, as other programs write for a page of nulls, for a broken one. */
function orNothing(decompress: Decompress): NonNullable<Decompress> {
  return (input, outputLength) =>
    outputLength === 0 ? new Uint8Array() : (decompress?.(input, outputLength) ?? input);
}

function readOne(read: (object: unknown) => Row, object: unknown): ParquetRecord {
  try {
    return read(object);
  } catch (error) {
    if (error instanceof NoValue) return error.message;
    throw error;
  }
}

/** Ranges of rows, none across two row groups. */
function rangesOf({ row_groups: groups }: FileMetaData, from: number) {
  const ranges: { readonly rowStart: number; readonly rowEnd: number }[] = [];
  let start = 0;
  for (const { num_rows: count } of groups) {
    const end = start + Number(count);
    for (let at = Math.max(start, from); at < end; at += decodedRows)
      ranges.push({ rowStart: at, rowEnd: Math.min(end, at + decodedRows) });
    start = end;
  }
  return ranges;
}

/** Names of the columns at the top. */
function checkColumns(fields: readonly FileField[], schema: SchemaTree): string[] {
  const known = schema.children.map(({ element }) => element.name);
  const wanted = [...new Set(fields.map((field) => parquetStepsOf(field)[0]?.name ?? field.name))];
  const missing = wanted.find((name) => !known.includes(name));
  if (missing === undefined) return wanted;
  throw new SpectrumError('INVALID_REQUEST', `fields: the file has no column ${missing}; it has ${known.join(', ')}`, {
    field: missing,
    allowed: known,
  });
}

/** The library makes doubles of decimals; without their type it gives the digits. */
function withoutDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element): SchemaElement => {
    const { converted_type: converted, logical_type: logical, ...rest } = element;
    return converted === 'DECIMAL' || logical?.type === 'DECIMAL' ? rest : element;
  });
  return { ...metadata, schema };
}

const decoder = new TextDecoder();

/** Dates as days and times as milliseconds, as fields hold them. */
const parsers: Partial<ParquetParsers> = {
  dateFromDays: (days) => days,
  timestampFromMilliseconds: (given) => toMilliseconds(given, 1n),
  timestampFromMicroseconds: (given) => toMilliseconds(given, 1_000n),
  timestampFromNanoseconds: (given) => toMilliseconds(given, 1_000_000n),
  jsonFromBytes: (bytes) => bytes && decoder.decode(bytes),
};

function toMilliseconds(given: bigint | null | undefined, divisor: bigint): number | null {
  if (given === null || given === undefined) return null;
  const rest = ((given % divisor) + divisor) % divisor;
  return Number((given - rest) / divisor);
}

async function openBuffer({ read, sizeBytes }: Omit<ParquetFileProps, 'from'>): Promise<AsyncBuffer> {
  const byteLength = await sizeBytes();
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const from = start < 0 ? byteLength + start : start;
      const to = Math.min(byteLength, end < 0 ? byteLength + end : end);
      const bytes = new Uint8Array(Math.max(0, to - from));
      let filled = 0;
      for await (const piece of read(from)) {
        const part = piece.subarray(0, bytes.length - filled);
        bytes.set(part, filled);
        filled += part.length;
        if (filled >= bytes.length) break;
      }
      return bytes.buffer;
    },
  };
}
