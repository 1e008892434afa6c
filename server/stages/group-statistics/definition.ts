import type { StageDefinition } from '../../dataflow/index.ts';
import {
  choice,
  flag,
  integer,
  list,
  optional,
  preset,
  record,
  required,
  text,
  type ValueOf,
} from '../../foundation/fields.ts';

export const statistics = [
  'Average',
  'Maximum',
  'Minimum',
  'PercentRank',
  'Percentile',
  'StandardDeviation',
  'Sum',
  'Variance',
  'ZScore',
  'AlphabeticalFirst',
  'AlphabeticalLast',
  'Longest',
  'Shortest',
  'Earliest',
  'Latest',
] as const;

const name = (description: string) => text(description, { minimum: 1, maximum: 200 });

const operation = record('A statistic of a field', {
  operation: required(choice('Which; variance and deviation are those of a sample', statistics)),
  field: required(name('Field')),
  percentile: preset(integer('Percentile: share of the values below the result, in percent', 0, 100), 50),
  as: optional(name('Field that takes the result; <Operation>Of<Field> when absent')),
});

const pivot = record('A column for each value of a field', {
  field: required(name('Field whose value says which column')),
  values: required(list('Values that have a column', text('Value'), 1_000)),
});

const settings = record('What is worked out for each group', {
  groupBy: preset(
    list('Fields whose values make a group; one group of all records when there is none', name('Field'), 50),
    [],
  ),
  pivot: optional(pivot),
  operations: required(list('Statistics', operation, 500)),
  give: preset(
    choice('groups: one record for each group; records: every record with the results of its group', [
      'groups',
      'records',
    ]),
    'groups',
  ),
  isSorted: preset(flag('Records of a group come one after the other, so that they need not be sorted'), false),
  memoryMiB: preset(integer('Memory for records in MiB; more of them go to disk meanwhile', 1, 8_192), 64),
});

export type GroupStatisticsSettings = ValueOf<typeof settings>;
export type GroupOperation = GroupStatisticsSettings['operations'][number];

export const groupStatisticsDefinition: StageDefinition<GroupStatisticsSettings> = {
  name: 'GroupStatistics',
  label: 'Group Statistics',
  group: 'control',
  description: 'Works out statistics of groups of records, in columns by the values of a field if wanted',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [{ name: 'output_port', description: 'Groups, or records with the results of their group' }] },
  settings,
};
