import type { StageDefinition } from '../../dataflow/index.ts';
import { record } from '../../foundation/fields.ts';

export const broadcasterDefinition: StageDefinition = {
  name: 'Broadcaster',
  label: 'Broadcaster',
  group: 'control',
  description: 'Copies every record to each output',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [], variable: { minimum: 1, maximum: 100 } },
  settings: record('Nothing to set', {}),
};
