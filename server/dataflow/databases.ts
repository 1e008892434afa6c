import type { FieldType, Row, Value } from './values.ts';

/** Databases by the connections of the configuration. */
export interface DatabaseAccess {
  /** Stands for the run in what is noted in a database; the same for every owner of the run. */
  readonly run: string;
  /** Throws `UNKNOWN_OBJECT`, `INVALID_REQUEST`, `SECRET_UNREADABLE` or `CONNECTION_FAILED`, naming the connection. */
  open(connection: string): Promise<DatabaseSession>;
}

/** A connection of one stage. Calls must not overlap. */
export interface DatabaseSession {
  /** The rows that a query gives for these parameters, batch by batch; never all of them in memory. */
  read(query: DatabaseQuery, parameters: readonly Value[], batchRows: number): AsyncIterable<QueriedRow[]>;
  /** The rows that a query gives for each list of parameters, in order; at most so many for each. */
  lookUp(
    query: DatabaseQuery,
    parameterLists: readonly (readonly Value[])[],
    maximumRows: number,
  ): Promise<QueriedRow[][]>;
  openTable(write: TableWrite): Promise<TableWriter>;
  /** The largest value of a column of a table, as text; undefined where it has none. */
  findMaximum(table: string, column: string): Promise<string | undefined>;
  /** Executes one statement by itself; the number of rows that it changed. */
  execute(statement: SqlTemplate, parameters: readonly Value[]): Promise<number>;
  close(): Promise<void>;
}

/** A row, or the sentence that says which column holds no value of its type. */
export type QueriedRow = Row | string;

export interface DatabaseQuery {
  readonly from:
    | { readonly kind: 'statement'; readonly sql: SqlTemplate }
    | { readonly kind: 'table'; readonly table: string; readonly where?: SqlTemplate };
  /** What is read, in the order of the rows. */
  readonly columns: readonly DatabaseColumn[];
  /** Rows come in the order of this column; only those behind its value when there is one. */
  readonly order?: { readonly column: DatabaseColumn; readonly after?: Value };
}

export interface DatabaseColumn {
  readonly name: string;
  readonly type: FieldType;
}

/** SQL with places for parameters: one text more than there are types. Values never become a part of the text. */
export interface SqlTemplate {
  readonly texts: readonly string[];
  readonly types: readonly FieldType[];
}

export interface TableWrite {
  /** Such as `customers` or `sales.customers`. */
  readonly table: string;
  readonly columns: readonly DatabaseColumn[];
  /** Columns that find the row to update. */
  readonly keys: readonly string[];
  readonly mode: 'insert' | 'update' | 'upsert';
  /** What becomes of the table before the first row. */
  readonly prepare: 'keep' | 'create' | 'empty' | 'recreate';
  /** Rows that an earlier owner of the run had dealt with at its checkpoint; absent at a first start. */
  readonly continueAt?: number;
  /** Notes in this table, within the transaction of the rows, how many there are: none is written twice. */
  readonly progress?: { readonly table: string; readonly name: string };
}

/** Rows of a table, each call one transaction. */
export interface TableWriter {
  /** Rows that earlier owners of the run had dealt with, those of their checkpoint included; never fewer than these. */
  readonly dealtWith: number;
  /** Those behind the checkpoint that were refused, by their number from 0, with the reason. */
  readonly refused: ReadonlyMap<number, string>;
  /** Writes rows, the first one of the given number. Those that the database does not take are left out and returned. */
  write(rows: readonly Row[], first: number): Promise<ReadonlyMap<number, string>>;
}
