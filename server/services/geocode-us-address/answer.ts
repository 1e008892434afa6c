import {
  applyCasing,
  type Casing,
  type CoordinateFormat,
  formatCoordinate,
  formatMatchCode,
  type GeocodedAddress,
  type GeocodeResult,
  listChangedParts,
  locationCodes,
  matchErrors,
  measureAreaConfidence,
  measureConfidence,
  type ParsedAddress,
  plainMatchCodes,
  standardizeMatch,
} from '../../address/index.ts';
import type { Coordinates, Manifest } from '../../reference-data/index.ts';
import type { InputRow, OutputRow } from '../definition.ts';

/** How answers are written, the same for all rows of a call. */
export interface Answering {
  readonly empty: Readonly<Record<string, string>>;
  readonly casing: Casing;
  readonly coordinateFormat: CoordinateFormat;
  /** Between ZIP Code and add-on. */
  readonly separator: '-' | '';
  readonly keepsMultiple: boolean;
  readonly manifest: Manifest;
}

/** The output rows of one input row. */
export function presentResult(
  result: GeocodeResult,
  row: InputRow,
  address: ParsedAddress,
  answering: Answering,
): readonly OutputRow[] {
  switch (result.kind) {
    case 'address':
      return [presentAddress(result, row, address, answering)];
    case 'area':
      return [presentArea(result, row, answering)];
    case 'multiple':
      if (!answering.keepsMultiple) return [presentFailure('unresolved', row, answering)];
      return result.results.map((one) => ({ ...presentAddress(one, row, address, answering), IsCloseMatch: 'Y' }));
    case 'none':
      return [presentFailure(result.error, row, answering)];
  }
}

function presentAddress(
  { match, location, coordinates }: GeocodedAddress,
  row: InputRow,
  address: ParsedAddress,
  answering: Answering,
): OutputRow {
  const { range, postalCode } = match;
  const standard = standardizeMatch(match);
  const cased = (text: string) => applyCasing(text, answering.casing);
  return only(answering.empty, {
    ...place(coordinates, answering),
    ...shared(row, answering),
    ...lastLine(cased(standard.city), standard.stateProvince, standard.postalCode, standard.addOn, answering),
    StreetSide: range?.side ?? '',
    AddressLine1: cased(`${standard.primaryLine} ${standard.secondaryLine}`.trim()),
    StreetName: cased(standard.streetName),
    LeadingDirectional: standard.predirectional,
    HouseNumber: standard.houseNumber,
    TrailingDirectional: standard.postdirectional,
    StreetSuffix: cased(standard.suffix),
    ApartmentLabel: cased(standard.unitDesignator),
    ApartmentNumber: standard.unitNumber,
    RRHC: cased(standard.route),
    AdditionalInputData: match.reading.extraneous.map((text) => cased(text.toUpperCase())).join('; '),
    USFIPSStateCode: postalCode.countyFips.slice(0, 2),
    USFIPSCountyNumber: postalCode.countyFips.slice(2),
    USFIPSStateCountyCode: postalCode.countyFips,
    HouseNumberHigh: range ? String(range.high) : match.houseNumber,
    HouseNumberLow: range ? String(range.low) : match.houseNumber,
    HouseNumberParity: range?.parity ?? (Number.parseInt(match.houseNumber, 10) % 2 === 0 ? 'E' : 'O'),
    LocationCode: locationCodes[location],
    MatchCode: formatMatchCode(listChangedParts(match, address.lastLine)),
    Intersection: 'F',
    RecordType: standard.recordType,
    'RecordType.Default': standard.isDefault ? 'Y' : '',
    CountryLevel: 'A',
    Confidence: String(measureConfidence(match)),
  });
}

function presentArea(result: Extract<GeocodeResult, { kind: 'area' }>, row: InputRow, answering: Answering): OutputRow {
  const { postalCode, street, coordinates, error, location, lastLine: given } = result;
  const cased = (text: string) => applyCasing(text, answering.casing);
  const city = given.city || (postalCode?.cities[0]?.name ?? '');
  const state = postalCode?.stateProvince ?? given.stateProvince;
  return only(answering.empty, {
    ...place(coordinates, answering),
    ...shared(row, answering),
    ...lastLine(cased(city), state, postalCode?.code ?? '', '', answering),
    ...(street && {
      StreetName: cased(street.name),
      LeadingDirectional: street.predirectional,
      TrailingDirectional: street.postdirectional,
      StreetSuffix: cased(street.suffix),
    }),
    USFIPSStateCode: postalCode?.countyFips.slice(0, 2) ?? '',
    USFIPSCountyNumber: postalCode?.countyFips.slice(2) ?? '',
    USFIPSStateCountyCode: postalCode?.countyFips ?? '',
    LocationCode: locationCodes[location],
    MatchCode: error ? matchErrors[error].code : plainMatchCodes.postalCodeOnly,
    Intersection: 'F',
    Confidence: String(measureAreaConfidence(location)),
  });
}

function presentFailure(error: keyof typeof matchErrors, row: InputRow, answering: Answering): OutputRow {
  const { AddressLine1 = '', AddressLine2 = '', City = '', StateProvince = '', PostalCode = '', LastLine = '' } = row;
  return only(answering.empty, {
    ...shared(row, answering),
    AddressLine1,
    AddressLine2,
    LastLine,
    City,
    StateProvince,
    PostalCode,
    LocationCode: locationCodes.none,
    MatchCode: matchErrors[error].code,
    Confidence: '0',
    Status: 'F',
    'Status.Code': 'Failure',
    'Status.Description': matchErrors[error].description,
  });
}

function place(coordinates: Coordinates, { coordinateFormat }: Answering): OutputRow {
  return {
    Latitude: formatCoordinate(coordinates, 'latitude', coordinateFormat),
    Longitude: formatCoordinate(coordinates, 'longitude', coordinateFormat),
  };
}

function shared(row: InputRow, { manifest }: Answering): OutputRow {
  return {
    FirmName: row.FirmName ?? '',
    Country: 'United States of America',
    StreetDataType: manifest.database.toUpperCase(),
    DatabaseVersion: manifest.vintage,
    ProcessedBy: 'KGL',
  };
}

/** City, state and ZIP Code one by one and on one line, two spaces before the ZIP Code. */
function lastLine(city: string, state: string, code: string, addOn: string, { separator }: Answering): OutputRow {
  const postalCode = addOn === '' ? code : `${code}${separator}${addOn}`;
  const area = [city, state].filter((part) => part !== '').join(', ');
  return {
    LastLine: [area, postalCode].filter((part) => part !== '').join('  '),
    City: city,
    StateProvince: state,
    PostalCode: postalCode,
    'PostalCode.Base': code,
    'PostalCode.AddOn': addOn,
  };
}

/** The values of the fields asked for; the others of those stay empty. */
function only(empty: Readonly<Record<string, string>>, values: OutputRow): OutputRow {
  const answer: OutputRow = { ...empty };
  for (const name in values) if (name in answer) answer[name] = values[name];
  return answer;
}
