import type { CountryKind } from '../formatting/countries.ts';
import type { ForeignAddress } from '../international/foreign-address.ts';
import type { ParsedAddress } from '../parsing/address.ts';
import type { LinesReading } from '../parsing/address-lines.ts';
import type { AddressMatch } from './address-match.ts';
import type { StandardAddress } from './standardization.ts';

/** One record as sent; empty when absent. */
export interface ValidationInput {
  readonly addressLines: readonly string[];
  readonly city: string;
  readonly stateProvince: string;
  readonly postalCode: string;
  readonly country: string;
  readonly firmName: string;
  readonly urbanization: string;
  /** Language of a Canadian record: anything means French. */
  readonly language: string;
}

type FailureCode = 'DisabledCoder' | 'InsufficientInputData' | 'MultipleMatchesFound' | 'UnableToValidate';

/** An element whose candidates differ (addressing reference 1.11, MultipleMatches). */
export type AmbiguousElement =
  | 'LeadingDirectional'
  | 'PostalCode'
  | 'StreetName'
  | 'StreetSuffix'
  | 'TrailingDirectional'
  | 'Urbanization';

export interface ValidationFailure {
  readonly code: FailureCode;
  readonly description: string;
}

/** One answer to one record. All texts are in their final casing; missing ones are empty. */
export interface ValidatedAddress {
  readonly failure: ValidationFailure | undefined;
  readonly countryKind: CountryKind;
  /** 0 to 100. */
  readonly confidence: number;
  /** Typing errors in the street name, 0 to 9; undefined without a match. */
  readonly matchScore: number | undefined;
  /** How many addresses fit as well as this one, when more than one do. */
  readonly multimatchCount: number;
  readonly multipleMatches: readonly AmbiguousElement[];
  readonly couldNotValidate: readonly string[];
  readonly addressLines: readonly string[];
  readonly city: string;
  readonly stateProvince: string;
  readonly postalCode: string;
  readonly addOn: string;
  readonly country: string;
  readonly firmName: string;
  readonly urbanization: string;
  readonly additionalInputData: string;
  /** Whether city and state were taken from the ZIP Code of a record that failed. */
  readonly isCityAppended: boolean;
  readonly isStateAppended: boolean;
  readonly match: AddressMatch | undefined;
  readonly standard: StandardAddress | undefined;
  readonly parsed: ParsedAddress | undefined;
  readonly reading: LinesReading | undefined;
  /** Set for a record of another country. */
  readonly foreign: ForeignAddress | undefined;
}
