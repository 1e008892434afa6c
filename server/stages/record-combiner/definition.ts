import type { StageDefinition } from '../../dataflow/index.ts';
import { integer, optional, preset, record, text, type ValueOf } from '../../foundation/fields.ts';

const settings = record('How records are combined', {
  preferredPort: optional(
    text('Port whose value counts when several have a field of the same name; the first one when absent', {
      minimum: 1,
      maximum: 200,
    }),
  ),
  memoryMiB: preset(integer('Memory for records in MiB; more of them go to disk meanwhile', 1, 8_192), 64),
});

export type RecordCombinerSettings = ValueOf<typeof settings>;

export const recordCombinerDefinition: StageDefinition<RecordCombinerSettings> = {
  name: 'RecordCombiner',
  label: 'Record Combiner',
  group: 'control',
  description: 'Makes one record of the first records of all inputs, one of the second ones, and so on',
  inputs: { fixed: [], variable: { minimum: 2, maximum: 50 } },
  outputs: { fixed: [{ name: 'output_port', description: 'The combined records' }] },
  settings,
};
