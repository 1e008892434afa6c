import type { StageDefinition } from '../../dataflow/index.ts';
import { record } from '../../foundation/fields.ts';

export const terminateJobDefinition: StageDefinition = {
  name: 'TerminateJob',
  label: 'Terminate Job',
  group: 'sinks',
  description: 'Ends the job as failed as soon as a record arrives',
  inputs: { fixed: [{ name: 'input_port', description: 'Records that must not be' }] },
  outputs: { fixed: [] },
  settings: record('Nothing to set', {}),
};
