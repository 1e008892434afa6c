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

const { fields: _readFields, ...written } = layoutMembers;

const field = record('A field of the file', {
  name: required(text('Field of the dataflow', { minimum: 1, maximum: 200 })),
  as: optional(text('Name in the header; the same when absent', { maximum: 200 })),
  ...fieldPlaceMembers,
});

const settings = record('What is written and how', {
  file: required(text('File', { minimum: 1 })),
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
  description: 'Writes records to one file, which is there under its name once the run has succeeded',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [] },
  settings,
};
