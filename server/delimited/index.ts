export { type CsvRow, CsvRows } from './csv-rows.ts';
export { formatRow } from './format-row.ts';
export { RecordBounds } from './record-bounds.ts';
