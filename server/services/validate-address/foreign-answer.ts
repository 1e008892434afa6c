import { applyCasing, type ForeignAddress, type ValidationInput } from '../../address/index.ts';
import type { OutputRow } from '../definition.ts';
import type { Presentation } from './presentation.ts';

/** Adds what is told of an address outside the United States only: how far it was checked, and Canadian elements. */
export function addForeign(
  row: OutputRow,
  input: ValidationInput,
  foreign: ForeignAddress,
  wanted: Presentation,
): OutputRow {
  row.CountryLevel = foreign.level;
  if (foreign.country === 'CA' && foreign.language !== undefined) row.AddressFormat = foreign.language;
  if (wanted.blocks) addBlocks(row, foreign);
  if (wanted.elements && foreign.canadianLine !== undefined) addElements(row, foreign, wanted);
  if (wanted.input) addInput(row, input);
  if (wanted.results) addResults(row, foreign);
  return row;
}

function addBlocks(row: OutputRow, { blocks, lastLine }: ForeignAddress): void {
  blocks.slice(0, 9).forEach((line, index) => {
    row[`AddressBlock${index + 1}`] = line;
  });
  if (lastLine !== '') row.LastLine = lastLine;
}

function addElements(row: OutputRow, { canadianLine: line, language }: ForeignAddress, { casing }: Presentation): void {
  if (line === undefined) return;
  const write = (text: string) => (text === '' ? undefined : applyCasing(text, casing));
  row.HouseNumber = write(line.houseNumber);
  row.StreetName = write(line.streetName);
  row.StreetSuffix = write((language === 'F' ? line.type?.french : line.type?.english) ?? '');
  row.TrailingDirectional = line.direction === '' ? undefined : line.direction;
  row.ApartmentLabel = write(line.unitLabel);
  row.ApartmentNumber = write(line.unitNumber);
  row.POBox = write(line.box);
  row.RRHC = line.route === '' ? undefined : `RR ${line.route}`;
  row.CanadianDeliveryInstallationType = write(line.installationType);
  row.CanadianDeliveryInstallationQualifierName = write(line.installationName);
}

function addInput(row: OutputRow, input: ValidationInput): void {
  const fields = [
    ['City.Input', input.city],
    ['StateProvince.Input', input.stateProvince],
    ['PostalCode.Input', input.postalCode],
    ['Country.Input', input.country],
    ['FirmName.Input', input.firmName],
  ] as const;
  for (const [name, text] of fields) if (text !== '') row[name] = text;
}

function addResults(row: OutputRow, foreign: ForeignAddress): void {
  row['City.Result'] = foreign.city.result;
  row['StateProvince.Result'] = foreign.region.result;
  row['PostalCode.Result'] = foreign.postalCode.result;
  row['Country.Result'] = foreign.countryResult;
  if (foreign.firmName !== '') row['FirmName.Result'] = 'P';
  row[foreign.country === 'CA' ? 'StreetName.Result' : 'Street.Result'] = foreign.streetResult;
  row['AddressRecord.Result'] = foreign.recordResult;
}
