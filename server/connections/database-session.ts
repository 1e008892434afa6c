import type {
  DatabaseColumn,
  DatabaseQuery,
  DatabaseSession,
  QueriedRow,
  Row,
  SqlTemplate,
  TableWrite,
  TableWriter,
  Value,
} from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { createDatabaseReader, createParameterWriter } from './database-values.ts';
import { type DialectName, dialects } from './dialect.ts';
import type { Answer, Driver, Parameter } from './driver.ts';
import { fillPlaces, parametersOf, quoteTable, writeSelect } from './statements.ts';
import { openTableWriter } from './table-writer.ts';

/** One connection, in the words of stages. */
export class SqlSession implements DatabaseSession {
  readonly #driver: Driver;
  readonly #dialect: DialectName;

  constructor(driver: Driver, dialect: DialectName) {
    this.#driver = driver;
    this.#dialect = dialect;
  }

  async *read(query: DatabaseQuery, parameters: readonly Value[], batchRows: number): AsyncGenerator<QueriedRow[]> {
    const sql = writeSelect(dialects[this.#dialect], query);
    const toRows = createRowReader(query.columns);
    const given = this.#toParameters(query, parameters);
    for await (const answer of this.#driver.stream(sql, given, batchRows)) yield toRows(answer);
  }

  async lookUp(
    query: DatabaseQuery,
    parameterLists: readonly (readonly Value[])[],
    maximumRows: number,
  ): Promise<QueriedRow[][]> {
    const sql = writeSelect(dialects[this.#dialect], query, maximumRows);
    const toRows = createRowReader(query.columns);
    const answers: QueriedRow[][] = [];
    for (const parameters of parameterLists) {
      answers.push(toRows(await this.#driver.execute(sql, this.#toParameters(query, parameters))));
    }
    return answers;
  }

  openTable(write: TableWrite): Promise<TableWriter> {
    return openTableWriter(this.#driver, this.#dialect, write);
  }

  async findMaximum(table: string, column: string): Promise<string | undefined> {
    const dialect = dialects[this.#dialect];
    const sql = `SELECT MAX(${dialect.quote(column)}) FROM ${quoteTable(dialect, table)}`;
    const [[found] = []] = (await this.#driver.execute(sql)).rows;
    return found === null || found === undefined ? undefined : String(found);
  }

  async execute(statement: SqlTemplate, parameters: readonly Value[]): Promise<number> {
    const sql = fillPlaces(dialects[this.#dialect], statement);
    const given = statement.types.map((type, index) =>
      createParameterWriter(type, this.#dialect)(parameters[index] ?? null),
    );
    return (await this.#driver.execute(sql, given.length === 0 ? undefined : given)).changes;
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  #toParameters({ from, order }: DatabaseQuery, values: readonly Value[]): Parameter[] {
    const types = parametersOf(from)?.types ?? [];
    const given = types.map((type, index) => createParameterWriter(type, this.#dialect)(values[index] ?? null));
    if (order?.after === undefined) return given;
    return [...given, createParameterWriter(order.column.type, this.#dialect)(order.after)];
  }
}

function createRowReader(columns: readonly DatabaseColumn[]): (answer: Answer) => QueriedRow[] {
  const readers = columns.map(({ name, type }) => ({ name, type, read: createDatabaseReader(type) }));
  return (answer) => {
    if (answer.rows.length === 0) return [];
    const positions = columns.map(({ name }) => findColumn(name, answer.columns));
    return answer.rows.map((given) => {
      const row: Row = [];
      for (const [index, { name, type, read }] of readers.entries()) {
        const value = read(given[positions[index] ?? -1]);
        if (value === undefined) return `${name}: ${describe(given[positions[index] ?? -1])} is no ${type}`;
        row.push(value);
      }
      return row;
    });
  };
}

/** Databases write names of columns in the case they like; an equal name comes first. */
function findColumn(name: string, names: readonly string[]): number {
  const exact = names.indexOf(name);
  const found = exact >= 0 ? exact : names.findIndex((one) => one.toLowerCase() === name.toLowerCase());
  if (found >= 0) return found;
  const sentence = `fields: the query gives no column ${name}; it gives ${names.join(', ')}`;
  throw new SpectrumError('DATABASE_REFUSED', sentence, { column: name });
}

function describe(given: unknown): string {
  return JSON.stringify(String(given).slice(0, 60));
}
