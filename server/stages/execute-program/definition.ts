import type { StageDefinition } from '../../dataflow/index.ts';
import { choice, integer, list, preset, record, required, text, type ValueOf } from '../../foundation/fields.ts';

const settings = record('What is run and when', {
  program: required(text('Name under which the nodes allow the program', { minimum: 1, maximum: 100 })),
  arguments: preset(
    list(
      'Arguments; for each record, a field name in braces behind a dollar sign stands for its value',
      text('Argument'),
      100,
    ),
    [],
  ),
  runs: preset(
    choice('per record: for each record, one after the other; once: when the last record has arrived', [
      'per record',
      'once',
    ]),
    'per record',
  ),
  timeoutSeconds: preset(integer('How long one run may take', 1, 86_400), 60),
  successCodes: preset(
    list('Exit codes that mean success; any other fails the job', integer('Exit code', 0, 255), 256),
    [0],
  ),
});

export type ExecuteProgramSettings = ValueOf<typeof settings>;

export const executeProgramDefinition: StageDefinition<ExecuteProgramSettings> = {
  name: 'ExecuteProgram',
  label: 'Execute Program',
  group: 'sinks',
  description: 'Runs a program that the nodes allow, for each record or once',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [] },
  settings,
};
