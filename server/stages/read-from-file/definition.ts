import type { StageDefinition } from '../../dataflow/index.ts';
import {
  choice,
  flag,
  integer,
  optional,
  preset,
  record,
  required,
  text,
  type ValueOf,
} from '../../foundation/fields.ts';
import { layoutMembers } from '../../record-formats/index.ts';

const settings = record('What is read and how', {
  file: required(text('File or files; * and ? stand for any characters of a name', { minimum: 1 })),
  server: optional(
    text('File server of the configuration; the folder for files of jobs when absent', { minimum: 1, maximum: 200 }),
  ),
  compression: preset(choice('How the file is compressed; auto goes by its name', ['auto', 'none', 'gzip']), 'auto'),
  ...layoutMembers,
  fewerFieldsAreMalformed: preset(flag('A record with fewer fields is malformed; otherwise null fills it up'), false),
  moreFieldsAreMalformed: preset(flag('A record with more fields is malformed; otherwise they are left out'), false),
  onNoValue: preset(choice('What becomes of a text that is no value of its type', ['malformed', 'null']), 'malformed'),
  startingRecord: preset(integer('First record that is given, the header not counted', 1, Number.MAX_SAFE_INTEGER), 1),
  maximumRecords: optional(integer('Records given at most; all when absent', 1, Number.MAX_SAFE_INTEGER)),
});

export type ReadFromFileSettings = ValueOf<typeof settings>;

export const readFromFileDefinition: StageDefinition<ReadFromFileSettings> = {
  name: 'ReadFromFile',
  label: 'Read from File',
  group: 'sources',
  description: 'Gives the records of one file or of several alike',
  inputs: { fixed: [] },
  outputs: {
    fixed: [
      { name: 'output_port', description: 'The records' },
      { name: 'error_port', description: 'Malformed records, as text with their place and reason', isOptional: true },
    ],
  },
  settings,
};
