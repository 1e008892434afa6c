import { defineService } from '../definition.ts';
import { inputFields, outputFields } from '../global-type-ahead/fields.ts';
import { options } from '../global-type-ahead/options.ts';
import { suggestRows } from '../global-type-ahead/suggest.ts';

/** The older name of the same service (addressing reference section 5). */
export const autoComplete = defineService({
  name: 'AutoComplete',
  module: 'addressing',
  description: 'Lists the addresses that a partly typed one may become; GlobalTypeAhead under its older name',
  input: { port: 'input_port', row: 'Address', fields: inputFields },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'omit',
  run: suggestRows,
});
