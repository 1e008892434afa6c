import type { AddressDatabase, StreetView } from '../../reference-data/index.ts';
import { applyCasing } from '../formatting/casing.ts';
import { readRecordCountry } from '../international/foreign-answer.ts';
import type { AddressMatch } from './address-match.ts';
import { matchAddress } from './matching.ts';
import { type RecordType, standardizeMatch } from './standardization.ts';
import { parseInput } from './validate-address.ts';
import type { ValidationInput } from './validated-address.ts';
import type { ValidationSettings } from './validation-settings.ts';

/** One of several addresses that a record can mean, as its database record describes it. */
export interface AddressCandidate {
  readonly recordType: RecordType;
  readonly isDefault: boolean;
  readonly addressLine: string;
  readonly houseNumberLow: string;
  readonly houseNumberHigh: string;
  /** Even, odd, both. */
  readonly houseNumberParity: 'E' | 'O' | 'B';
  /** Empty where the record has no unit. */
  readonly unitNumber: string;
  readonly city: string;
  /** Empty where the street has none. */
  readonly urbanization: string;
  readonly stateProvince: string;
  readonly postalCode: string;
  readonly addOn: string;
}

export type CandidateList =
  | { readonly kind: 'candidates'; readonly candidates: readonly AddressCandidate[] }
  | { readonly kind: 'failed'; readonly failure: CandidateFailure };

interface CandidateFailure {
  readonly code: 'DisabledCoder' | 'RequestFailed';
  readonly description: string;
}

type CandidateSettings = Pick<
  ValidationSettings,
  | 'street'
  | 'directional'
  | 'casing'
  | 'dualAddressLogic'
  | 'homeCountry'
  | 'performsUnitedStates'
  | 'performsCanada'
  | 'performsInternational'
  | 'searchesLines'
  | 'maximumResults'
>;

/** Lists what an ambiguous record can mean; a record with one match or none fails. Pure. */
export function listAddressCandidates(
  input: ValidationInput,
  settings: CandidateSettings,
  database: AddressDatabase,
  view: StreetView,
): CandidateList {
  const { kind } = readRecordCountry(input.country, settings.homeCountry);
  if (kind === 'canada' && !settings.performsCanada)
    return refuse('DisabledCoder', 'PerformCanadianProcessing disabled');
  if (kind === 'other' && !settings.performsInternational)
    return refuse('DisabledCoder', 'PerformInternationalProcessing disabled');
  if (kind !== 'unitedStates') return refuse('RequestFailed', 'Did not return multiples: no streets of this country');
  if (!settings.performsUnitedStates) return refuse('DisabledCoder', 'PerformUSProcessing disabled');
  const result = matchAddress(database, view, parseInput(input, settings, database), settings);
  switch (result.kind) {
    case 'multiple': {
      const matches = result.matches.slice(0, settings.maximumResults);
      return { kind: 'candidates', candidates: matches.map((match) => toCandidate(match, settings)) };
    }
    case 'match':
      return refuse('RequestFailed', 'Number of candidates is not greater than 1: the address matches one record');
    case 'insufficient':
      return refuse(
        'RequestFailed',
        'Did not return multiples: address line, or both city and postal code, are missing',
      );
    case 'none':
      return refuse('RequestFailed', 'Did not return multiples: address not found');
  }
}

function refuse(code: CandidateFailure['code'], description: string): CandidateList {
  return { kind: 'failed', failure: { code, description } };
}

function toCandidate(match: AddressMatch, { casing }: CandidateSettings): AddressCandidate {
  const standard = standardizeMatch(match);
  const { range, point, houseNumber } = match;
  return {
    recordType: standard.recordType,
    isDefault: standard.isDefault,
    addressLine: applyCasing(standard.primaryLine, casing),
    houseNumberLow: range === undefined ? houseNumber : String(range.low),
    houseNumberHigh: range === undefined ? houseNumber : String(range.high),
    houseNumberParity: range?.parity ?? parityOf(houseNumber),
    unitNumber: point?.unitNumber ?? '',
    city: applyCasing(standard.city, casing),
    urbanization: applyCasing(match.street.urbanization ?? '', casing),
    stateProvince: standard.stateProvince,
    postalCode: standard.postalCode,
    addOn: standard.addOn,
  };
}

function parityOf(houseNumber: string): 'E' | 'O' | 'B' {
  const number = Number.parseInt(houseNumber, 10);
  if (Number.isNaN(number)) return 'B';
  return number % 2 === 0 ? 'E' : 'O';
}
