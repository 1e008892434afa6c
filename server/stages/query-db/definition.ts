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
import { columnField, connectionMember } from '../databases.ts';

const settings = record('What is looked up', {
  connection: connectionMember,
  table: required(text('Table or view, such as customers or sales.customers', { minimum: 1, maximum: 400 })),
  where: required(
    text('Condition of SQL; a field name in braces behind a dollar sign stands for the value of the record', {
      minimum: 1,
      maximum: 10_000,
    }),
  ),
  fields: required(list('Columns that are added to the record', columnField, 1_000)),
  noMatch: preset(
    choice('What becomes of a record without a match: give it with nulls, or leave it out', ['give', 'leave out']),
    'give',
  ),
  maximumMatches: optional(integer('Matches of one record at most, each of which makes a record', 1, 100_000)),
});

export type QueryDbSettings = ValueOf<typeof settings>;

export const queryDbDefinition: StageDefinition<QueryDbSettings> = {
  name: 'QueryDB',
  label: 'Query DB',
  group: 'data',
  description: 'Adds to each record what a database has about it',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [{ name: 'output_port', description: 'The records with what was found, one for each match' }] },
  settings,
};
