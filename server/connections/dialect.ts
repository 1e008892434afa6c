import type { FieldType } from '../dataflow/index.ts';

/** How databases differ in their SQL. */
export interface Dialect {
  /** An identifier that stands for itself, whatever is in it. */
  quote(name: string): string;
  /** The place of a parameter, counted from 1. */
  place(number: number): string;
  /** What follows the values of an insert that updates rows with the same keys. */
  onConflict(keys: readonly string[], others: readonly string[]): string;
  /** Type of a column for values of a field. */
  readonly types: Readonly<Record<Exclude<FieldType, 'list'>, string>>;
  /** Type of a text that finds rows. */
  readonly keyText: string;
  /** Parameters of one statement at most. */
  readonly maximumParameters: number;
}

const doubleQuotes = (name: string) => `"${name.replaceAll('"', '""')}"`;
const backQuotes = (name: string) => `\`${name.replaceAll('`', '``')}\``;
const questionMark = () => '?';

function onConflictOf(keys: readonly string[], others: readonly string[]): string {
  const found = keys.map(doubleQuotes).join(', ');
  if (others.length === 0) return ` ON CONFLICT (${found}) DO NOTHING`;
  const changes = others.map((name) => `${doubleQuotes(name)} = excluded.${doubleQuotes(name)}`);
  return ` ON CONFLICT (${found}) DO UPDATE SET ${changes.join(', ')}`;
}

function onDuplicateKey(keys: readonly string[], others: readonly string[]): string {
  // A key set to itself is MySQL's way to do nothing.
  const changed = others.length === 0 ? keys.slice(0, 1) : others;
  return ` ON DUPLICATE KEY UPDATE ${changed.map((name) => `${backQuotes(name)} = VALUES(${backQuotes(name)})`).join(', ')}`;
}

const postgresql: Dialect = {
  quote: doubleQuotes,
  place: (number) => `$${number}`,
  onConflict: onConflictOf,
  types: {
    string: 'text',
    boolean: 'boolean',
    integer: 'integer',
    long: 'bigint',
    float: 'real',
    double: 'double precision',
    bigdecimal: 'numeric',
    date: 'date',
    time: 'time(3)',
    datetime: 'timestamp(3)',
    bytearray: 'bytea',
    geometry: 'text',
  },
  keyText: 'text',
  maximumParameters: 65_000,
};

const mysql: Dialect = {
  quote: backQuotes,
  place: questionMark,
  onConflict: onDuplicateKey,
  types: {
    string: 'LONGTEXT',
    boolean: 'BOOLEAN',
    integer: 'INT',
    long: 'BIGINT',
    float: 'FLOAT',
    double: 'DOUBLE',
    bigdecimal: 'DECIMAL(65,30)',
    date: 'DATE',
    time: 'TIME(3)',
    datetime: 'DATETIME(3)',
    bytearray: 'LONGBLOB',
    geometry: 'LONGTEXT',
  },
  keyText: 'VARCHAR(255)',
  maximumParameters: 65_000,
};

/** Dates are ISO texts and decimals texts too, as SQLite has no types for them (its datatype page, sections 2 and 3). */
const sqlite: Dialect = {
  quote: doubleQuotes,
  place: questionMark,
  onConflict: onConflictOf,
  types: {
    string: 'TEXT',
    boolean: 'INTEGER',
    integer: 'INTEGER',
    long: 'INTEGER',
    float: 'REAL',
    double: 'REAL',
    bigdecimal: 'TEXT',
    date: 'TEXT',
    time: 'TEXT',
    datetime: 'TEXT',
    bytearray: 'BLOB',
    geometry: 'TEXT',
  },
  keyText: 'TEXT',
  maximumParameters: 30_000,
};

export const dialects = { postgresql, mysql, sqlite } as const;

export type DialectName = keyof typeof dialects;
