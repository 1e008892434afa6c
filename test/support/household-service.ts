import { defineService, type FieldDefinition, formatList, parseList } from '../../server/services/index.ts';

const members: FieldDefinition = {
  name: 'Members',
  description: 'Who lives there',
  list: {
    row: 'Member',
    fields: [
      { name: 'First.Name', description: 'Given name' },
      { name: 'Age', description: 'Years', type: 'integer' },
    ],
  },
};

/** A service with rows inside its rows and with typed values, as dataflows have them. */
export const householdService = defineService({
  name: 'CountHousehold',
  module: 'sample',
  description: 'Counts who lives together.',
  input: { port: 'Input', row: 'Row', fields: [{ name: 'Name', description: 'Name on the door' }, members] },
  output: {
    port: 'Output',
    row: 'Row',
    fields: [
      { name: 'Name', description: 'Name on the door' },
      { name: 'Count', description: 'How many', type: 'integer' },
      { name: 'MeanAge', description: 'Mean of their ages', type: 'double' },
      { name: 'IsEmpty', description: 'Whether nobody lives there', type: 'boolean' },
      members,
    ],
  },
  options: {},
  emptyValues: 'keep',
  run: (rows) =>
    rows.map(({ Name, Members }) => {
      const list = parseList(Members);
      const ages = list.map(({ Age }) => Number(Age ?? 0));
      return [
        {
          Name,
          Count: String(list.length),
          MeanAge: list.length === 0 ? '' : String(ages.reduce((sum, age) => sum + age, 0) / list.length),
          IsEmpty: String(list.length === 0),
          Members: formatList(list),
        },
      ];
    }),
});
