import { readFile } from 'node:fs/promises';
import { SpectrumError } from '../../foundation/errors.ts';
import type { Coordinates } from '../../reference-data/index.ts';
import { listZipEntries, readZipEntry } from './zip-archive.ts';

/** One record of a shapefile set: its attributes by column, and the parts of its line. */
export interface ShapeRecord {
  /** From 1 on, as the format counts. */
  readonly number: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parts: readonly (readonly Coordinates[])[];
}

const headerBytes = 100;
const polylineTypes = new Set([3, 13, 23]);

/** The records of a shapefile set (ESRI white paper of July 1998, dBASE III), given as `.shp` or as a `.zip` of one set. */
export async function* readShapefile(path: string): AsyncGenerator<ShapeRecord> {
  const [shapes, table] = await readSet(path);
  if (shapes.length < headerBytes || shapes.readUInt32BE(0) !== 9994) throw damaged(path, 'it has no shapefile header');
  const rows = new TableRows(table, path);
  let at = headerBytes;
  for (let number = 1; at + 12 <= shapes.length; number += 1) {
    const contentBytes = 2 * shapes.readUInt32BE(at + 4);
    if (number > rows.count) throw damaged(path, 'its table is shorter than its shapes');
    if (at + 8 + contentBytes > shapes.length) throw damaged(path, `shape ${number} is cut`);
    const attributes = rows.read(number);
    if (attributes) yield { number, attributes, parts: readParts(shapes.subarray(at + 8, at + 8 + contentBytes)) };
    at += 8 + contentBytes;
  }
}

/** The attributes alone, of a set whose shapes are not wanted. */
export async function* readShapeTable(path: string): AsyncGenerator<ShapeRecord['attributes']> {
  const [, table] = await readSet(path);
  const rows = new TableRows(table, path);
  for (let number = 1; number <= rows.count; number += 1) {
    const attributes = rows.read(number);
    if (attributes) yield attributes;
  }
}

class TableRows {
  /** Those that are wholly there. */
  readonly count: number;
  readonly #columns: readonly TableColumn[];
  readonly #headBytes: number;
  readonly #rowBytes: number;

  constructor(
    readonly table: Buffer,
    path: string,
  ) {
    this.#columns = readTableColumns(table, path);
    this.#headBytes = table.readUInt16LE(8);
    this.#rowBytes = table.readUInt16LE(10);
    const there = Math.floor((table.length - this.#headBytes) / Math.max(1, this.#rowBytes));
    this.count = Math.min(table.readUInt32LE(4), there);
  }

  /** Undefined for a deleted row, which a star marks. */
  read(number: number): Record<string, string> | undefined {
    const row = this.#headBytes + (number - 1) * this.#rowBytes;
    if (this.table[row] === 0x2a) return undefined;
    const attributes: Record<string, string> = {};
    for (const { name, start, end } of this.#columns) {
      attributes[name] = this.table.toString('latin1', row + start, row + end).trim();
    }
    return attributes;
  }
}

/** A county's set takes some ten megabytes at most, so it is read whole. */
async function readSet(path: string): Promise<readonly [shapes: Buffer, table: Buffer]> {
  if (!path.toLowerCase().endsWith('.zip')) {
    return [await readFile(path), await readFile(path.replace(/\.shp$/i, (end) => (end === '.SHP' ? '.DBF' : '.dbf')))];
  }
  const entries = await listZipEntries(path);
  const [shapes, ...others] = entries.filter(({ name }) => name.toLowerCase().endsWith('.shp'));
  const table = entries.find(({ name }) => name.toLowerCase() === shapes?.name.toLowerCase().replace(/\.shp$/, '.dbf'));
  if (!shapes || !table || others.length > 0) throw damaged(path, 'it must hold one .shp and the .dbf of that name');
  return [await readZipEntry(path, shapes), await readZipEntry(path, table)];
}

interface TableColumn {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function readTableColumns(table: Buffer, path: string): TableColumn[] {
  if (table.length < 33) throw damaged(path, 'the header of its table is cut');
  const columns: TableColumn[] = [];
  let start = 1;
  for (let at = 32; table[at] !== 0x0d; at += 32) {
    if (at + 32 > table.length) throw damaged(path, 'the header of its table is cut');
    const name = table.toString('latin1', at, at + 11).replace(/\0[\s\S]*$/, '');
    const end = start + (table[at + 16] ?? 0);
    columns.push({ name, start, end });
    start = end;
  }
  return columns;
}

function readParts(content: Buffer): Coordinates[][] {
  if (content.length < 44 || !polylineTypes.has(content.readUInt32LE(0))) return [];
  const [partCount, pointCount] = [content.readUInt32LE(36), content.readUInt32LE(40)];
  const pointsAt = 44 + 4 * partCount;
  if (pointsAt + 16 * pointCount > content.length) return [];
  return Array.from({ length: partCount }, (_, part) => {
    const first = content.readUInt32LE(44 + 4 * part);
    const end = part + 1 < partCount ? content.readUInt32LE(48 + 4 * part) : pointCount;
    return Array.from({ length: Math.max(0, Math.min(end, pointCount) - first) }, (_, index) => {
      const at = pointsAt + 16 * (first + index);
      return { longitude: content.readDoubleLE(at), latitude: content.readDoubleLE(at + 8) };
    });
  });
}

function damaged(path: string, reason: string): SpectrumError {
  return new SpectrumError('INVALID_SETTING', `${path} cannot be read as a shapefile: ${reason}`, { path, reason });
}
