import type { ForeignPlaces } from '../../reference-data/index.ts';
import { type CountryKind, parseCountry } from '../formatting/countries.ts';
import type { ValidatedAddress, ValidationFailure, ValidationInput } from '../validation/validated-address.ts';
import { findCountryCode } from './country-names.ts';
import { checkForeignAddress, type ForeignAddress, type ForeignSettings } from './foreign-address.ts';

/** Which countries are processed, and how those outside the United States are written. */
export interface CountrySettings {
  readonly homeCountry: string;
  readonly performsCanada: boolean;
  readonly performsInternational: boolean;
  readonly formatsFailures: boolean;
  readonly foreign: ForeignSettings;
  /** Postal codes and cities to hold records against; those of Canada may lie in a database of their own. */
  readonly canadianPlaces: ForeignPlaces;
  readonly otherPlaces: ForeignPlaces;
}

export interface RecordCountry {
  readonly kind: CountryKind;
  /** ISO 3166 alpha-2; undefined for a text that names no country. */
  readonly code: string | undefined;
}

const unitedStates: RecordCountry = { kind: 'unitedStates', code: 'US' };

/** Territories and associated states whose mail is the United States Postal Service's. */
const zipCountries = new Set(['US', 'AS', 'FM', 'GU', 'MH', 'MP', 'PR', 'PW', 'UM', 'VI']);

/** The country of a record; without one the home country. */
export function readRecordCountry(country: string, homeCountry: string): RecordCountry {
  const name = country === '' ? homeCountry : country;
  if (name === 'United States' || parseCountry(name) === 'unitedStates') return unitedStates;
  const code = findCountryCode(name);
  if (code !== undefined && zipCountries.has(code)) return unitedStates;
  return { kind: code === 'CA' ? 'canada' : 'other', code };
}

const failures = {
  canada: { code: 'DisabledCoder', description: 'PerformCanadianProcessing disabled' },
  other: { code: 'DisabledCoder', description: 'PerformInternationalProcessing disabled' },
  insufficient: { code: 'InsufficientInputData', description: 'Both city and postal code are missing' },
  none: { code: 'UnableToValidate', description: 'Address not found' },
} as const satisfies Record<string, ValidationFailure>;

/** The answer to a record of another country (docs/decisions/0014-other-countries.md). */
export function answerForeign(
  input: ValidationInput,
  { kind, code }: RecordCountry,
  settings: CountrySettings,
): ValidatedAddress {
  const isPerformed = kind === 'canada' ? settings.performsCanada : settings.performsInternational;
  if (!isPerformed)
    return { ...passThrough(input, kind), failure: kind === 'canada' ? failures.canada : failures.other };
  if (code === undefined) {
    return { ...passThrough(input, kind), failure: failures.none, couldNotValidate: ['Country'] };
  }
  const places = kind === 'canada' ? settings.canadianPlaces : settings.otherPlaces;
  const foreign = checkForeignAddress(input, code, settings.foreign, places);
  const failure = foreign.isInsufficient
    ? failures.insufficient
    : foreign.couldNotValidate.length > 0
      ? failures.none
      : undefined;
  const isFormatted = failure === undefined || (settings.formatsFailures && kind === 'canada');
  const texts = isFormatted ? textsOf(foreign) : {};
  const { couldNotValidate, confidence } = foreign;
  return { ...passThrough(input, kind), ...texts, failure, couldNotValidate, confidence, foreign };
}

function textsOf(foreign: ForeignAddress): Partial<ValidatedAddress> {
  return {
    addressLines: foreign.addressLines,
    city: foreign.city.text,
    stateProvince: foreign.region.text,
    postalCode: foreign.postalCode.text,
    country: foreign.countryName,
    firmName: foreign.firmName,
  };
}

function passThrough(input: ValidationInput, countryKind: CountryKind): ValidatedAddress {
  return {
    failure: undefined,
    countryKind,
    confidence: 0,
    matchScore: undefined,
    multimatchCount: 0,
    multipleMatches: [],
    couldNotValidate: [],
    addressLines: input.addressLines,
    city: input.city,
    stateProvince: input.stateProvince,
    postalCode: input.postalCode,
    addOn: '',
    country: input.country,
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
