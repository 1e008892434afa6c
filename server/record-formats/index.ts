export { createEncoding } from './encoding.ts';
export {
  checkFileLayout,
  type FileField,
  type FileLayout,
  fieldPlaceMembers,
  hasHeaderRecord,
  layoutMembers,
  toLayout,
} from './file-settings.ts';
export { GzipMembers } from './gzip-members.ts';
export { createParquetWriter } from './parquet-writer.ts';
export { MalformedText, type StreamPosition } from './record-stream.ts';
export { createRowFormat, createRowFormatter, type RowFormat } from './row-format.ts';
