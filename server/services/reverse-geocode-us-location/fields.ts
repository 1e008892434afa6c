import type { FieldDefinition } from '../definition.ts';

export const inputFields: readonly FieldDefinition[] = [
  { name: 'Longitude', description: 'Degrees east, in the format of LatLonFormat' },
  { name: 'Latitude', description: 'Degrees north, in the format of LatLonFormat' },
];

export const standardFields: readonly FieldDefinition[] = [
  { name: 'Latitude', description: 'Position of the address found' },
  { name: 'Longitude', description: 'Position of the address found' },
  { name: 'StreetSide', description: 'L or R of the segment, seen from its low end' },
  { name: 'FirmName', description: 'Company at the address' },
  { name: 'AddressLine1', description: 'Address line found' },
  { name: 'AddressLine2', description: 'Second address line' },
  { name: 'LastLine', description: 'City, state and ZIP Code, with two spaces before the ZIP Code' },
  { name: 'City', description: 'Mailing city' },
  { name: 'StateProvince', description: 'Two letters of the state' },
  { name: 'PostalCode.Base', description: 'ZIP Code' },
  { name: 'PostalCode.AddOn', description: 'ZIP + 4 add-on' },
  { name: 'PostalCode', description: 'ZIP Code with its add-on, if known' },
  { name: 'USUrbanName', description: 'Urbanization in Puerto Rico' },
  { name: 'Country', description: 'United States of America' },
  { name: 'RRHC', description: 'Rural route or highway contract' },
  { name: 'LocationCode', description: 'AP02 an address point, AS0 a place on a segment' },
  { name: 'MatchCode', description: 'NS0' },
  { name: 'StreetDataType', description: 'The database that answered' },
  { name: 'Distance', description: 'From the given position, in DistanceUnits' },
  { name: 'PercentGeocode', description: 'Percent of the segment from its low end; 0.0 for a point' },
  { name: 'Confidence', description: '100 for one nearest address' },
  { name: 'ProcessedBy', description: 'KGR' },
  { name: 'Status', description: 'F when nothing was found' },
  { name: 'Status.Code', description: 'Failure' },
  { name: 'Status.Description', description: 'The reason in words' },
];

/** Returned only when OutputRecordType asks for their groups. */
const groupFields: readonly FieldDefinition[] = [
  { name: 'USFIPSStateCode', description: 'State number, group Census' },
  { name: 'USFIPSCountyNumber', description: 'County number, group Census' },
  { name: 'USFIPSStateCountyCode', description: 'State and county number, group Census' },
  { name: 'SegmentHouseNumberHigh', description: 'Highest number of the segment, group Segment' },
  { name: 'SegmentHouseNumberLow', description: 'Lowest number of the segment, group Segment' },
  { name: 'SegmentParity', description: 'E even, O odd, B both, group Segment' },
  { name: 'SegmentLength', description: 'Feet, group Segment' },
  { name: 'HouseNumberHigh', description: 'Highest number of the record, group Range' },
  { name: 'HouseNumberLow', description: 'Lowest number of the record, group Range' },
  { name: 'HouseNumberParity', description: 'E even, O odd, B both, group Range' },
];

export const outputFields: readonly FieldDefinition[] = [...standardFields, ...groupFields];
