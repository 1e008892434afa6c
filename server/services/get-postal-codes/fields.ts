import type { FieldDefinition } from '../definition.ts';

export const inputFields: readonly FieldDefinition[] = [
  { name: 'City', description: 'City; may end with the state when StateProvince is blank' },
  { name: 'StateProvince', description: 'State, as two letters or as its name' },
];

export const outputFields: readonly FieldDefinition[] = [
  { name: 'PostalCode', description: 'ZIP Code of the city' },
  { name: 'City.Type', description: 'P primary, S secondary, V vanity: not for mailing' },
  { name: 'ProcessedBy', description: 'Always USA' },
  { name: 'Status', description: 'F when no ZIP Code was found' },
  { name: 'Status.Code', description: 'CountryNotSupported or UnableToLookup' },
  { name: 'Status.Description', description: 'The reason in words' },
];
