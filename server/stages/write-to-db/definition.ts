import type { StageDefinition } from '../../dataflow/index.ts';
import {
  choice,
  integer,
  list,
  optional,
  preset,
  record,
  required,
  text,
  type ValueOf,
} from '../../foundation/fields.ts';
import { connectionMember } from '../databases.ts';

const name = (description: string) => text(description, { minimum: 1, maximum: 200 });

const field = record('A field that is written', {
  name: required(name('Field of the dataflow')),
  column: optional(name('Column of the table; the same when absent')),
});

const settings = record('What is written and how', {
  connection: connectionMember,
  table: required(text('Table, such as customers or sales.customers', { minimum: 1, maximum: 400 })),
  fields: optional(list('What is written; every field to the column of its name when absent', field, 1_000)),
  mode: preset(
    choice('insert: new rows; update: rows with the same keys; upsert: those, or new ones where there are none', [
      'insert',
      'update',
      'upsert',
    ]),
    'insert',
  ),
  keys: preset(list('update, upsert: columns that find the row', name('Column'), 50), []),
  prepare: preset(
    choice(
      'keep: the table as it is; create: make it unless it is there; empty: remove its rows; recreate: make it anew',
      ['keep', 'create', 'empty', 'recreate'],
    ),
    'keep',
  ),
  batchRows: preset(integer('Rows of one transaction', 1, 100_000), 1_000),
  progressTable: preset(
    text('insert: table that notes how many rows are written, so that a take-over writes none twice; empty for none', {
      maximum: 200,
    }),
    'spectrum_progress',
  ),
});

export type WriteToDbSettings = ValueOf<typeof settings>;

export const writeToDbDefinition: StageDefinition<WriteToDbSettings> = {
  name: 'WriteToDB',
  label: 'Write to DB',
  group: 'sinks',
  description: 'Writes records to a table of a database, in transactions of many rows',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: {
    fixed: [
      { name: 'error_port', description: 'Records that the database does not take, with the reason', isOptional: true },
    ],
  },
  settings,
};
