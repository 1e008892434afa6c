import type { AddressDatabase, StreetView } from '../../reference-data/index.ts';
import { extractLines } from '../extraction/extracted-lines.ts';
import { answerForeign, readRecordCountry } from '../international/foreign-answer.ts';
import { type ParsedAddress, parseAddress } from '../parsing/address.ts';
import { parseAddressLines } from '../parsing/address-lines.ts';
import { orderDualReadings } from '../parsing/dual-address.ts';
import { acceptAddress } from './accepted-address.ts';
import type { AddressMatch } from './address-match.ts';
import { failAddress, refuseAddress } from './failed-address.ts';
import { matchFirm } from './firm-match.ts';
import { type MatchResult, matchAddress } from './matching.ts';
import { nameStreet } from './street-naming.ts';
import type { AmbiguousElement, ValidatedAddress, ValidationFailure, ValidationInput } from './validated-address.ts';
import type { ValidationSettings } from './validation-settings.ts';

const failures = {
  disabled: { code: 'DisabledCoder', description: 'PerformUSProcessing disabled' },
  insufficient: {
    code: 'InsufficientInputData',
    description: 'Address line, or both city and postal code, are missing',
  },
  multiple: { code: 'MultipleMatchesFound', description: 'Possible multiple addresses returned' },
  none: { code: 'UnableToValidate', description: 'Address not found' },
} as const satisfies Record<string, ValidationFailure>;

/**
 * Validates one record: one answer, or several when `keepsMultiple` asks for all candidates. Pure, for use inside
 * `AddressDatabase.read`.
 */
export function validateAddress(
  input: ValidationInput,
  settings: ValidationSettings,
  database: AddressDatabase,
  view: StreetView,
): readonly ValidatedAddress[] {
  const country = readRecordCountry(input.country, settings.homeCountry);
  if (country.kind !== 'unitedStates') return [answerForeign(input, country, settings)];
  if (!settings.performsUnitedStates) return [refuseAddress(input, settings, failures.disabled, country.kind)];
  const taken = settings.extractsFirm || settings.extractsUrbanization ? extractLines(input, settings) : input;
  const parsed = parseInput(taken, settings, database);
  const result = matchAddress(database, view, parsed, settings);
  const found = settings.searchesLines ? searchLines(taken, settings, database, view, result) : undefined;
  if (found !== undefined)
    return [acceptAddress(taken, settings, found.parsed, complete(found.match, taken, settings, view), 1, noAmbiguity)];
  switch (result.kind) {
    case 'match':
      return [acceptAddress(taken, settings, parsed, complete(result.match, taken, settings, view), 1, noAmbiguity)];
    case 'insufficient':
      return [failAddress(input, settings, database, parsed, failures.insufficient, noMissing)];
    case 'none':
      return [failAddress(input, settings, database, parsed, failures.none, result.missing)];
    case 'multiple': {
      const ambiguous = listAmbiguous(result.matches);
      const count = result.matches.length;
      if (!settings.keepsMultiple) {
        const failed = failAddress(input, settings, database, parsed, failures.multiple, noMissing);
        return [{ ...failed, multimatchCount: count, multipleMatches: ambiguous }];
      }
      const kept = result.matches.slice(0, settings.maximumResults);
      return kept.map((match) => ({
        ...acceptAddress(taken, settings, parsed, complete(match, taken, settings, view), count, ambiguous),
        confidence: 0,
      }));
    }
  }
}

/** The match with the firm and the name of the street that the settings ask for. */
function complete(
  match: AddressMatch,
  { firmName }: ValidationInput,
  settings: ValidationSettings,
  view: StreetView,
): AddressMatch {
  return nameStreet(matchFirm(match, firmName, settings.firm, view), settings, view);
}

/** The match by a last line in the address lines, when the one in its own fields names no known place. */
function searchLines(
  input: ValidationInput,
  settings: ValidationSettings,
  database: AddressDatabase,
  view: StreetView,
  failed: MatchResult,
): { readonly parsed: ParsedAddress; readonly match: AddressMatch } | undefined {
  const isPlaceUnknown = failed.kind === 'none' && failed.missing.some((one) => one === 'City' || one === 'PostalCode');
  if (!isPlaceUnknown) return undefined;
  const parsed = parseInput({ ...input, city: '', stateProvince: '', postalCode: '' }, settings, database);
  const result = matchAddress(database, view, parsed, settings);
  return result.kind === 'match' ? { parsed, match: result.match } : undefined;
}

/** Parses a record and puts the wanted half of a dual address first. */
export function parseInput(
  input: ValidationInput,
  { dualAddressLogic, searchesLines }: Pick<ValidationSettings, 'dualAddressLogic' | 'searchesLines'>,
  database: AddressDatabase,
): ParsedAddress {
  const parsed =
    !searchesLines && hasNoLastLine(input)
      ? { readings: parseAddressLines(input.addressLines), lastLine: noLastLine }
      : parseAddress(input, (city, state) => database.listPostalCodesOfCity(city, state).length > 0);
  const ordered = orderDualReadings(parsed.readings, dualAddressLogic);
  const { urbanization } = input;
  const readings = urbanization === '' ? ordered : ordered.map((reading) => ({ ...reading, urbanization }));
  return readings === parsed.readings ? parsed : { readings, lastLine: parsed.lastLine };
}

const noLastLine: ParsedAddress['lastLine'] = { city: '', stateProvince: '', postalCode: '', addOn: '' };

function hasNoLastLine({ city, stateProvince, postalCode }: ValidationInput): boolean {
  return city.trim() === '' && stateProvince.trim() === '' && postalCode.trim() === '';
}

const noAmbiguity: readonly AmbiguousElement[] = [];
const noMissing: readonly string[] = [];

function listAmbiguous(matches: readonly AddressMatch[]): readonly AmbiguousElement[] {
  const differs = (read: (match: AddressMatch) => string) => new Set(matches.map(read)).size > 1;
  const elements: readonly (readonly [AmbiguousElement, (match: AddressMatch) => string])[] = [
    ['LeadingDirectional', ({ street }) => street.predirectional],
    ['PostalCode', ({ street }) => street.postalCode],
    ['StreetName', ({ street }) => street.name],
    ['StreetSuffix', ({ street }) => street.suffix],
    ['TrailingDirectional', ({ street }) => street.postdirectional],
    ['Urbanization', ({ street }) => street.urbanization ?? ''],
  ];
  return elements.filter(([, read]) => differs(read)).map(([element]) => element);
}
