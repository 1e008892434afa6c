import type { StageDefinition } from '../../dataflow/index.ts';
import { integer, list, map, optional, preset, record, required, text, type ValueOf } from '../../foundation/fields.ts';
import { columnField, connectionMember } from '../databases.ts';

const settings = record('What is read', {
  connection: connectionMember,
  sql: required(
    text('Query; a parameter name in braces behind a dollar sign stands for its value', {
      minimum: 1,
      maximum: 100_000,
    }),
  ),
  parameters: preset(map('Values of parameters by name', text('Value'), 100), {}),
  fields: required(list('Columns that are given, in order', columnField, 5_000)),
  fetchRows: preset(integer('Rows that are fetched at a time', 1, 100_000), 1_000),
  resumeBy: optional(
    text('Field of a unique column without nulls: rows come in its order, so that a run which is taken over goes on', {
      minimum: 1,
      maximum: 200,
    }),
  ),
  maximumRecords: optional(integer('Records given at most; all when absent', 1, Number.MAX_SAFE_INTEGER)),
});

export type ReadFromDbSettings = ValueOf<typeof settings>;

export const readFromDbDefinition: StageDefinition<ReadFromDbSettings> = {
  name: 'ReadFromDB',
  label: 'Read from DB',
  group: 'sources',
  description: 'Gives the rows of a query of a database',
  inputs: { fixed: [] },
  outputs: { fixed: [{ name: 'output_port', description: 'The rows' }] },
  settings,
};
