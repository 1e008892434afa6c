import type { StageDefinition } from '../../dataflow/index.ts';
import { fieldTypes } from '../../dataflow/index.ts';
import { choice, integer, list, optional, record, required, text, type ValueOf } from '../../foundation/fields.ts';

/** Transforms of the reference (platform section 8.3), in the words of its palette. */
export const transformKinds = [
  'rename',
  'copy',
  'cast',
  'case',
  'trim',
  'minimize whitespace',
  'construct',
  'substring',
  'remove substring',
  'truncate',
  'pad',
  'mask',
  'remove field',
  'status',
  'custom',
] as const;

const fieldName = (description: string) => text(description, { minimum: 1, maximum: 200 });

const transform = record('One change of every record', {
  kind: required(choice('What is done', transformKinds)),
  field: optional(fieldName('Field that is changed or read')),
  to: optional(fieldName('Field that takes the result; the same field when absent')),
  type: optional(
    choice(
      'cast, custom: type of the result',
      fieldTypes.filter((type) => type !== 'list'),
    ),
  ),
  format: optional(
    text('cast: pattern of a date or time that is read or written as text', { minimum: 1, maximum: 60 }),
  ),
  case: optional(choice('case: letters', ['upper', 'lower', 'title', 'sentence'])),
  side: optional(choice('trim, pad, truncate: where', ['left', 'right', 'both'])),
  template: optional(text('construct: text in which a field name in braces behind a dollar sign stands for the value')),
  from: optional(integer('substring: first character, counted from 1', 1, 1_000_000)),
  length: optional(integer('substring, truncate, pad: characters', 0, 1_000_000)),
  text: optional(text('remove substring: text that is removed; pad: character; mask: characters that are kept')),
  status: optional(choice('status: outcome', ['Success', 'Fail'])),
  code: optional(text('status: value of Status.Code')),
  description: optional(text('status: value of Status.Description')),
  expression: optional(text('custom: what the field becomes', { minimum: 1, maximum: 10_000 })),
});

const settings = record('What is done to every record', {
  transforms: required(list('Changes, from top to bottom', transform, 1_000)),
});

export type TransformerSettings = ValueOf<typeof settings>;
export type Transform = TransformerSettings['transforms'][number];

export const transformerDefinition: StageDefinition<TransformerSettings> = {
  name: 'Transformer',
  label: 'Transformer',
  group: 'control',
  description: 'Changes the fields of every record',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [{ name: 'output_port', description: 'The records as changed' }] },
  settings,
};
