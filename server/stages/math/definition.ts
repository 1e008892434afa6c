import { fieldTypes, type StageDefinition } from '../../dataflow/index.ts';
import { choice, list, preset, record, required, text, type ValueOf } from '../../foundation/fields.ts';

const numericTypes = fieldTypes.filter((type) =>
  ['integer', 'long', 'float', 'double', 'bigdecimal', 'boolean'].includes(type),
);

const calculation = record('A field that is worked out', {
  field: required(text('Field that takes the result', { minimum: 1, maximum: 200 })),
  type: preset(choice('Type of the result', numericTypes), 'double'),
  expression: required(
    text('What it is, such as round(Price * Count, 2), or If/Else as Count > 0 ? Price / Count : 0', {
      minimum: 1,
      maximum: 10_000,
    }),
  ),
});

const settings = record('What is worked out', {
  calculations: required(list('Fields in order; each may use those before it', calculation, 1_000)),
});

export type MathSettings = ValueOf<typeof settings>;

export const mathDefinition: StageDefinition<MathSettings> = {
  name: 'Math',
  label: 'Math',
  group: 'control',
  description: 'Works out fields from others',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [{ name: 'output_port', description: 'The records with the results' }] },
  settings,
};
