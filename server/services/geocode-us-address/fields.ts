import type { FieldDefinition } from '../definition.ts';

export const inputFields: readonly FieldDefinition[] = [
  { name: 'FirmName', description: 'Company; returned as sent' },
  { name: 'AddressLine1', description: 'First address line, or the whole address' },
  { name: 'AddressLine2', description: 'Second address line' },
  { name: 'AddressLine3', description: 'Third address line' },
  { name: 'AddressLine4', description: 'Fourth address line' },
  { name: 'AddressLine5', description: 'Fifth address line' },
  { name: 'AddressLine6', description: 'Sixth address line' },
  { name: 'LastLine', description: 'City, state and ZIP Code on one line' },
  { name: 'City', description: 'City; may hold the whole last line' },
  { name: 'StateProvince', description: 'State' },
  { name: 'PostalCode', description: 'ZIP Code or ZIP + 4 code' },
  { name: 'Longitude', description: 'With PredictiveLastLine: degrees east, in the format of LatLonFormat' },
  { name: 'Latitude', description: 'With PredictiveLastLine: degrees north, in the format of LatLonFormat' },
];

/** Groups of output fields that OutputRecordType asks for by name. */
const extraGroups = [
  'Census',
  'Postal Data',
  'Qualifiers',
  'Range',
  'Segment',
  'Auxiliary',
  'Geo Confidence',
  'Parcel',
] as const;
export type ExtraGroup = (typeof extraGroups)[number];
type Group = ExtraGroup | 'standard';

/** Latitude and longitude may be asked for by name, but come in any case. */
export const groups = ['Latitude/Longitude', ...extraGroups] as const;

/** Published order (geocoding reference 1.3): group, then its fields; a group comes back where the order asks for it. */
const layout: readonly (readonly [Group, string])[] = [
  ['Segment', 'BlockSuffix'],
  [
    'Census',
    'CBSADivisionCode CBSAMetro CBSACode CensusBlockID USFIPSCountyNumber CSACode CensusTract USFIPSStateCode',
  ],
  ['Census', 'USFIPSStateCountyCode'],
  ['standard', 'Latitude Longitude'],
  ['standard', 'StreetSide FirmName AddressLine1 AddressLine2 LastLine StreetName CrossStreetName LeadingDirectional'],
  ['standard', 'CrossStreetLeadingDirectional HouseNumber HouseNumber2 TrailingDirectional'],
  ['standard', 'CrossStreetTrailingDirectional StreetSuffix CrossStreetSuffix ApartmentLabel ApartmentLabel2'],
  ['standard', 'ApartmentNumber ApartmentNumber2 AdditionalInputData City StateProvince PostalCode.Base'],
  ['standard', 'PostalCode.AddOn PostalCode PrivateMailbox.Designator PrivateMailbox USUrbanName Country RRHC'],
  ['Postal Data', 'USCarrierRouteCode USBCCheckDigit PostalBarCode DeliveryPointCode GovernmentBuilding USLOTCode'],
  ['Postal Data', 'USCarrierRouteSort USCityDelivery PostalCodeClass PostalFacility PostalCodeUnique'],
  ['Postal Data', 'CityStateRecordName CityPreferredName CityShortName Alternate'],
  ['Range', 'HouseNumberHigh HouseNumberLow HouseNumberParity UnitNumberHigh UnitNumberLow UnitNumberParity'],
  ['Range', 'PostalCodeExtensionHigh PostalCodeExtensionLow'],
  ['Qualifiers', 'AddressLineResolved EWSMatch RecordType.Default Intersection IsAlias LACSAddress'],
  ['standard', 'LocationCode MatchCode'],
  ['Qualifiers', 'RecordType GeoStanMatchScore CountryLevel'],
  ['standard', 'StreetDataType'],
  ['Qualifiers', 'StreetDataCode DatabaseVersion ExpirationDate'],
  ['Segment', 'BlockLeft BlockRight BlockSuffixLeft BlockSuffixRight RoadClass SegmentDirection'],
  ['Segment', 'SegmentHouseNumberHigh SegmentHouseNumberLow SegmentCode SegmentLength SegmentParity PointCode'],
  ['standard', 'Confidence ProcessedBy'],
  ['Auxiliary', 'AuxiliaryData MCDName MCDCode'],
  ['Parcel', 'APN Elevation ElevationMeters ResidentialBusiness AddressType LotSize LotSizeMeters'],
  ['Census', 'TigerFaceID Urbanicity UrbanAreaID UrbanAreaPop IncorpPlaceInd TigerPlace'],
  ['Geo Confidence', 'MECLatitude MECLongitude MECRadius MECRadiusMeters'],
  ['Qualifiers', 'Geocoder.MatchCode'],
  ['standard', 'IsCloseMatch'],
  ['Qualifiers', 'PBKey'],
  ['standard', 'Status Status.Code Status.Description'],
];

const groupOfField: ReadonlyMap<string, Group> = new Map(
  layout.flatMap(([group, names]) => names.split(' ').map((name) => [name, group] as const)),
);

/** What the less obvious fields mean; the others say it by their names. */
const descriptions: Readonly<Record<string, string>> = {
  AddressLine1: 'Standardized address line with its unit',
  Confidence: '0 to 100: how much of the address is as given',
  LastLine: 'City, state and ZIP Code, with two spaces before the ZIP Code',
  Latitude: 'Degrees north, in the format of LatLonFormat',
  Longitude: 'Degrees east, in the format of LatLonFormat',
  LocationCode: 'How exact the position is, such as AP02 for an address point',
  MatchCode: 'What was changed to match, such as S80; E and a number when no address was matched',
  ProcessedBy: 'KGL',
  Status: 'F when there is no position',
  StreetDataType: 'The database that answered',
  DatabaseVersion: 'The vintage that answered',
  StreetSide: 'L or R of the segment, seen from its low end',
};

export const outputFields: readonly FieldDefinition[] = [...groupOfField].map(([name, group]) => ({
  name,
  description: descriptions[name] ?? (group === 'standard' ? `${name} of the answer` : `${name}, group ${group}`),
}));

/** Fields of the groups asked for, all empty. */
export function createEmptyFields(wanted: ReadonlySet<ExtraGroup>): Readonly<Record<string, string>> {
  const names = [...groupOfField].filter(([, group]) => group !== 'standard' && wanted.has(group));
  return Object.freeze(Object.fromEntries(names.map(([name]) => [name, ''])));
}

/** The group of a field that is returned on request only. */
export function findGroup(name: string): ExtraGroup | undefined {
  const group = groupOfField.get(name);
  return group === undefined || group === 'standard' ? undefined : group;
}

export function isExtraGroup(group: (typeof groups)[number]): group is ExtraGroup {
  return group !== 'Latitude/Longitude';
}
