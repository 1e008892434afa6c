import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The rows of a gzipped CSV file as records by column name. Quoted values may hold commas, quotes and line breaks. */
export function readCsv(path: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = splitRows(gunzipSync(readFileSync(path)).toString('utf8'));
  return rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? ''])));
}

function splitRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new Error(`line ${rows.length + 1} has a quote inside a value`);
    const [, quoted, plain = '', end] = found;
    row.push(quoted === undefined ? plain.replace(/\r$/, '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
