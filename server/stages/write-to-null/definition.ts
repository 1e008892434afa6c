import type { StageDefinition } from '../../dataflow/index.ts';
import { record } from '../../foundation/fields.ts';

export const writeToNullDefinition: StageDefinition = {
  name: 'WriteToNull',
  label: 'Write to Null',
  group: 'sinks',
  description: 'Counts records and drops them',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [] },
  settings: record('Nothing to set', {}),
};
