import {
  applyCasing,
  findCheckDigit,
  findDeliveryPoint,
  formatAddressBlocks,
  formatLastLine,
  listInputParts,
  listResultCodes,
  type ResultCodes,
  recase,
  type ValidatedAddress,
  type ValidationInput,
} from '../../address/index.ts';
import type { OutputRow } from '../definition.ts';
import { addForeign } from './foreign-answer.ts';
import type { Presentation } from './presentation.ts';

/** One answer in published names. */
export function presentAddress(input: ValidationInput, address: ValidatedAddress, wanted: Presentation): OutputRow {
  const { failure } = address;
  const showsAddress = wanted.standard || failure !== undefined;
  const row = presentRecord(
    address,
    showsAddress || wanted.elements ? address : noPlace,
    showsAddress ? address.addressLines : noLines,
    wanted.separator,
  );
  if (failure !== undefined) {
    row.Status = 'F';
    row['Status.Code'] = failure.code;
    row['Status.Description'] = failure.description;
    if (address.couldNotValidate.length > 0) row.CouldNotValidate = address.couldNotValidate.join(',');
  }
  if (address.multimatchCount > 1) {
    row.MultimatchCount = String(address.multimatchCount);
    row.MultipleMatches = address.multipleMatches.join(',');
  }
  if (address.foreign !== undefined) return addForeign(row, input, address.foreign, wanted);
  if (wanted.blocks) addBlocks(row, address);
  if (wanted.elements) addElements(row, address, wanted);
  if (wanted.input) addInput(row, input, address);
  if (wanted.postal) addPostal(row, address);
  if (wanted.results) addResults(row, input, address);
  return row;
}

const processedBy = { unitedStates: 'USA', canada: 'CAN', other: 'INT' } as const;
const postalCodeTypes = { standard: undefined, poBox: 'P', unique: 'U', military: 'M' } as const;

type Place = Pick<
  ValidatedAddress,
  | 'additionalInputData'
  | 'firmName'
  | 'urbanization'
  | 'city'
  | 'stateProvince'
  | 'postalCode'
  | 'addOn'
  | 'country'
  | 'standard'
  | 'match'
>;

const noLines: readonly string[] = [];
const noPlace: Place = {
  additionalInputData: '',
  firmName: '',
  urbanization: '',
  city: '',
  stateProvince: '',
  postalCode: '',
  addOn: '',
  country: '',
  standard: undefined,
  match: undefined,
};

/**
 * What every answer has, in published order: first of the record, then what the standard address and the parsed
 * elements share. One literal, because an object that grows field by field is copied again and again.
 */
