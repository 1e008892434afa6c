import {
  applyCasing,
  formatCoordinate,
  formatCrossingCode,
  formatStreet,
  type Intersection,
  locationCodes,
  measureAreaConfidence,
  type ParsedAddress,
} from '../../address/index.ts';
import { normalizeCity, type PostalCodeRecord, type StreetRecord } from '../../reference-data/index.ts';
import type { InputRow, OutputRow } from '../definition.ts';
import { type Answering, finish, joinLastLine, toCensus, toQualifiers } from './answer-groups.ts';
import { type AnswerParts, noParts } from './output-row.ts';

/** Where two streets meet: both names, no house number. */
export function presentIntersection(
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
