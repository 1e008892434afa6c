export { createEncoding } from './encoding.ts';
export {
  checkFileLayout,
  createCutter,
  createFormatter,
  type FileField,
  type FileLayout,
  formatsOf,
  layoutMembers,
  recordSeparatorOf,
  toLayout,
} from './file-settings.ts';
export { type StreamPosition, streamRecords } from './record-stream.ts';
export { RowReader } from './row-reader.ts';
