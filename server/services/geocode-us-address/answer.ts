import {
  applyCasing,
  type Casing,
  type CoordinateFormat,
  formatCoordinate,
  formatCrossingCode,
  formatMatchCode,
  formatStreet,
  type GeocodedAddress,
  type GeocodeResult,
  type Intersection,
  listChangedParts,
  locationCodes,
  matchErrors,
  measureAreaConfidence,
  measureConfidence,
  type ParsedAddress,
  plainMatchCodes,
  standardizeMatch,
} from '../../address/index.ts';
import { normalizeCity, type PostalCodeRecord, type StreetRecord } from '../../reference-data/index.ts';
import type { InputRow, OutputRow } from '../definition.ts';
import type { ExtraGroup } from './fields.ts';
import { type AnswerParts, addGroups, type ExtraValues, noParts, toStandardRow } from './output-row.ts';

/** How answers are written, the same for all rows of a call. */
export interface Answering {
  readonly groups: ReadonlySet<ExtraGroup>;
  readonly emptyFields: Readonly<Record<string, string>>;
  readonly casing: Casing;
  readonly coordinateFormat: CoordinateFormat;
  /** Between ZIP Code and add-on. */
  readonly separator: '-' | '';
  readonly keepsMultiple: boolean;
  readonly database: string;
  readonly vintage: string;
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
      return [presentAddress(result, row, address, answering, '')];
    case 'area':
      return [presentArea(result, row, answering)];
    case 'multiple':
      if (!answering.keepsMultiple) return [presentFailure('unresolved', row, answering)];
      return result.results.map((one) => presentAddress(one, row, address, answering, 'Y'));
    case 'intersection': {
      const { intersections } = result;
      const crossings = intersections.map((one) => presentIntersection(one, row, address, answering));
      return crossings.length === 1 || answering.keepsMultiple
        ? crossings
        : [presentFailure('unresolved', row, answering)];
    }
    case 'none':
      return [presentFailure(result.error, row, answering)];
  }
}

function presentAddress(
  { match, location, coordinates }: GeocodedAddress,
  row: InputRow,
  address: ParsedAddress,
  answering: Answering,
  isCloseMatch: 'Y' | '',
): OutputRow {
  const { casing, coordinateFormat, separator } = answering;
  const { range } = match;
  const standard = standardizeMatch(match);
  const city = applyCasing(standard.city, casing);
  const { secondaryLine, addOn } = standard;
  const line = secondaryLine === '' ? standard.primaryLine : `${standard.primaryLine} ${secondaryLine}`;
  const postalCode = joinPostalCode(standard.postalCode, addOn, separator);
  const { extraneous } = match.reading;
  const parts: AnswerParts = {
    latitude: formatCoordinate(coordinates, 'latitude', coordinateFormat),
    longitude: formatCoordinate(coordinates, 'longitude', coordinateFormat),
    streetSide: range?.side ?? '',
    firmName: row.FirmName ?? '',
    addressLine1: applyCasing(line, casing),
    addressLine2: '',
    lastLine: joinLastLine(city, standard.stateProvince, postalCode),
    streetName: applyCasing(standard.streetName, casing),
    leadingDirectional: standard.predirectional,
    houseNumber: standard.houseNumber,
    trailingDirectional: standard.postdirectional,
    streetSuffix: applyCasing(standard.suffix, casing),
    apartmentLabel: applyCasing(standard.unitDesignator, casing),
    apartmentNumber: standard.unitNumber,
    additionalInputData: extraneous.map((text) => applyCasing(text.toUpperCase(), casing)).join('; '),
    city,
    stateProvince: standard.stateProvince,
    postalCodeBase: standard.postalCode,
    postalCodeAddOn: addOn,
    postalCode,
    rrhc: applyCasing(standard.route, casing),
    locationCode: locationCodes[location],
    matchCode: formatMatchCode(listChangedParts(match, address.lastLine)),
    confidence: String(measureConfidence(match)),
    isCloseMatch,
    status: '',
    statusCode: '',
    statusDescription: '',
  };
  return finish(parts, answering, () => ({
    Census: toCensus(match.postalCode),
    Range: {
      HouseNumberHigh: range ? String(range.high) : match.houseNumber,
      HouseNumberLow: range ? String(range.low) : match.houseNumber,
      HouseNumberParity: range?.parity ?? parityOf(match.houseNumber),
    },
    Qualifiers: {
      ...toQualifiers(answering),
      RecordType: standard.recordType,
      'RecordType.Default': standard.isDefault ? 'Y' : '',
    },
  }));
}

function presentArea(result: Extract<GeocodeResult, { kind: 'area' }>, row: InputRow, answering: Answering): OutputRow {
  const { postalCode, street, coordinates, error, location, lastLine: given } = result;
  const cased = (text: string) => applyCasing(text, answering.casing);
  const city = cased(given.city || (postalCode?.cities[0]?.name ?? ''));
  const stateProvince = postalCode?.stateProvince ?? given.stateProvince;
  const code = postalCode?.code ?? '';
  const parts: AnswerParts = {
    ...noParts,
    latitude: formatCoordinate(coordinates, 'latitude', answering.coordinateFormat),
    longitude: formatCoordinate(coordinates, 'longitude', answering.coordinateFormat),
    firmName: row.FirmName ?? '',
    lastLine: joinLastLine(city, stateProvince, code),
    streetName: cased(street?.name ?? ''),
    leadingDirectional: street?.predirectional ?? '',
    trailingDirectional: street?.postdirectional ?? '',
    streetSuffix: cased(street?.suffix ?? ''),
    city,
    stateProvince,
    postalCodeBase: code,
    postalCode: code,
    locationCode: locationCodes[location],
    matchCode: error ? matchErrors[error].code : plainMatchCodes.postalCodeOnly,
    confidence: String(measureAreaConfidence(location)),
  };
  return finish(parts, answering, () => ({ Census: toCensus(postalCode), Qualifiers: toQualifiers(answering) }));
}

