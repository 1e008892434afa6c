import type { FieldDefinition } from '../definition.ts';

/** The parts of an address in the words of the global geocoder (geocoding reference section 3). */
const addressFields = [
  ['MainAddressLine', 'Street line, or the whole address'],
  ['AddressLastLine', 'City, state and postal code'],
  ['PlaceName', 'Name of a place or firm'],
  ['AreaName1', 'State'],
  ['AreaName2', 'County'],
  ['AreaName3', 'City'],
  ['AreaName4', 'Locality'],
  ['PostCode1', 'Postal code, such as five digits'],
  ['PostCode2', 'Its extension, such as four digits'],
  ['Country', 'Code or name of the country; blank means the United States'],
  ['AddressNumber', 'House number, where MainAddressLine is blank'],
  ['StreetName', 'Street, where MainAddressLine is blank'],
  ['UnitType', 'Unit designator'],
  ['UnitValue', 'Unit number'],
] as const;

export const inputFields: readonly FieldDefinition[] = addressFields.map(([name, description]) => ({
  name,
  description,
}));

/** What of the input a candidate agrees with. */
const matchFields = [
  'MatchOnAddressNumber',
  'MatchOnPostCode1',
  'MatchOnPostCode2',
  'MatchOnAreaName1',
  'MatchOnAreaName3',
  'MatchOnAllStreetFields',
  'MatchOnStreetName',
  'MatchOnStreetType',
  'MatchOnStreetDirectional',
] as const;

export const outputFields: readonly FieldDefinition[] = [
  { name: 'X', description: 'Longitude, degrees east' },
  { name: 'Y', description: 'Latitude, degrees north' },
  { name: 'CoordinateSystemName', description: 'EPSG:4326' },
  { name: 'FormattedStreetAddress', description: 'Street line' },
  { name: 'FormattedLocationAddress', description: 'City, state and postal code' },
  ...addressFields.map(([name, description]) => ({ name, description })),
  { name: 'FeatureID', description: 'Key of the address, for GlobalKeyLookup; the same in every vintage that has it' },
  {
    name: 'PrecisionLevel',
    description: 'How exact the position is, 16 an address point; as published for other countries',
  },
  { name: 'PrecisionCode', description: 'Category and matched elements, such as S8HPNTSCZA' },
  { name: 'LocationCode', description: 'How exact the position is, such as AP02' },
  { name: 'MatchCode', description: 'What was changed to match' },
  { name: 'Confidence', description: '0 to 100' },
  { name: 'Distance', description: 'From the given position, in DistanceUnits; reverse geocoding only' },
  { name: 'TotalPossibleCandidates', description: 'Candidates before MaxReturnedCandidates' },
  ...matchFields.map((name) => ({ name, description: 'true when the candidate has this element as given' })),
  { name: 'Status', description: 'F when there is no candidate' },
  { name: 'Status.Code', description: 'Failure' },
  { name: 'Status.Description', description: 'The reason in words' },
];
