import type { StageDefinition } from '../../dataflow/index.ts';
import { record } from '../../foundation/fields.ts';

export const streamCombinerDefinition: StageDefinition = {
  name: 'StreamCombiner',
  label: 'Stream Combiner',
  group: 'control',
  description: 'Gives the records of all its inputs as one stream; fields that an input lacks are null',
  inputs: { fixed: [], variable: { minimum: 1, maximum: 100 } },
  outputs: { fixed: [{ name: 'output_port', description: 'The records of all inputs' }] },
  settings: record('Nothing to set', {}),
};
