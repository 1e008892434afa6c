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
import { fieldPlaceMembers, layoutMembers } from '../../record-formats/index.ts';
import { sortKeys } from '../sort-keys.ts';

const { fields: _readFields, ...written } = layoutMembers;

const field = record('A field of the file', {
  name: required(text('Field of the dataflow', { minimum: 1, maximum: 200 })),
  as: optional(text('Name in the header; the same when absent', { maximum: 200 })),
  ...fieldPlaceMembers,
});

const settings = record('What is written and how', {
  file: required(
    text(`File; $\{Field} stands for the value of each record, so that one file is written for each of them`, {
      minimum: 1,
    }),
  ),
  recordsPerFile: optional(
    integer(
      'Records of one file; more go to the next, named out-1.csv, out-2.csv and so on',
      1,
      Number.MAX_SAFE_INTEGER,
    ),
  ),
  sort: optional(sortKeys),
  sortMemoryMiB: preset(integer('sort: memory for records in MiB; more of them go to disk meanwhile', 1, 8_192), 64),
  server: optional(
    text('File server of the configuration; the folder for files of jobs when absent', { minimum: 1, maximum: 200 }),
  ),
  mode: preset(
    choice('What becomes of a file of that name: overwrite replaces it, append goes on behind it, refuse fails', [
      'overwrite',
      'append',
      'refuse',
    ]),
    'overwrite',
  ),
  compression: preset(choice('How the file is compressed; auto goes by its name', ['auto', 'none', 'gzip']), 'auto'),
  ...written,
  rowGroupRows: preset(integer('parquet: rows that are kept in memory and written together', 1, 1_000_000), 50_000),
  fields: optional(list('What is written, in order; every field when absent', field, 5_000)),
});

export type WriteToFileSettings = ValueOf<typeof settings>;

export const writeToFileDefinition: StageDefinition<WriteToFileSettings> = {
  name: 'WriteToFile',
  label: 'Write to File',
  group: 'sinks',
  description: 'Writes records to a file or several, which are there under their names once the run has succeeded',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [] },
  settings,
};
