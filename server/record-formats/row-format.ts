import type { Row } from '../dataflow/index.ts';
import { createDelimitedCutter, createDelimitedFormatter } from './delimited.ts';
import { createEncoding } from './encoding.ts';
import {
  delimitedSyntax,
  type FileField,
  type FileLayout,
  hasFixedPositions,
  recordSeparatorOf,
} from './file-settings.ts';
import {
  createFixedPositionFormatter,
  createFixedWidthCutter,
  createLineCutter,
  createLineSequentialCutter,
} from './fixed-positions.ts';
import type { RecordCutter, RecordFormatter } from './format.ts';
import { createJsonFormatter, createJsonReader } from './json-lines.ts';
import { createFieldFormatter } from './nested-values.ts';
import { type ParquetFileProps, type ParquetRecord, streamParquet } from './parquet-reader.ts';
import { type MalformedText, type RecordStreamProps, type StreamPosition, streamRecords } from './record-stream.ts';
import { RowReader, type RowReaderOptions } from './row-reader.ts';
import { createXmlRowReader, streamXml, type XmlElement } from './xml-reader.ts';
import { createXmlFormatter } from './xml-writer.ts';

type FileProps = Pick<RecordStreamProps, 'read' | 'isCompressed' | 'blockBytes' | 'from'> &
  Pick<ParquetFileProps, 'sizeBytes'>;

/** How the records of a file are read: first found, then made rows, so that those before the first wanted one cost little. */
export interface RowFormat<Record = unknown> {
  stream(file: FileProps): AsyncIterable<RecordsOf<Record>>;
  /** The row of a record, or a sentence that says why it is malformed. */
  read(record: Record): Row | string;
}

interface RecordsOf<Record> {
  readonly records: readonly (Record | MalformedText)[];
  readonly position: StreamPosition;
}

/** How files of a layout are read. */
export function createRowFormat(layout: FileLayout, options: RowReaderOptions): RowFormat {
  if (layout.recordType === 'xml') return createXmlFormat(layout, options);
  if (layout.recordType === 'parquet') return createParquetFormat(layout, options);
  const cutter = createCutter(layout);
  const recordSeparator = layout.recordType === 'fixed width' ? undefined : recordSeparatorOf(layout);
  const format: RowFormat<string[]> = {
    stream: (file) => streamRecords({ ...file, cutter, recordSeparator, encoding: createEncoding(layout.encoding) }),
    read: createReader(layout, options),
  };
  return format;
}

function createXmlFormat(layout: FileLayout, { onNoValue }: RowReaderOptions): RowFormat {
  const format: RowFormat<XmlElement> = {
    stream: (file) => streamXml(layout, { ...file, encoding: createEncoding(layout.encoding) }),
    read: createXmlRowReader(layout, onNoValue),
  };
  return format;
}

function createParquetFormat({ fields }: FileLayout, { onNoValue }: RowReaderOptions): RowFormat {
  const format: RowFormat<ParquetRecord> = {
    stream: (file) => streamParquet(fields, onNoValue, file),
    read: (record) => record,
  };
  return format;
}

function createCutter(layout: FileLayout): RecordCutter {
  switch (layout.recordType) {
    case 'fixed width':
      return createFixedWidthCutter(layout);
    case 'line sequential':
      return createLineSequentialCutter(layout, recordSeparatorOf(layout));
    case 'json lines':
      return withoutBlankLines(createLineCutter(recordSeparatorOf(layout)));
    default:
      return createDelimitedCutter(delimitedSyntax(layout));
  }
}

function withoutBlankLines(lines: RecordCutter): RecordCutter {
  return {
    cut: (text, isLast, take) =>
      lines.cut(text, isLast, (values, reason, malformed) => {
        if (values?.[0]?.trim() !== '') take(values, reason, malformed);
      }),
  };
}

function createReader(layout: FileLayout, options: RowReaderOptions): (values: string[]) => Row | string {
  if (layout.recordType === 'json lines') {
    const read = createJsonReader(layout.fields, options.onNoValue);
    return ([line = '']) => read(line);
  }
  const reader = new RowReader(layout.fields, options);
  return (values) => reader.read(values);
}

/** How rows are written as text. */
export interface RowFormatter {
  /** What stands in front of all records. */
  begin(): string;
  format(row: Row): string;
  /** What stands behind all records. */
  end(): string;
}

/** How rows are written to files of a layout, its fields in the order of their values. */
export function createRowFormatter(layout: FileLayout): RowFormatter {
  const lineEnd = recordSeparatorOf(layout);
  if (layout.recordType === 'xml') return createXmlFormatter(layout, lineEnd);
  const nothing = () => '';
  if (layout.recordType === 'json lines') {
    return { begin: nothing, format: createJsonFormatter(layout.fields, lineEnd), end: nothing };
  }
  const formatter = createRecordFormatter(layout, lineEnd);
  const toTexts = createTexts(layout.fields);
  const hasHeader = layout.recordType === 'delimited' && layout.hasHeader;
  return {
    begin: () => (hasHeader ? formatter.format(layout.fields.map(({ name }) => name)) : ''),
    format: (row) => formatter.format(toTexts(row)),
    end: nothing,
  };
}

function createRecordFormatter(layout: FileLayout, lineEnd: string): RecordFormatter {
  if (!hasFixedPositions(layout)) return createDelimitedFormatter(delimitedSyntax(layout));
  return createFixedPositionFormatter(layout, layout.recordType === 'fixed width' ? '' : lineEnd);
}

function createTexts(fields: readonly FileField[]): (row: Row) => string[] {
  const formats = fields.map((field) => (field.type === 'string' ? undefined : createFieldFormatter(field)));
  return (row) => {
    const texts: string[] = new Array(formats.length);
    for (let index = 0; index < formats.length; index++) {
      const value = row[index] ?? null;
      const format = formats[index];
      texts[index] = value === null ? '' : format === undefined ? (value as string) : format(value);
    }
    return texts;
  };
}
