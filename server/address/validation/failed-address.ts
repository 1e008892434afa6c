import type { AddressDatabase } from '../../reference-data/index.ts';
import { applyCasing } from '../formatting/casing.ts';
import type { ParsedAddress } from '../parsing/address.ts';
import { formatService, formatStreet } from '../parsing/dual-address.ts';
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
  const formatted = settings.formatsFailures && reading !== undefined;
  const { service, street } = reading?.delivery ?? {};
  const line = service !== undefined ? formatService(service) : street === undefined ? '' : formatStreet(street);
  return {
    ...refuseAddress(input, settings, failure, 'unitedStates'),
    couldNotValidate,
    addressLines: formatted ? [applyCasing(line, settings.casing)] : input.addressLines,
    city: isCityAppended ? applyCasing(record?.cities[0]?.name ?? '', settings.casing) : input.city,
    stateProvince: isStateAppended ? (record?.stateProvince ?? '') : input.stateProvince,
    postalCode: formatted ? lastLine.postalCode : input.postalCode,
    addOn: formatted ? lastLine.addOn : '',
    isCityAppended,
    isStateAppended,
    parsed,
    reading,
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
  };
}
