import { randomUUID } from 'node:crypto';
import { SpectrumError } from '../foundation/errors.ts';
import type { Dialect } from './dialect.ts';
import type { Driver } from './driver.ts';
import { quoteTable } from './statements.ts';

/** What is noted of one stage of one run, in the database that it writes to. */
export interface TableProgress {
  readonly dealtWith: number;
  readonly refused: ReadonlyMap<number, string>;
  /** Within the transaction of the rows. Throws `DATABASE_REFUSED` when another owner goes on with the run. */
  note(dealtWith: number, refused: ReadonlyMap<number, string>): Promise<void>;
}

export interface TableProgressProps {
  readonly driver: Driver;
  readonly dialect: Dialect;
  readonly table: string;
  /** Stands for the stage and its run. */
  readonly name: string;
  /** Rows of the checkpoint that the run goes on from. */
  readonly continueAt: number | undefined;
  /** Done before the first row of the run. */
  prepare(): Promise<void>;
}

/** What is older belongs to runs that nobody goes on with. */
const keptMs = 30 * 86_400_000;
/** Number of the row that counts; the others are rows that were refused. */
const counter = -1;

/** Takes the progress of a stage over, or begins it. An earlier owner can note nothing from then on. */
export async function openTableProgress(props: TableProgressProps): Promise<TableProgress> {
  const { driver, dialect, name, continueAt = 0 } = props;
  const table = quoteTable(dialect, props.table);
  const [one, two, three, four, five] = [1, 2, 3, 4, 5].map(dialect.place);
  await createTable(driver, table, dialect.types.string);
  const owner = randomUUID();
  const takeOver = `UPDATE ${table} SET owner = ${one} WHERE name = ${two} AND record = ${three}`;
  const begin = `INSERT INTO ${table} (name, record, dealt_with, owner, noted_at) VALUES (${one}, ${two}, ${three}, ${four}, ${five})`;
  const find = `SELECT record, dealt_with, reason FROM ${table} WHERE name = ${one} AND (record = ${two} OR record >= ${three}) ORDER BY record`;
  const { rows } = await driver.transaction(async () => {
    const { changes } = await driver.execute(takeOver, [owner, name, counter]);
    if (changes === 0) {
      if (props.continueAt !== undefined) throw progressGone(props);
      await driver.execute(`DELETE FROM ${table} WHERE noted_at < ${one}`, [Date.now() - keptMs]);
      await props.prepare();
      await driver.execute(begin, [name, counter, 0, owner, Date.now()]);
    }
    return driver.execute(find, [name, counter, continueAt]);
  });
  const [first, ...refused] = rows;
  const dealtWith = Number(first?.[1]);
  if (dealtWith < continueAt) throw progressGone(props);
  const update = `UPDATE ${table} SET dealt_with = ${one}, noted_at = ${two} WHERE name = ${three} AND record = ${four} AND owner = ${five}`;
  const refuse = `INSERT INTO ${table} (name, record, dealt_with, reason, noted_at) VALUES (${one}, ${two}, ${three}, ${four}, ${five})`;
  return {
    dealtWith,
    refused: new Map(refused.map(([row, , reason]) => [Number(row), String(reason)])),
    async note(count, reasons) {
      const { changes } = await driver.execute(update, [count, Date.now(), name, counter, owner]);
      if (changes !== 1) {
        throw new SpectrumError('DATABASE_REFUSED', `${props.table}: another owner of the run goes on with it`, {
          name,
        });
      }
      for (const [row, reason] of reasons) await driver.execute(refuse, [name, row, 0, reason, Date.now()]);
    },
  };
}

async function createTable(driver: Driver, table: string, text: string): Promise<void> {
  const create = `CREATE TABLE IF NOT EXISTS ${table} (name VARCHAR(500) NOT NULL, record BIGINT NOT NULL, dealt_with BIGINT NOT NULL, owner VARCHAR(40), reason ${text}, noted_at BIGINT NOT NULL, PRIMARY KEY (name, record))`;
  // Two stages may begin at once, and PostgreSQL then lets one of them fail although it says IF NOT EXISTS.
  await driver.execute(create).catch(() => driver.execute(create));
}

function progressGone({ table, name }: TableProgressProps): SpectrumError {
  const sentence = `${table}: what was noted of this run is gone, so that rows could be written twice; submit the job again`;
  return new SpectrumError('DATABASE_REFUSED', sentence, { table, name });
}
