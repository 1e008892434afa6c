import type { StageDefinition } from '../../dataflow/index.ts';
import { flag, list, optional, preset, record, required, text, type ValueOf } from '../../foundation/fields.ts';

const name = (description: string) => text(description, { minimum: 1, maximum: 200 });

const settings = record('What is split', {
  list: required(name('List field: each of its records becomes a record')),
  fields: optional(list('Fields of the record that holds the list, given with each; all when absent', name('Field'))),
  keepsEmpty: preset(flag('A record whose list is empty or missing is given once, without fields of the list'), false),
});

export type SplitterSettings = ValueOf<typeof settings>;

export const splitterDefinition: StageDefinition<SplitterSettings> = {
  name: 'Splitter',
  label: 'Splitter',
  group: 'control',
  description: 'Makes a record of each record in a list field',
  inputs: { fixed: [{ name: 'input_port', description: 'Records with a list' }] },
  outputs: {
    fixed: [
      { name: 'output_port', description: 'A record for each one in the list' },
      { name: 'header_port', description: 'The records themselves, without the list', isOptional: true },
    ],
  },
  settings,
};
