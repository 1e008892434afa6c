import type { StageDefinition } from '../../dataflow/index.ts';
import { choice, integer, list, preset, record, required, text, type ValueOf } from '../../foundation/fields.ts';

const name = (description: string) => text(description, { minimum: 1, maximum: 200 });

const keyPair = record('Two fields whose values are compared; a record without a value matches none', {
  left: required(name('Field at the left port, or at a port joined before')),
  right: required(name('Field at the port')),
});

const join = record('How the records of a port are joined', {
  port: required(name('Input port')),
  type: preset(
    choice('left outer: every record of the left port; full: every record of both; inner: those that have a partner', [
      'left outer',
      'full',
      'inner',
    ]),
    'left outer',
  ),
  keys: required(list('Fields that must be equal', keyPair, 50)),
});

const settings = record('What is joined and by what', {
  leftPort: required(name('Input port that the others are joined to')),
  joins: required(list('The other ports, joined one after the other', join, 50)),
  sortedPorts: preset(
    list('Ports whose records come in the order of their keys, so that they need not be sorted', name('Input port')),
    [],
  ),
  memoryMiB: preset(integer('Memory for records in MiB; more of them go to disk meanwhile', 1, 8_192), 128),
});

export type RecordJoinerSettings = ValueOf<typeof settings>;

export const recordJoinerDefinition: StageDefinition<RecordJoinerSettings> = {
  name: 'RecordJoiner',
  label: 'Record Joiner',
  group: 'control',
  description: 'Joins the records of several inputs whose keys are equal',
  inputs: { fixed: [], variable: { minimum: 2, maximum: 50 } },
  outputs: {
    fixed: [
      { name: 'output_port', description: 'Joined records, in the order of their keys' },
      { name: 'not_joined', description: 'Records that the joins leave out', isOptional: true },
    ],
  },
  settings,
};
