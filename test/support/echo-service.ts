import { defineService } from '../../server/services/index.ts';

const fields = ['Plain', 'With.Dots', 'With.More.Dots', 'with_underscore', 'with-hyphen', 'Last9'].map((name) => ({
  name,
  description: 'Comes back as it was sent',
}));

/** Answers each row with itself, so that whatever changes on the way shows. */
export const echoService = defineService({
  name: 'Echo',
  module: 'sample',
  description: 'Answers each row with itself.',
  input: { port: 'Input', row: 'Row', fields },
  output: { port: 'Output', row: 'Row', fields },
  options: {},
  emptyValues: 'keep',
  run: (rows) => rows.map((row) => [{ ...row }]),
});
