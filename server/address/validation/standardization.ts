import { applyCasing, applyCasingToName, type Casing } from '../formatting/casing.ts';
import { formatService, formatUnit, joinParts } from '../parsing/dual-address.ts';
import type { AddressMatch } from './address-match.ts';

/** Kind of database record that a match belongs to (addressing reference 1.11). */
export type RecordType =
  | 'FirmRecord'
  | 'Normal'
  | 'HighRise'
  | 'PostOfficeBox'
  | 'RRHighwayContract'
  | 'GeneralDelivery';

/** A matched address in Publication 28 form, all upper case; missing parts are empty. */
export interface StandardAddress {
  readonly recordType: RecordType;
  /** Whether only the default record of a building or route was found. */
  readonly isDefault: boolean;
  readonly houseNumber: string;
  readonly predirectional: string;
  readonly streetName: string;
  readonly suffix: string;
  readonly postdirectional: string;
  readonly unitDesignator: string;
  readonly unitNumber: string;
  readonly poBox: string;
  /** `RR 2`, `HC 72`, `PSC 802`. */
  readonly route: string;
  /** Street or box line without unit. */
  readonly primaryLine: string;
  /** Units only. */
  readonly secondaryLine: string;
  readonly city: string;
  readonly stateProvince: string;
  readonly postalCode: string;
  readonly addOn: string;
}

/** Writes a match down in standard form. */
export function standardizeMatch(match: AddressMatch): StandardAddress {
  return match.reading.delivery.service === undefined ? standardizeStreetMatch(match) : standardizeServiceMatch(match);
}

function standardizeStreetMatch(match: AddressMatch): StandardAddress {
  const { street, houseNumber, point, line, unit } = match;
  const isFirm = match.firm?.kind === 'matched';
  const isKnownUnit = unit === 'matched' && point !== undefined;
  // A sender's `APT 5` says more than a data record's `# 5`.
  const keepsDesignator = !isKnownUnit || (point.unitDesignator === '#' && line.unitDesignator !== '');
  const unitDesignator = keepsDesignator ? line.unitDesignator : point.unitDesignator;
  const unitNumber = isKnownUnit ? point.unitNumber : line.unitNumber;
  const { predirectional, name, suffix, postdirectional } = street;
  return {
    recordType: isFirm ? 'FirmRecord' : unit === 'none' || unit === 'unchecked' ? 'Normal' : 'HighRise',
    isDefault: !isFirm && (unit === 'missing' || unit === 'unknown'),
    houseNumber,
    predirectional,
    streetName: name,
    suffix,
    postdirectional,
    unitDesignator,
    unitNumber,
    poBox: '',
    route: '',
    primaryLine: joinParts(houseNumber, predirectional, name, suffix, postdirectional),
    secondaryLine:
      unitDesignator === '' && line.outerUnit === '' ? '' : formatUnit(line.outerUnit, unitDesignator, unitNumber),
    city: match.city,
    stateProvince: match.postalCode.stateProvince,
    postalCode: match.postalCode.code,
    addOn: point?.addOn ?? match.range?.addOn ?? '',
  };
}

function standardizeServiceMatch(match: AddressMatch): StandardAddress {
  const { service } = match.reading.delivery;
  const kind = service?.kind ?? 'poBox';
  return {
    recordType: recordTypes[kind],
    isDefault: match.houseNumber === '' && (kind === 'ruralRoute' || kind === 'highwayContract'),
    houseNumber: '',
    predirectional: '',
    streetName: '',
    suffix: '',
    postdirectional: '',
    unitDesignator: '',
    unitNumber: '',
    poBox: match.houseNumber,
    route: kind === 'poBox' || kind === 'generalDelivery' ? '' : match.street.name,
    primaryLine: service === undefined ? '' : formatService(service),
    secondaryLine: '',
    city: match.city,
    stateProvince: match.postalCode.stateProvince,
    postalCode: match.postalCode.code,
    addOn: match.point?.addOn ?? match.range?.addOn ?? '',
  };
}

const recordTypes = {
  poBox: 'PostOfficeBox',
  ruralRoute: 'RRHighwayContract',
  highwayContract: 'RRHighwayContract',
  military: 'Normal',
  generalDelivery: 'GeneralDelivery',
} as const;

/** Street or box line without unit in the wanted casing: a street's name and suffix are known in mixed case already. */
export function formatPrimaryLine(standard: StandardAddress, casing: Casing): string {
  const { houseNumber, predirectional, streetName, suffix, postdirectional, primaryLine } = standard;
  if (casing === 'U' || streetName === '') return applyCasing(primaryLine, casing);
  // Directionals are one letter or stay upper case.
  return joinParts(
    applyCasing(houseNumber, casing),
    predirectional,
    applyCasingToName(streetName, casing),
    applyCasingToName(suffix, casing),
    postdirectional,
  );
}
