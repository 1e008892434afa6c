import type { InputRow, OutputRow } from './definition.ts';

/** The rows in the value of a list field; none for a missing value. */
export function parseList(value: string | undefined): readonly InputRow[] {
  return value === undefined || value === '' ? [] : (JSON.parse(value) as readonly InputRow[]);
}

/** The value of a list field: rows as text, so that rows with lists have the shape of all rows. */
export function formatList(rows: readonly (InputRow | OutputRow)[]): string {
  return JSON.stringify(rows);
}
