import type { Row, TableWrite, TableWriter } from '../dataflow/index.ts';
import { createParameterWriter } from './database-values.ts';
import { type DialectName, dialects } from './dialect.ts';
import { type Driver, type Parameter, StatementRefused } from './driver.ts';
import { writeInsert, writePreparation, writeUpdate } from './statements.ts';
import { openTableProgress, type TableProgress } from './table-progress.ts';

/** Rows of one statement at most: more of them gain nothing. */
const statementRows = 500;
const savepoint = 'spectrum_row';
const noRefusals: ReadonlyMap<number, string> = new Map();

export async function openTableWriter(driver: Driver, dialect: DialectName, write: TableWrite): Promise<TableWriter> {
  const prepare = async () => {
    for (const statement of writePreparation(dialects[dialect], write)) await driver.execute(statement);
  };
  const { progress, continueAt } = write;
  if (progress !== undefined) {
    const props = { driver, dialect: dialects[dialect], ...progress, continueAt, prepare };
    return new SqlTableWriter(driver, dialect, write, await openTableProgress(props));
  }
  if (continueAt === undefined) await prepare();
  const unnoted = { dealtWith: continueAt ?? 0, refused: noRefusals, note: async () => undefined };
  return new SqlTableWriter(driver, dialect, write, unnoted);
}

class SqlTableWriter implements TableWriter {
  readonly dealtWith: number;
  readonly refused: ReadonlyMap<number, string>;
  readonly #driver: Driver;
  readonly #dialect: DialectName;
  readonly #write: TableWrite;
  readonly #progress: TableProgress;
  readonly #toParameters: (row: Row) => Parameter[];
  readonly #toUpdate: (parameters: readonly Parameter[]) => Parameter[];
  readonly #keyOf: (parameters: readonly Parameter[]) => string;
  readonly #update: string;

  constructor(driver: Driver, dialect: DialectName, write: TableWrite, progress: TableProgress) {
    const { columns, keys, mode } = write;
    this.dealtWith = progress.dealtWith;
    this.refused = progress.refused;
    this.#driver = driver;
    this.#dialect = dialect;
    this.#write = write;
    this.#progress = progress;
    const writers = columns.map(({ type }) => createParameterWriter(type, dialect));
    this.#toParameters = (row) => writers.map((toParameter, index) => toParameter(row[index] ?? null));
    const keyPositions = keys.map((key) => columns.findIndex(({ name }) => name === key));
    const otherPositions = columns.map((_column, index) => index).filter((index) => !keyPositions.includes(index));
    const pick = (positions: readonly number[]) => (parameters: readonly Parameter[]) =>
      positions.map((position) => parameters[position] ?? null);
    this.#toUpdate = pick([...otherPositions, ...keyPositions]);
    const toKey = pick(keyPositions);
    this.#keyOf = (parameters) => toKey(parameters).map(String).join('\0');
    this.#update = mode === 'update' ? writeUpdate(dialects[dialect], write) : '';
  }

  async write(rows: readonly Row[], first: number): Promise<ReadonlyMap<number, string>> {
    const count = first + rows.length;
    try {
      await this.#driver.transaction(async () => {
        await this.#writeTogether(rows.map(this.#toParameters));
        await this.#progress.note(count, noRefusals);
      });
      return noRefusals;
    } catch (error) {
      if (!isAboutData(error)) throw error;
    }
    return this.#driver.transaction(async () => {
      const refused = await this.#writeApart(rows, first);
      await this.#progress.note(count, refused);
      return refused;
    });
  }

  async #writeTogether(rows: readonly Parameter[][]): Promise<void> {
    if (this.#write.mode === 'update') {
      for (const row of rows) await this.#updateOne(row);
      return;
    }
    const { columns, mode } = this.#write;
    const given = mode === 'upsert' ? [...new Map(rows.map((row) => [this.#keyOf(row), row])).values()] : rows;
    const most = Math.min(
      statementRows,
      Math.floor(dialects[this.#dialect].maximumParameters / Math.max(1, columns.length)),
    );
    for (let from = 0; from < given.length; from += most) {
      const some = given.slice(from, from + most);
      await this.#driver.execute(writeInsert(dialects[this.#dialect], this.#write, some.length), some.flat());
    }
  }

  /** Each row on its own, so that one which the database does not take leaves the others alone. */
  async #writeApart(rows: readonly Row[], first: number): Promise<Map<number, string>> {
    const refused = new Map<number, string>();
    for (const [index, row] of rows.entries()) {
      await this.#driver.execute(`SAVEPOINT ${savepoint}`);
      try {
        await this.#writeTogether([this.#toParameters(row)]);
      } catch (error) {
        if (!isAboutData(error)) throw error;
        await this.#driver.execute(`ROLLBACK TO SAVEPOINT ${savepoint}`);
        refused.set(first + index, error.message);
      }
      await this.#driver.execute(`RELEASE SAVEPOINT ${savepoint}`);
    }
    return refused;
  }

  async #updateOne(row: readonly Parameter[]): Promise<void> {
    const { changes } = await this.#driver.execute(this.#update, this.#toUpdate(row));
    if (changes > 0) return;
    const { table, keys } = this.#write;
    throw new StatementRefused(table, `no row has this ${keys.join(', ')}`, true);
  }
}

function isAboutData(error: unknown): error is StatementRefused {
  return error instanceof StatementRefused && error.isAboutData;
}
