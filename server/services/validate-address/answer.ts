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
  const row = presentRecord(address);
  const showsAddress = wanted.standard || failure !== undefined;
  if (showsAddress) addLines(row, address);
  if (showsAddress || wanted.elements) addPlace(row, address, wanted.separator);
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

function presentRecord({ standard, confidence, countryKind, matchScore }: ValidatedAddress): OutputRow {
  return {
    Confidence: String(confidence),
    RecordType: standard?.recordType,
    'RecordType.Default': standard?.isDefault ? 'Y' : undefined,
    CountryLevel: countryKind === 'unitedStates' ? 'A' : undefined,
    ProcessedBy: processedBy[countryKind],
    MatchScore: matchScore === undefined ? ' ' : String(matchScore),
  };
}

function addLines(row: OutputRow, { addressLines }: ValidatedAddress): void {
  row.AddressLine1 = filled(addressLines[0]);
  row.AddressLine2 = filled(addressLines[1]);
  row.AddressLine3 = filled(addressLines[2]);
  row.AddressLine4 = filled(addressLines[3]);
  if (addressLines.length > 4) row.AddressLine5 = filled(addressLines[4]);
}

/** What the standard address and the parsed elements share. */
function addPlace(row: OutputRow, address: ValidatedAddress, separator: string): void {
  const { standard, addOn } = address;
  row.AdditionalInputData = filled(address.additionalInputData);
  row.FirmName = filled(address.firmName);
  row.USUrbanName = filled(address.urbanization);
  row.City = filled(address.city);
  row.StateProvince = filled(address.stateProvince);
  row.PostalCode = filled(addOn === '' ? address.postalCode : address.postalCode + separator + addOn);
  row.Country = filled(address.country);
  if (standard === undefined) return;
  row['PostalCode.Base'] = standard.postalCode;
  row['PostalCode.AddOn'] = filled(addOn);
  row['PostalCode.Type'] = postalCodeTypes[address.match?.postalCode.kind ?? 'standard'];
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