/** Where two streets meet: both names, no house number. */
function presentIntersection(
  { street, crossStreet, postalCode, coordinates, changed }: Intersection,
  row: InputRow,
  { lastLine: given }: ParsedAddress,
  answering: Answering,
): OutputRow {
  const cased = (text: string) => applyCasing(text, answering.casing);
  const city = cased(street.city || (postalCode.cities[0]?.name ?? ''));
  const lastLine = {
    postalCode: given.postalCode !== postalCode.code,
    city: given.city === '' || !isCityOf(postalCode, given.city),
    stateProvince: given.stateProvince !== postalCode.stateProvince,
    addOn: false,
  };
  const parts: AnswerParts = {
    ...noParts,
    latitude: formatCoordinate(coordinates, 'latitude', answering.coordinateFormat),
    longitude: formatCoordinate(coordinates, 'longitude', answering.coordinateFormat),
    firmName: row.FirmName ?? '',
    addressLine1: cased(`${formatStreetName(street)} & ${formatStreetName(crossStreet)}`),
    lastLine: joinLastLine(city, postalCode.stateProvince, postalCode.code),
    streetName: cased(street.name),
    leadingDirectional: street.predirectional,
    trailingDirectional: street.postdirectional,
    streetSuffix: cased(street.suffix),
    city,
    stateProvince: postalCode.stateProvince,
    postalCodeBase: postalCode.code,
    postalCode: postalCode.code,
    locationCode: locationCodes.intersection,
    matchCode: formatCrossingCode(lastLine, changed.street, changed.crossStreet),
    confidence: String(measureAreaConfidence('intersection')),
  };
  const answer = finish(parts, answering, () => ({
    Census: toCensus(postalCode),
    Qualifiers: { ...toQualifiers(answering), Intersection: 'T' },
  }));
  answer.CrossStreetName = cased(crossStreet.name);
  answer.CrossStreetLeadingDirectional = crossStreet.predirectional;
  answer.CrossStreetTrailingDirectional = crossStreet.postdirectional;
  answer.CrossStreetSuffix = cased(crossStreet.suffix);
  return answer;
}

function isCityOf({ cities }: PostalCodeRecord, city: string): boolean {
  const wanted = normalizeCity(city);
  return cities.some(({ name }) => normalizeCity(name) === wanted);
}

function formatStreetName(street: StreetRecord): string {
  return formatStreet({ ...street, houseNumber: '', unitDesignator: '', unitNumber: '', outerUnit: '' });
}

function presentFailure(error: keyof typeof matchErrors, row: InputRow, answering: Answering): OutputRow {
  const parts: AnswerParts = {
    ...noParts,
    firmName: row.FirmName ?? '',
    addressLine1: row.AddressLine1 ?? '',
    addressLine2: row.AddressLine2 ?? '',
    lastLine: row.LastLine ?? '',
    city: row.City ?? '',
    stateProvince: row.StateProvince ?? '',
    postalCode: row.PostalCode ?? '',
    locationCode: locationCodes.none,
    matchCode: matchErrors[error].code,
    confidence: '0',
    status: 'F',
    statusCode: 'Failure',
    statusDescription: matchErrors[error].description,
  };
  return finish(parts, answering, () => ({ Qualifiers: toQualifiers(answering) }));
}

function finish(parts: AnswerParts, answering: Answering, listExtras: () => ExtraValues): OutputRow {
  const row = toStandardRow(parts, answering.database);
  if (answering.groups.size === 0) return row;
  return addGroups(row, answering.emptyFields, answering.groups, listExtras());
}

function toCensus(postalCode: PostalCodeRecord | undefined): OutputRow {
  const fips = postalCode?.countyFips ?? '';
  return { USFIPSStateCode: fips.slice(0, 2), USFIPSCountyNumber: fips.slice(2), USFIPSStateCountyCode: fips };
}

function toQualifiers({ vintage }: Answering): OutputRow {
  return { DatabaseVersion: vintage, Intersection: 'F', CountryLevel: 'A' };
}

function parityOf(houseNumber: string): 'E' | 'O' | '' {
  const number = Number.parseInt(houseNumber, 10);
  return Number.isNaN(number) ? '' : number % 2 === 0 ? 'E' : 'O';
}

function joinPostalCode(code: string, addOn: string, separator: '-' | ''): string {
  return addOn === '' ? code : `${code}${separator}${addOn}`;
}

/** City, state and ZIP Code on one line, two spaces before the ZIP Code. */
function joinLastLine(city: string, stateProvince: string, postalCode: string): string {
  const area = city === '' || stateProvince === '' ? `${city}${stateProvince}` : `${city}, ${stateProvince}`;
  return area === '' || postalCode === '' ? `${area}${postalCode}` : `${area}  ${postalCode}`;
}
