import type { FieldDefinition } from '../definition.ts';

export const inputFields: readonly FieldDefinition[] = [
  { name: 'AddressLine1', description: 'First address line' },
  { name: 'AddressLine2', description: 'Second address line' },
  { name: 'AddressLine3', description: 'Third address line; not used in the United States' },
  { name: 'AddressLine4', description: 'Fourth address line; not used in the United States' },
  { name: 'AddressLine5', description: 'Fifth address line; not used in the United States' },
  { name: 'City', description: 'City; may end with the state when StateProvince is blank' },
  { name: 'StateProvince', description: 'State, as two letters or as its name' },
  { name: 'PostalCode', description: 'ZIP Code or ZIP+4' },
  { name: 'Country', description: 'Code or name of the country; blank means the United States' },
  { name: 'FirmName', description: 'Company' },
  { name: 'USUrbanName', description: 'Urbanization in Puerto Rico' },
];

/** In the order of the published sample (addressing reference section 2). */
export const outputFields: readonly FieldDefinition[] = [
  { name: 'ProcessedBy', description: 'USA' },
  { name: 'RecordType', description: 'Normal, HighRise, PostOfficeBox, RRHighwayContract or GeneralDelivery' },
  { name: 'RecordType.Default', description: 'Y for the default record of a building or route' },
  { name: 'MatchLevel', description: 'A: street level' },
  { name: 'AddressLine1', description: 'Street or box line' },
  { name: 'HouseNumberLow', description: 'Lowest house number of the record' },
  { name: 'HouseNumberHigh', description: 'Highest house number of the record' },
  { name: 'HouseNumberParity', description: 'E even, O odd, B both' },
  { name: 'UnitNumberLow', description: 'Lowest unit of the record' },
  { name: 'UnitNumberHigh', description: 'Highest unit of the record' },
  { name: 'UnitNumberParity', description: 'E even, O odd, B both, a blank without units' },
  { name: 'FirmName', description: 'Company' },
  { name: 'City', description: 'Mailing city' },
  { name: 'USUrbanName', description: 'Urbanization' },
  { name: 'StateProvince', description: 'State in two letters' },
  { name: 'PostalCode', description: 'Five digits' },
  { name: 'PostalCode.AddOn', description: 'Four digits' },
  { name: 'Country', description: 'USA' },
  { name: 'Status', description: 'F when there are no candidates' },
  { name: 'Status.Code', description: 'DisabledCoder or RequestFailed' },
  { name: 'Status.Description', description: 'The reason in words' },
];
