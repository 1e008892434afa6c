import { applyCasing, applyCasingToName, type Casing, recase } from '../formatting/casing.ts';
import { type CountryFormat, formatUnitedStates } from '../formatting/countries.ts';
import type { ParsedAddress } from '../parsing/address.ts';
import type { LinesReading } from '../parsing/address-lines.ts';
import type { AddressMatch } from './address-match.ts';
import { measureConfidence } from './confidence.ts';
import { formatPrimaryLine, type StandardAddress, standardizeMatch } from './standardization.ts';
import type { AmbiguousElement, ValidatedAddress, ValidationInput } from './validated-address.ts';
import type { ValidationSettings } from './validation-settings.ts';

const noMissing: readonly string[] = [];
const highestScore = 9;

/** The answer to a record that matched, or one of several candidates of a record. */
export function acceptAddress(
  input: ValidationInput,
  settings: ValidationSettings,
  parsed: ParsedAddress,
  match: AddressMatch,
  multimatchCount: number,
  multipleMatches: readonly AmbiguousElement[],
): ValidatedAddress {
  const { casing } = settings;
  const standard = standardizeMatch(match);
  return {
    failure: undefined,
    countryKind: 'unitedStates',
    confidence: measureConfidence(match),
    matchScore: Math.min(highestScore, match.difference.errors),
    multimatchCount,
    multipleMatches,
    couldNotValidate: noMissing,
    addressLines: formatLines(standard, match.reading, settings),
    city: applyCasingToName(chooseCity(match, parsed, settings), casing),
    stateProvince: standard.stateProvince,
    postalCode: standard.postalCode,
    addOn: standard.addOn,
    country: formatCountry(settings),
    firmName: recaseGiven(match.firm?.kind === 'matched' ? match.firm.name : input.firmName, casing),
    urbanization: recaseGiven(match.street.urbanization ?? match.reading.urbanization ?? '', casing),
    additionalInputData: formatAdditional(match, settings),
    isCityAppended: false,
    isStateAppended: false,
    match,
    standard,
    parsed,
    reading: match.reading,
    foreign: undefined,
  };
}

function recaseGiven(text: string, casing: Casing): string {
  return text === '' ? '' : recase(text, casing);
}

function chooseCity(match: AddressMatch, { lastLine }: ParsedAddress, settings: ValidationSettings): string {
  if (settings.cityName === 'V' && match.lastLine.city === 'same') return lastLine.city;
  if (settings.preferredCity === 'P') return match.postalCode.cities[0]?.name ?? match.city;
  if (settings.preferredCity === 'Z' && match.street.city !== '') return match.street.city;
  return match.city;
}

function formatLines(
  standard: StandardAddress,
  reading: LinesReading,
  settings: ValidationSettings,
): readonly string[] {
  const { casing, lineFormat, privateMailboxLine } = settings;
  const { secondaryLine } = standard;
  const { privateMailbox } = reading.delivery;
  let first = formatPrimaryLine(standard, casing);
  let second = '';
  if (secondaryLine !== '') {
    const unit = applyCasing(secondaryLine, casing);
    if (lineFormat === 'S') second = unit;
    else first += ` ${unit}`;
  }
  if (lineFormat === 'D' && reading.dropped !== undefined) second = applyCasing(reading.dropped, casing);
  if (privateMailbox !== '' && privateMailboxLine === '1') first += ` PMB ${privateMailbox}`;
  if (privateMailbox !== '' && privateMailboxLine === '2')
    second = second === '' ? `PMB ${privateMailbox}` : `${second} PMB ${privateMailbox}`;
  return second === '' ? [first] : [first, second];
}

/**
 * Pieces in the published order, joined with `; `: text that is no address, the dropped half of a dual address, and a
 * street name that the match spells otherwise (addressing reference section 6, example 10).
 */
function formatAdditional(
  { reading, difference, line }: AddressMatch,
  { casing, lineFormat }: ValidationSettings,
): string {
  const { extraneous, dropped } = reading;
  const isRenamed = difference.name === 'changed';
  if (extraneous.length === 0 && dropped === undefined && !isRenamed) return '';
  const texts = extraneous.map((text) => recase(text, casing));
  if (dropped !== undefined && lineFormat !== 'D') texts.push(applyCasing(dropped, casing));
  if (isRenamed) texts.push(applyCasing(line.name, casing));
  return texts.join('; ');
}

export function formatCountry({ countryFormat, casing }: ValidationSettings): string {
  return isCode(countryFormat)
    ? formatUnitedStates(countryFormat)
    : applyCasingToName(formatUnitedStates(countryFormat), casing);
}

function isCode(format: CountryFormat): boolean {
  return format === 'I' || format === 'U';
}
