import type { StageDefinition } from '../../dataflow/index.ts';
import { list, optional, preset, record, required, text, type ValueOf } from '../../foundation/fields.ts';

const name = (description: string) => text(description, { minimum: 1, maximum: 200 });

const outputList = record('A list field that takes the records of a group', {
  name: required(name('Name of the list field')),
  fields: optional(list('Fields of its records; all but those of groupBy and fields when absent', name('Field'))),
});

const settings = record('How records are put together', {
  groupBy: required(
    list('Fields whose values make a group; records of one group must follow each other', name('Field'), 50),
  ),
  fields: preset(list('More fields of the group, taken from its first record', name('Field')), []),
  lists: required(list('List fields', outputList, 50)),
});

export type AggregatorSettings = ValueOf<typeof settings>;

export const aggregatorDefinition: StageDefinition<AggregatorSettings> = {
  name: 'Aggregator',
  label: 'Aggregator',
  group: 'control',
  description: 'Makes one record of each group, with its records in list fields',
  inputs: { fixed: [{ name: 'input_port', description: 'Records, those of a group one after the other' }] },
  outputs: { fixed: [{ name: 'output_port', description: 'One record for each group' }] },
  settings,
};
