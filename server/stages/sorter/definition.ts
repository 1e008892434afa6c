import type { StageDefinition } from '../../dataflow/index.ts';
import { choice, flag, integer, list, preset, record, required, text, type ValueOf } from '../../foundation/fields.ts';

const key = record('A field to sort by', {
  field: required(text('Field', { minimum: 1, maximum: 200 })),
  direction: preset(choice('Smallest or largest first', ['ascending', 'descending']), 'ascending'),
  compareAs: preset(
    choice('How texts are compared; other types by their value', ['character', 'numeric']),
    'character',
  ),
  trim: preset(flag('Compare texts without the spaces at both ends; the records keep them'), false),
  nulls: preset(choice('Where records without a value go', ['smallest', 'largest']), 'smallest'),
});

const settings = record('What records are sorted by', {
  keys: required(list('Fields, the first one counts most', key, 100)),
  memoryMiB: preset(integer('Memory for records in MiB; more of them go to disk meanwhile', 1, 8_192), 64),
});

export type SorterSettings = ValueOf<typeof settings>;

export const sorterDefinition: StageDefinition<SorterSettings> = {
  name: 'Sorter',
  label: 'Sorter',
  group: 'control',
  description: 'Sorts records by fields; equal ones keep their order',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [{ name: 'output_port', description: 'The records in order' }] },
  settings,
};