function presentRecord(
  { standard, confidence, countryKind, matchScore }: ValidatedAddress,
  place: Place,
  lines: readonly string[],
  separator: string,
): OutputRow {
  const { addOn } = place;
  const isMatched = place.standard !== undefined;
  const row: OutputRow = {
    Confidence: String(confidence),
    RecordType: standard?.recordType,
    'RecordType.Default': standard?.isDefault ? 'Y' : undefined,
    CountryLevel: countryKind === 'unitedStates' ? 'A' : undefined,
    ProcessedBy: processedBy[countryKind],
    MatchScore: matchScore === undefined ? ' ' : String(matchScore),
    AdditionalInputData: filled(place.additionalInputData),
    FirmName: filled(place.firmName),
    AddressLine1: filled(lines[0]),
    AddressLine2: filled(lines[1]),
    AddressLine3: filled(lines[2]),
    AddressLine4: filled(lines[3]),
    USUrbanName: filled(place.urbanization),
    City: filled(place.city),
    StateProvince: filled(place.stateProvince),
    PostalCode: filled(addOn === '' ? place.postalCode : place.postalCode + separator + addOn),
    Country: filled(place.country),
    'PostalCode.Base': place.standard?.postalCode,
    'PostalCode.AddOn': isMatched ? filled(addOn) : undefined,
    'PostalCode.Type': isMatched ? postalCodeTypes[place.match?.postalCode.kind ?? 'standard'] : undefined,
  };
  if (lines.length > 4) row.AddressLine5 = filled(lines[4]);
  return row;
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function addBlocks(row: OutputRow, address: ValidatedAddress): void {
  formatAddressBlocks(address).forEach((line, index) => {
    row[`AddressBlock${index + 1}`] = line;
  });
  row.LastLine = filled(formatLastLine(address));
}

function addElements(row: OutputRow, address: ValidatedAddress, { casing }: Presentation): void {
  const { standard, reading, failure, match } = address;
  if (standard === undefined || failure !== undefined) return;
  row['AdditionalInputData.Base'] = filled(reading?.extraneous.map((text) => recase(text, casing)).join('; '));
  const unmatched = [reading?.dropped ?? '', match?.difference.name === 'changed' ? match.line.name : ''];
  row['AdditionalInputData.Unmatched'] = filled(
    applyCasing(unmatched.filter((text) => text !== '').join('; '), casing),
  );
  row.HouseNumber = filled(standard.houseNumber);
  row.LeadingDirectional = filled(standard.predirectional);
  row.StreetName = filled(applyCasing(standard.streetName, casing));
  row.StreetSuffix = filled(applyCasing(standard.suffix, casing));
  row.TrailingDirectional = filled(standard.postdirectional);
  row.ApartmentLabel = filled(applyCasing(standard.unitDesignator, casing));
  row.ApartmentNumber = filled(standard.unitNumber);
  row.POBox = filled(standard.poBox);
  row.RRHC = filled(standard.route);
  row.PrivateMailbox = filled(reading?.delivery.privateMailbox);
  if (row.PrivateMailbox !== undefined) row['PrivateMailbox.Type'] = mailboxType(reading);
}

function mailboxType(reading: ValidatedAddress['reading']): string {
  return reading?.delivery.privateMailboxMark === '#' ? 'Non-Standard' : 'Standard';
}

function addInput(row: OutputRow, input: ValidationInput, { reading }: ValidatedAddress): void {
  const parts = listInputParts(reading);
  row['HouseNumber.Input'] = filled(parts.houseNumber);
  row['LeadingDirectional.Input'] = filled(parts.leadingDirectional);
  row['StreetName.Input'] = filled(parts.streetName);
  row['StreetSuffix.Input'] = filled(parts.streetSuffix);
  row['TrailingDirectional.Input'] = filled(parts.trailingDirectional);
  row['ApartmentLabel.Input'] = filled(parts.apartmentLabel);
  row['ApartmentNumber.Input'] = filled(parts.apartmentNumber);
  row['POBox.Input'] = filled(parts.poBox);
  row['RRHC.Input'] = filled(parts.route);
  row['PrivateMailbox.Input'] = filled(parts.privateMailbox);
  if (parts.privateMailbox !== '') row['PrivateMailbox.Type.Input'] = mailboxType(reading);
  row['City.Input'] = filled(input.city);
  row['StateProvince.Input'] = filled(input.stateProvince);
  row['PostalCode.Input'] = filled(input.postalCode);
  row['Country.Input'] = filled(input.country);
  row['FirmName.Input'] = filled(input.firmName);
  row['USUrbanName.Input'] = filled(input.urbanization);
}

function addPostal(row: OutputRow, { match, standard }: ValidatedAddress): void {
  if (match === undefined || standard === undefined) return;
  const deliveryPoint = findDeliveryPoint(standard);
  if (deliveryPoint !== undefined) {
    row.PostalBarCode = deliveryPoint;
    row.USBCCheckDigit = findCheckDigit(standard, deliveryPoint);
  }
  row.USCountyName = filled(match.postalCode.countyName);
  row.USFIPSCountyNumber = filled(match.postalCode.countyFips.slice(2));
}

const resultFields: readonly (readonly [keyof ResultCodes, string])[] = [
  ['houseNumber', 'HouseNumber.Result'],
  ['leadingDirectional', 'LeadingDirectional.Result'],
  ['streetName', 'StreetName.Result'],
  ['streetSuffix', 'StreetSuffix.Result'],
  ['trailingDirectional', 'TrailingDirectional.Result'],
  ['apartmentLabel', 'ApartmentLabel.Result'],
  ['apartmentNumber', 'ApartmentNumber.Result'],
  ['poBox', 'POBox.Result'],
  ['route', 'RRHC.Result'],
  ['city', 'City.Result'],
  ['stateProvince', 'StateProvince.Result'],
  ['postalCode', 'PostalCode.Result'],
  ['country', 'Country.Result'],
  ['firmName', 'FirmName.Result'],
  ['urbanization', 'USUrbanName.Result'],
];

function addResults(row: OutputRow, input: ValidationInput, address: ValidatedAddress): void {
  const codes = listResultCodes(input, address);
  for (const [element, name] of resultFields) row[name] = codes[element];
  addNaming(row, address);
  if (address.standard?.recordType === 'RRHighwayContract') row['RRHC.Type'] = address.standard.route.slice(0, 2);
}

const aliasTypes = { A: 'Abbreviated', C: 'Changed', O: 'Other', P: 'Preferred' } as const;

/** What was made of the street's names (addressing reference 1.12). */
function addNaming(row: OutputRow, { match }: ValidatedAddress): void {
  const { naming } = match ?? {};
  if (naming === undefined) return;
  row['StreetName.Alias.Type'] = naming.aliasType && aliasTypes[naming.aliasType];
  row['StreetName.PreferredAlias.Result'] = naming.preferred;
  row['StreetName.AbbreviatedAlias.Result'] = naming.abbreviated;
}
