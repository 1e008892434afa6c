import type { DatabaseColumn, DatabaseQuery, SqlTemplate, TableWrite } from '../dataflow/index.ts';
import type { Dialect } from './dialect.ts';

/** A table by its name, which may have that of its schema in front. */
export function quoteTable({ quote }: Dialect, table: string): string {
  return table.split('.').map(quote).join('.');
}

/** The statement with the places of its database. */
export function fillPlaces({ place }: Dialect, { texts }: SqlTemplate): string {
  return texts.map((text, index) => (index === 0 ? text : place(index) + text)).join('');
}

/** The SELECT of a query; behind its own parameters comes the value that the order goes on behind. */
export function writeSelect(dialect: Dialect, { from, columns, order }: DatabaseQuery, limit?: number): string {
  const count = parametersOf(from)?.types.length ?? 0;
  const select = from.kind === 'statement' ? fillPlaces(dialect, from.sql) : writeTableSelect(dialect, from, columns);
  const limited = limit === undefined ? select : `${select} LIMIT ${limit}`;
  if (order === undefined) return limited;
  const column = dialect.quote(order.column.name);
  const behind = order.after === undefined ? '' : ` WHERE ${column} > ${dialect.place(count + 1)}`;
  return `SELECT * FROM (${select.replace(/;\s*$/, '')}) AS spectrum_rows${behind} ORDER BY ${column}`;
}

export function parametersOf(from: DatabaseQuery['from']): SqlTemplate | undefined {
  return from.kind === 'statement' ? from.sql : from.where;
}

function writeTableSelect(
  dialect: Dialect,
  { table, where }: Extract<DatabaseQuery['from'], { kind: 'table' }>,
  columns: readonly DatabaseColumn[],
): string {
  const names = columns.map(({ name }) => dialect.quote(name)).join(', ');
  const condition = where === undefined ? '' : ` WHERE ${fillPlaces(dialect, where)}`;
  return `SELECT ${names} FROM ${quoteTable(dialect, table)}${condition}`;
}

/** An insert of so many rows; with `upsert`, rows with the same keys are updated. */
export function writeInsert(dialect: Dialect, { table, columns, keys, mode }: TableWrite, rows: number): string {
  const names = columns.map(({ name }) => name);
  const places = Array.from({ length: rows }, (_, row) => {
    const each = names.map((_name, index) => dialect.place(row * names.length + index + 1));
    return `(${each.join(', ')})`;
  });
  const others = names.filter((name) => !keys.includes(name));
  const end = mode === 'upsert' ? dialect.onConflict(keys, others) : '';
  return `INSERT INTO ${quoteTable(dialect, table)} (${names.map(dialect.quote).join(', ')}) VALUES ${places.join(', ')}${end}`;
}

/** The update of the row with these keys; the parameters are the other columns, then the keys. */
export function writeUpdate(dialect: Dialect, { table, columns, keys }: TableWrite): string {
  const others = columns.map(({ name }) => name).filter((name) => !keys.includes(name));
  const changes = others.map((name, index) => `${dialect.quote(name)} = ${dialect.place(index + 1)}`);
  const found = keys.map((name, index) => `${dialect.quote(name)} = ${dialect.place(others.length + index + 1)}`);
  return `UPDATE ${quoteTable(dialect, table)} SET ${changes.join(', ')} WHERE ${found.join(' AND ')}`;
}

/** Statements that bring a table into the state it is to have before the first row. */
export function writePreparation(dialect: Dialect, { table, columns, keys, prepare }: TableWrite): string[] {
  const name = quoteTable(dialect, table);
  const create = () => {
    const all = columns.map((column) => `${dialect.quote(column.name)} ${columnType(dialect, column, keys)}`);
    const key = keys.length === 0 ? [] : [`PRIMARY KEY (${keys.map(dialect.quote).join(', ')})`];
    return `CREATE TABLE IF NOT EXISTS ${name} (${[...all, ...key].join(', ')})`;
  };
  switch (prepare) {
    case 'keep':
      return [];
    case 'create':
      return [create()];
    case 'empty':
      return [`DELETE FROM ${name}`];
    case 'recreate':
      return [`DROP TABLE IF EXISTS ${name}`, create()];
  }
}

function columnType(dialect: Dialect, { name, type }: DatabaseColumn, keys: readonly string[]): string {
  if (type === 'string' && keys.includes(name)) return dialect.keyText;
  return type === 'list' ? dialect.types.string : dialect.types[type];
}
