import {
  type Casing,
  type CoordinateFormat,
  findCheckDigit,
  findDeliveryPoint,
  lengthMeters,
  type StandardAddress,
  toFeet,
} from '../../address/index.ts';
import type { AddressRangeRecord, PostalCodeRecord } from '../../reference-data/index.ts';
import type { OutputRow } from '../definition.ts';
import { type ExtraGroup, findGroup } from './fields.ts';
import { type AnswerParts, addGroups, type ExtraValues, toStandardRow } from './output-row.ts';

/** How answers are written, the same for all rows of a call. */
export interface Answering {
  readonly groups: ReadonlySet<ExtraGroup>;
  readonly emptyFields: Readonly<Record<string, string>>;
  readonly casing: Casing;
  readonly coordinateFormat: CoordinateFormat;
  /** Between ZIP Code and add-on. */
  readonly separator: '-' | '';
  readonly keepsMultiple: boolean;
  /** Single fields asked for beside the groups of the record type. */
  readonly fields: ReadonlySet<string>;
  readonly wholeGroups: ReadonlySet<ExtraGroup>;
  readonly database: string;
  readonly vintage: string;
}

export function finish(parts: AnswerParts, answering: Answering, listExtras: () => ExtraValues): OutputRow {
  const row = toStandardRow(parts, answering.database);
  if (answering.groups.size === 0) return row;
  const all = addGroups(row, answering.emptyFields, answering.groups, listExtras());
  if (answering.groups.size === answering.wholeGroups.size) return all;
  // Of a group that only a single field was asked of, the rest goes again.
  for (const name of Object.keys(answering.emptyFields)) {
    const group = findGroup(name);
    if (group !== undefined && !answering.wholeGroups.has(group) && !answering.fields.has(name)) delete all[name];
  }
  return all;
}

export function toCensus(postalCode: PostalCodeRecord | undefined): OutputRow {
  const fips = postalCode?.countyFips ?? '';
  return { USFIPSStateCode: fips.slice(0, 2), USFIPSCountyNumber: fips.slice(2), USFIPSStateCountyCode: fips };
}

export function toSegment(range: AddressRangeRecord | undefined): OutputRow {
  if (range === undefined) return {};
  return {
    SegmentHouseNumberHigh: String(range.high),
    SegmentHouseNumberLow: String(range.low),
    SegmentParity: range.parity,
    SegmentLength: toFeet(lengthMeters(range.shape)).toFixed(0),
  };
}

export function toPostalData(postalCode: PostalCodeRecord, standard: StandardAddress): OutputRow {
  const deliveryPoint = findDeliveryPoint(standard);
  return {
    PostalBarCode: deliveryPoint ?? '',
    USBCCheckDigit: deliveryPoint === undefined ? '' : findCheckDigit(standard, deliveryPoint),
    PostalCodeUnique: postalCode.kind === 'unique' ? 'Y' : 'N',
    CityPreferredName: postalCode.cities[0]?.name ?? '',
  };
}

export function toQualifiers({ vintage }: Answering): OutputRow {
  return { DatabaseVersion: vintage, Intersection: 'F', CountryLevel: 'A' };
}

export function parityOf(houseNumber: string): 'E' | 'O' | '' {
  const number = Number.parseInt(houseNumber, 10);
  return Number.isNaN(number) ? '' : number % 2 === 0 ? 'E' : 'O';
}

export function joinPostalCode(code: string, addOn: string, separator: '-' | ''): string {
  return addOn === '' ? code : `${code}${separator}${addOn}`;
}

/** City, state and ZIP Code on one line, two spaces before the ZIP Code. */
export function joinLastLine(city: string, stateProvince: string, postalCode: string): string {
  const area = city === '' || stateProvince === '' ? `${city}${stateProvince}` : `${city}, ${stateProvince}`;
  return area === '' || postalCode === '' ? `${area}${postalCode}` : `${area}  ${postalCode}`;
}
