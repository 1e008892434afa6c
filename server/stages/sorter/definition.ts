import type { StageDefinition } from '../../dataflow/index.ts';
import { integer, preset, record, required, type ValueOf } from '../../foundation/fields.ts';
import { sortKeys } from '../sort-keys.ts';

const settings = record('What records are sorted by', {
  keys: required(sortKeys),
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
