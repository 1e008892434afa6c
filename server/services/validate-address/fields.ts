import type { FieldDefinition } from '../definition.ts';

function field(name: string, description: string): FieldDefinition {
  return { name, description };
}

export const inputFields: readonly FieldDefinition[] = [
  field('AddressLine1', 'First address line'),
  field('AddressLine2', 'Second address line'),
  field('AddressLine3', 'Third address line; goes to AdditionalInputData when two others are filled'),
  field('AddressLine4', 'Fourth address line; as the third'),
  field('AddressLine5', 'Fifth address line; as the third'),
  field('City', 'City, or city, state and ZIP Code together when the other two are blank'),
  field('StateProvince', 'State, as two letters or as its name'),
  field('PostalCode', 'ZIP Code, ZIP+4 or postal code of another country'),
  field('Country', 'Code or name of the country; blank means HomeCountry'),
  field('FirmName', 'Company'),
  field('USUrbanName', 'Urbanization in Puerto Rico'),
  field('CustomerID', 'Accepted'),
  field('CanLanguage', 'Language of a Canadian address with CanFrenchFormat T: blank English, anything else French'),
];

const recordFields: readonly FieldDefinition[] = [
  field('Confidence', 'How sure the answer is, 0 to 100; 0 for a failure and for several matches'),
  field('AddressFormat', 'E or F: language of a Canadian address'),
  field('RecordType', 'Normal, HighRise, PostOfficeBox, RRHighwayContract or GeneralDelivery'),
  field('RecordType.Default', 'Y when only the default record of a building or route was found'),
  field('CountryLevel', 'What was checked: A streets, B postal codes and cities, C only the rules of the country'),
  field('ProcessedBy', 'USA, CAN or INT'),
  field('MatchScore', 'Typing errors in the street name, 0 to 9; a blank without match'),
  field('MultimatchCount', 'How many addresses fit equally well'),
  field('MultipleMatches', 'Elements in which they differ'),
  field('CouldNotValidate', 'Elements that were not found'),
  field('Status', 'F when the record failed'),
  field('Status.Code', 'Reason of the failure'),
  field('Status.Description', 'The reason in words'),
];

const standardFields: readonly FieldDefinition[] = [
  field('AdditionalInputData', 'Input that is no part of the address'),
  field('AdditionalInputData.Base', 'The part of it that is no address at all'),
  field('AdditionalInputData.Unmatched', 'The part of it that the match replaced or left out'),
  field('FirmName', 'Company'),
  field('AddressLine1', 'First line, standardized'),
  field('AddressLine2', 'Second line'),
  field('AddressLine3', 'Third line, on failure'),
  field('AddressLine4', 'Fourth line, on failure'),
  field('AddressLine5', 'Fifth line, outside the United States'),
  field('USUrbanName', 'Urbanization'),
  ...Array.from({ length: 9 }, (_, index) => field(`AddressBlock${index + 1}`, 'Line of the printable address')),
  field('City', 'Mailing city'),
  field('StateProvince', 'State in two letters'),
  field('PostalCode', 'ZIP Code, with its add-on where known'),
  field('Country', 'Country as OutputCountryFormat says'),
  field('PostalCode.Base', 'Five digits'),
  field('PostalCode.AddOn', 'Four digits'),
  field('PostalCode.Type', 'P only boxes, U one recipient, M military'),
  field('LastLine', 'City, state and ZIP Code'),
];

/** Parsed elements; the same names with `.Input` hold what was sent. */
const elementNames = [
  ['HouseNumber', 'House number'],
  ['LeadingDirectional', 'Direction in front of the street name'],
  ['StreetName', 'Street name'],
  ['StreetSuffix', 'Street suffix'],
  ['TrailingDirectional', 'Direction behind the street'],
  ['ApartmentLabel', 'Unit designator'],
  ['ApartmentNumber', 'Unit number'],
  ['POBox', 'Box number'],
  ['RRHC', 'Rural route or highway contract'],
  ['PrivateMailbox', 'Private mailbox number'],
  ['PrivateMailbox.Type', 'Standard (PMB) or Non-Standard (#)'],
] as const;

