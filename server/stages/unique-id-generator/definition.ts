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

export const keyAlgorithms = ['substring', 'initials', 'consonants', 'soundex', 'md5'] as const;

const part = record('A part of the key that is worked out from a field, in front of the rest', {
  field: required(text('Field', { minimum: 1, maximum: 200 })),
  algorithm: required(choice('How', keyAlgorithms)),
  from: preset(integer('First character that is kept, counted from 1', 1, 1_000), 1),
  length: optional(integer('Characters that are kept; all when absent', 1, 1_000)),
});

const settings = record('How ids are made', {
  method: preset(
    choice('sequential: numbers; datetime: date and time with a counter; uuid: a random UUID; none: only the parts', [
      'sequential',
      'datetime',
      'uuid',
      'none',
    ]),
    'sequential',
  ),
  start: preset(integer('sequential: the first number', 0, Number.MAX_SAFE_INTEGER), 0),
  connection: optional(
    text('sequential: connection of the database behind whose largest number the run begins, with table and column', {
      minimum: 1,
      maximum: 200,
    }),
  ),
  table: optional(text('Table, such as customers or sales.customers', { minimum: 1, maximum: 400 })),
  column: optional(text('Column of whole numbers', { minimum: 1, maximum: 200 })),
  parts: preset(list('Parts of a key that is not unique alone', part, 50), []),
  field: preset(text('Field that takes the id', { minimum: 1, maximum: 200 }), 'UniqueID'),
});

export type UniqueIdGeneratorSettings = ValueOf<typeof settings>;

export const uniqueIdGeneratorDefinition: StageDefinition<UniqueIdGeneratorSettings> = {
  name: 'UniqueIDGenerator',
  label: 'Unique ID Generator',
  group: 'control',
  description: 'Gives every record an id',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [{ name: 'output_port', description: 'The records with ids' }] },
  settings,
};
