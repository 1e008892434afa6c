import type { AddressDatabase } from '../../reference-data/index.ts';
import { applyCasing } from '../formatting/casing.ts';
import type { ParsedAddress } from '../parsing/address.ts';
import type { LinesReading } from '../parsing/address-lines.ts';
import { formatService, formatStreet } from '../parsing/dual-address.ts';
import type { LastLine } from '../parsing/last-line.ts';
import { formatCountry } from './accepted-address.ts';
import type { AmbiguousElement, ValidatedAddress, ValidationFailure, ValidationInput } from './validated-address.ts';
import type { ValidationSettings } from './validation-settings.ts';

const noAmbiguity: readonly AmbiguousElement[] = [];
const noMissing: readonly string[] = [];

/** A failed record is answered as sent, with city and state of its ZIP Code where it has none. */
export function failAddress(
  input: ValidationInput,
  settings: ValidationSettings,
  database: AddressDatabase,
  parsed: ParsedAddress,
  failure: ValidationFailure,
  couldNotValidate: readonly string[],
): ValidatedAddress {
  const { lastLine } = parsed;
  const reading = parsed.readings[0];
  const record = lastLine.postalCode === '' ? undefined : database.findPostalCode(lastLine.postalCode);
  const isCityAppended = lastLine.city === '' && record?.cities[0] !== undefined;
  const isStateAppended = lastLine.stateProvince === '' && record !== undefined;
  const refused = refuseAddress(input, settings, failure, 'unitedStates');
  const given = settings.formatsFailures && reading !== undefined ? formatGiven(reading, lastLine, settings) : refused;
  return {
    ...refused,
    couldNotValidate,
    addressLines: given.addressLines,
    city: isCityAppended ? applyCasing(record?.cities[0]?.name ?? '', settings.casing) : given.city,
    stateProvince: isStateAppended ? (record?.stateProvince ?? '') : given.stateProvince,
    postalCode: given.postalCode,
    addOn: given.addOn,
    isCityAppended,
    isStateAppended,
    parsed,
    reading,
  };
}

type GivenTexts = Pick<ValidatedAddress, 'addressLines' | 'city' | 'stateProvince' | 'postalCode' | 'addOn'>;

/** The input in standard form, although the data does not know it. */
function formatGiven(reading: LinesReading, lastLine: LastLine, { casing }: ValidationSettings): GivenTexts {
  const { service, street } = reading.delivery;
  const line = service === undefined ? formatStreet(street) : formatService(service);
  return {
    addressLines: [applyCasing(line, casing)],
    city: applyCasing(lastLine.city, casing),
    stateProvince: lastLine.stateProvince,
    postalCode: lastLine.postalCode,
    addOn: lastLine.addOn,
  };
}

/** A record that no engine takes is answered as sent. */
export function refuseAddress(
  input: ValidationInput,
  settings: ValidationSettings,
  failure: ValidationFailure,
  countryKind: ValidatedAddress['countryKind'],
): ValidatedAddress {
  return {
    failure,
    countryKind,
    confidence: 0,
    matchScore: undefined,
    multimatchCount: 0,
    multipleMatches: noAmbiguity,
    couldNotValidate: noMissing,
    addressLines: input.addressLines,
    city: input.city,
    stateProvince: input.stateProvince,
    postalCode: input.postalCode,
    addOn: '',
    country: countryKind === 'unitedStates' ? formatCountry(settings) : input.country,
    firmName: input.firmName,
    urbanization: input.urbanization,
    additionalInputData: '',
    isCityAppended: false,
    isStateAppended: false,
    match: undefined,
    standard: undefined,
    parsed: undefined,
    reading: undefined,
    foreign: undefined,
  };
}
