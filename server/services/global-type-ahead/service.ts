import { defineService } from '../definition.ts';
import { inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';
import { suggestRows } from './suggest.ts';

export const globalTypeAhead = defineService({
  name: 'GlobalTypeAhead',
  module: 'addressing',
  description: 'Lists the addresses that a partly typed one may become',
  input: { port: 'input_port', row: 'Address', fields: inputFields },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'omit',
  run: suggestRows,
});