const inputElementNames = [
  ...elementNames,
  ['City', 'City'],
  ['StateProvince', 'State'],
  ['PostalCode', 'ZIP Code'],
  ['Country', 'Country'],
  ['FirmName', 'Company'],
  ['USUrbanName', 'Urbanization'],
] as const;

const resultNames = [
  'HouseNumber',
  'LeadingDirectional',
  'StreetName',
  'StreetSuffix',
  'TrailingDirectional',
  'ApartmentLabel',
  'ApartmentNumber',
  'POBox',
  'RRHC',
  'City',
  'StateProvince',
  'PostalCode',
  'Country',
  'FirmName',
  'USUrbanName',
] as const;

/** Fields of data that only its owner licenses: null, the published value for what was not processed. */
const unlicensedNames = [
  ['DPV', 'licensed delivery point data'],
  ['CMRA', 'licensed delivery point data'],
  ['DPVFootnote', 'licensed delivery point data'],
  ['DPVVacant', 'licensed delivery point data'],
  ['DPVNoStat', 'licensed delivery point data'],
  ['RDI', 'licensed residential data'],
  ['USLACS', 'licensed conversion data'],
  ['USLACS.ReturnCode', 'licensed conversion data'],
  ['SuiteLinkReturnCode', 'licensed suite data'],
  ['SuiteLinkMatchCode', 'licensed suite data'],
  ['SuiteLinkFidelity', 'licensed suite data'],
  ['USLOTCode', 'licensed line-of-travel data'],
  ['USLOTHex', 'licensed line-of-travel data'],
  ['USLOTSequence', 'licensed line-of-travel data'],
  ['USCarrierRouteCode', 'the licensed ZIP+4 file'],
  ['USCongressionalDistrict', 'the licensed ZIP+4 file'],
  ['USFinanceNumber', 'the licensed City State file'],
  ['USLastLineNumber', 'the licensed City State file'],
  ['USAltAddr', 'the licensed ZIP+4 file'],
  ['PostalCode.Source', 'the licensed City State file'],
] as const;

export const outputFields: readonly FieldDefinition[] = [
  ...recordFields,
  ...standardFields,
  ...elementNames.map(([name, description]) => field(name, description)),
  ...inputElementNames.map(([name, description]) => field(`${name}.Input`, `${description} as sent`)),
  ...resultNames.map((name) => field(`${name}.Result`, `What became of ${name}`)),
  field('CanadianDeliveryInstallationType', 'Kind of postal station in Canada, such as STN'),
  field('CanadianDeliveryInstallationQualifierName', 'Name of the postal station in Canada'),
  field('AddressRecord.Result', 'Outside the United States: V confirmed, S confirmed and changed, U not confirmed'),
  field('Street.Result', 'Outside the United States and Canada: P passed through'),
  field('RRHC.Type', 'RR or HC'),
  field('StreetName.Alias.Type', 'Of a street name sent that is an alias: Abbreviated, Changed, Other or Preferred'),
  field(
    'StreetName.PreferredAlias.Result',
    'With OutputPreferredAlias: Y returned, N there is none, A an alias was sent',
  ),
  field(
    'StreetName.AbbreviatedAlias.Result',
    'With OutputAbbreviatedAlias: Y returned, N there is none, L the line is short',
  ),
  field('USCountyName', 'County'),
  field('USFIPSCountyNumber', 'County number within the state, three digits'),
  field('PostalBarCode', 'Two delivery point digits, where a ZIP+4 is known'),
  field('USBCCheckDigit', 'Check digit of ZIP+4 and delivery point'),
  ...unlicensedNames.map(([name, data]) => field(name, `Never returned, as for "not processed": needs ${data}`)),
];
