import { defineService, integer, oneOf } from '../../server/services/index.ts';

/** A small service with everything a definition can have: it repeats a greeting as often as an option says. */
export const sampleService = defineService({
  name: 'GreetPerson',
  module: 'sample',
  description: 'Greets & repeats.',
  input: {
    port: 'input_port',
    row: 'Person',
    fields: [
      { name: 'FirstName', description: 'Given name' },
      { name: 'Name.Last', description: 'Family name' },
    ],
  },
  output: {
    port: 'output_port',
    row: 'Greeting',
    fields: [
      { name: 'Greeting', description: 'The words' },
      { name: 'Name.Last', description: 'Family name' },
      { name: 'Status', description: 'F when nobody is named' },
    ],
  },
  options: {
    Tone: oneOf(['Plain', 'Loud'], 'How to say it.'),
    'Repeat.Count': integer(0, 5, 1, 'How often.'),
  },
  emptyValues: 'omit',
  run(rows, options) {
    return rows.map((row) => {
      const { FirstName, 'Name.Last': last } = row;
      if (!FirstName) return [{ Status: 'F', 'Name.Last': last }];
      const words = `Hello ${FirstName}`;
      const greeting = { Greeting: options.Tone === 'Loud' ? words.toUpperCase() : words, 'Name.Last': last };
      return Array.from({ length: options['Repeat.Count'] }, () => greeting);
    });
  },
});
