import {
  applyCasing,
  applyCasingToName,
  formatCoordinate,
  formatMatchCode,
  formatPrecisionCode,
  formatPrimaryLine,
  type GeocodedAddress,
  type GeocodeResult,
  listChangedParts,
  locationCodes,
  matchErrors,
  measureAreaConfidence,
  measureConfidence,
  type ParsedAddress,
  plainMatchCodes,
  recase,
  standardizeMatch,
} from '../../address/index.ts';
import type { InputRow, OutputRow } from '../definition.ts';
import {
  type Answering,
  finish,
  joinLastLine,
  joinPostalCode,
  parityOf,
  toCensus,
  toPostalData,
  toQualifiers,
  toSegment,
} from './answer-groups.ts';
import { presentIntersection } from './intersection-answer.ts';
import { type AnswerParts, noParts } from './output-row.ts';

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
  const changed = listChangedParts(match, address.lastLine);
  const isNumberSame = match.houseNumber === match.line.houseNumber;
  const city = applyCasingToName(standard.city, casing);
  const { secondaryLine, addOn } = standard;
  const line = formatPrimaryLine(standard, casing);
  const postalCode = joinPostalCode(standard.postalCode, addOn, separator);
  const { extraneous } = match.reading;
  const parts: AnswerParts = {
    latitude: formatCoordinate(coordinates, 'latitude', coordinateFormat),
    longitude: formatCoordinate(coordinates, 'longitude', coordinateFormat),
    streetSide: range?.side ?? '',
    firmName: row.FirmName ?? '',
    addressLine1: secondaryLine === '' ? line : `${line} ${applyCasing(secondaryLine, casing)}`,
    addressLine2: '',
    lastLine: joinLastLine(city, standard.stateProvince, postalCode),
    streetName: applyCasingToName(standard.streetName, casing),
    leadingDirectional: standard.predirectional,
    houseNumber: standard.houseNumber,
    trailingDirectional: standard.postdirectional,
    streetSuffix: applyCasingToName(standard.suffix, casing),
    apartmentLabel: applyCasing(standard.unitDesignator, casing),
    apartmentNumber: standard.unitNumber,
    additionalInputData:
      extraneous.length === 0 ? '' : extraneous.map((text) => applyCasing(text.toUpperCase(), casing)).join('; '),
    city,
    stateProvince: standard.stateProvince,
    postalCodeBase: standard.postalCode,
    postalCodeAddOn: addOn,
    postalCode,
    rrhc: applyCasing(standard.route, casing),
    locationCode: locationCodes[location],
    matchCode: formatMatchCode(changed, match.street.alias !== undefined),
    confidence: String(measureConfidence(match)),
    isCloseMatch,
    status: '',
    statusCode: '',
    statusDescription: '',
  };
  const answer = finish(parts, answering, () => ({
    Census: toCensus(match.postalCode),
    Range: {
      HouseNumberHigh: range ? String(range.high) : match.houseNumber,
      HouseNumberLow: range ? String(range.low) : match.houseNumber,
      HouseNumberParity: range?.parity ?? parityOf(match.houseNumber),
      UnitNumberHigh: match.unit === 'matched' ? standard.unitNumber : '',
      UnitNumberLow: match.unit === 'matched' ? standard.unitNumber : '',
      PostalCodeExtensionHigh: addOn,
      PostalCodeExtensionLow: addOn,
    },
    Segment: toSegment(range),
    'Postal Data': toPostalData(match.postalCode, standard),
    Qualifiers: {
      ...toQualifiers(answering),
      RecordType: standard.recordType,
      'RecordType.Default': standard.isDefault ? 'Y' : '',
      IsAlias: match.street.alias === undefined ? '' : 'Y',
      'Geocoder.MatchCode': formatPrecisionCode(location === 'point' ? 'S8' : 'S5', changed, isNumberSame),
    },
  }));
  const { delivery } = match.reading;
  const urbanization = match.street.urbanization ?? match.reading.urbanization;
  if (delivery.privateMailbox !== '') {
    answer.PrivateMailbox = delivery.privateMailbox;
    answer['PrivateMailbox.Designator'] = delivery.privateMailboxMark;
  }
  if (urbanization !== undefined) answer.USUrbanName = recase(urbanization, casing);
  return answer;
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
