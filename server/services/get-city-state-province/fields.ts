import type { FieldDefinition } from '../definition.ts';

export const inputFields: readonly FieldDefinition[] = [
  { name: 'PostalCode', description: 'ZIP Code, ZIP + 4 code or Canadian postal code' },
];

export const outputFields: readonly FieldDefinition[] = [
  { name: 'City', description: 'City of the postal code' },
  { name: 'City.Type', description: 'P primary, S secondary, V vanity: not for mailing' },
  { name: 'Country', description: 'Country of the postal code' },
  { name: 'PostalCode', description: 'Postal code as sent' },
  { name: 'ProcessedBy', description: 'USA or CAN' },
  { name: 'StateProvince', description: 'Two letters of the state or province' },
  { name: 'Status', description: 'F when the postal code was not found' },
  { name: 'Status.Code', description: 'DisabledCoder or UnrecognizedPostalCode' },
  { name: 'Status.Description', description: 'The reason in words' },
];
