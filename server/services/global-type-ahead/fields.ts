import type { FieldDefinition } from '../definition.ts';

export const inputFields: readonly FieldDefinition[] = [
  {
    name: 'AddressLine1',
    description: 'Start of the address: two words, or a number and three letters; may go on to the ZIP Code',
  },
  { name: 'City', description: 'City' },
  { name: 'StateProvince', description: 'State' },
  { name: 'PostalCode', description: 'ZIP Code' },
  { name: 'Country', description: 'Country; blank means the United States, others have no candidates' },
  { name: 'InstanceKey', description: 'Accepted' },
];

export const outputFields: readonly FieldDefinition[] = [
  { name: 'AddressLine1', description: 'Street, with the house number where one was typed' },
  { name: 'City', description: 'Mailing city' },
  { name: 'StateProvince', description: 'Two letters of the state' },
  { name: 'PostalCode', description: 'ZIP Code' },
  { name: 'County', description: 'County' },
  { name: 'Country', description: 'USA' },
  { name: 'FormattedAddress', description: 'The whole address on one line' },
  { name: 'LastLine', description: 'City, state and ZIP Code' },
  { name: 'RangeCount', description: 'Number of Ranges' },
  {
    name: 'Ranges',
    description: 'House numbers there',
    list: {
      row: 'AddressRange',
      fields: [
        { name: 'Range', description: 'One house number, or the lowest and the highest' },
        { name: 'UnitCount', description: 'Number of units' },
        { name: 'UnitsInfo', description: 'The units, by commas' },
      ],
    },
  },
  { name: 'AddressLine1.Match', description: 'true when what was typed goes on to this street' },
  { name: 'City.Match', description: 'true when the city was given and this is one of it' },
  { name: 'StateProvince.Match', description: 'true when the state was given and is this one' },
  { name: 'PostalCode.Match', description: 'true when the ZIP Code was given and is this one' },
];
