import { type InputParts, listInputParts } from '../parsing/input-parts.ts';
import type { AddressMatch } from './address-match.ts';
import type { Change } from './street-difference.ts';
import type { ValidatedAddress, ValidationInput } from './validated-address.ts';

/** Field-level results: appended, corrected, dropped, multiple, pass-through, required, standardized, unmatched, valid. */
type ResultCode = 'A' | 'C' | 'D' | 'M' | 'P' | 'R' | 'S' | 'U' | 'V';

type Element =
  | 'houseNumber'
  | 'leadingDirectional'
  | 'streetName'
  | 'streetSuffix'
  | 'trailingDirectional'
  | 'apartmentLabel'
  | 'apartmentNumber'
  | 'poBox'
  | 'route'
  | 'city'
  | 'stateProvince'
  | 'postalCode'
  | 'country'
  | 'firmName'
  | 'urbanization';

/** Codes of the elements that apply (addressing reference 1.12). */
export type ResultCodes = Partial<Record<Element, ResultCode>>;

/** What became of each element of a record. */
export function listResultCodes(input: ValidationInput, answer: ValidatedAddress): ResultCodes {
  const parts = listInputParts(answer.reading);
  const codes = answer.match === undefined ? listFailed(input, answer, parts) : listMatched(input, answer, parts);
  if (answer.failure?.code === 'DisabledCoder') return {};
  const isMultiple = new Set(answer.multipleMatches);
  if (isMultiple.has('Urbanization')) codes.urbanization = 'M';
  if (isMultiple.has('PostalCode')) codes.postalCode = 'M';
  if (isMultiple.has('StreetName')) codes.streetName = 'M';
  if (isMultiple.has('StreetSuffix')) codes.streetSuffix = 'M';
  if (isMultiple.has('LeadingDirectional')) codes.leadingDirectional = 'M';
  if (isMultiple.has('TrailingDirectional')) codes.trailingDirectional = 'M';
  return codes;
}

function listFailed(input: ValidationInput, answer: ValidatedAddress, parts: InputParts): ResultCodes {
  const codes: ResultCodes = {};
  for (const element of partElements) if (parts[element] !== '') codes[element] = 'U';
  const { lastLine } = answer.parsed ?? {};
  if (answer.isCityAppended) codes.city = 'A';
  else if (lastLine !== undefined && lastLine.city !== '') codes.city = 'U';
  if (answer.isStateAppended) codes.stateProvince = 'A';
  else if (lastLine !== undefined && lastLine.stateProvince !== '') codes.stateProvince = 'U';
  if (lastLine !== undefined && lastLine.postalCode !== '') codes.postalCode = 'U';
  if (input.firmName !== '') codes.firmName = 'P';
  if (answer.urbanization !== '') codes.urbanization = 'P';
  if (answer.couldNotValidate.includes('Country')) codes.country = 'U';
  else if (input.country !== '') codes.country = sameText(input.country, answer.country) ? 'V' : 'S';
  return codes;
}

const partElements = [
  'houseNumber',
  'leadingDirectional',
  'streetName',
  'streetSuffix',
  'trailingDirectional',
  'apartmentLabel',
  'apartmentNumber',
  'poBox',
  'route',
] as const;

function listMatched(input: ValidationInput, answer: ValidatedAddress, parts: InputParts): ResultCodes {
  const { match, standard, parsed } = answer;
  if (match === undefined || standard === undefined || parsed === undefined) return {};
  const { difference, lastLine } = match;
  const codes: ResultCodes = {
    city: codeOf(lastLine.city, input.city, answer.city),
    stateProvince: codeOf(lastLine.stateProvince, input.stateProvince, standard.stateProvince),
    postalCode: codeOfPostalCode(answer),
  };
  if (input.country !== '') codes.country = sameText(input.country, answer.country) ? 'V' : 'S';
  if (input.firmName !== '') codes.firmName = codeOfFirm(match);
  setCode(codes, 'urbanization', codeOfUrbanization(match));
  if (match.reading.delivery.service !== undefined) {
    if (standard.poBox !== '') codes.poBox = sameText(parts.poBox, standard.poBox) ? 'V' : 'S';
    if (standard.route !== '') codes.route = sameText(parts.route, standard.route) ? 'V' : 'S';
    return codes;
  }
  codes.houseNumber = sameText(parts.houseNumber, standard.houseNumber) ? 'V' : 'S';
  if (match.houseNumber !== match.line.houseNumber) codes.houseNumber = 'C';
  setCode(codes, 'streetName', codeOf(difference.name, parts.streetName, standard.streetName));
  setCode(codes, 'streetSuffix', codeOf(difference.suffix, parts.streetSuffix, standard.suffix));
  setCode(
    codes,
    'leadingDirectional',
    codeOf(difference.predirectional, parts.leadingDirectional, standard.predirectional),
  );
  setCode(
    codes,
    'trailingDirectional',
    codeOf(difference.postdirectional, parts.trailingDirectional, standard.postdirectional),
  );
  return { ...codes, ...listUnitCodes(answer, parts) };
}

/** A firm's unit stands in for one that was not sent. */
function codeOfUnitNumber(given: string, found: string): ResultCode {
  if (given === '' && found !== '') return 'A';
  return sameText(given, found) ? 'V' : 'S';
}

function setCode(codes: ResultCodes, element: Element, code: ResultCode | undefined): void {
  if (code !== undefined) codes[element] = code;
}

function listUnitCodes({ match, standard }: ValidatedAddress, parts: InputParts): ResultCodes {
  switch (match?.unit) {
    case 'missing':
      return { apartmentNumber: 'R' };
    case 'unknown':
    case 'unchecked':
      return { apartmentLabel: 'P', apartmentNumber: 'P' };
    case 'matched': {
      const label = sameText(parts.apartmentLabel, standard?.unitDesignator ?? '')
        ? 'V'
        : parts.apartmentLabel === ''
          ? 'A'
          : 'S';
      return {
        apartmentLabel: label,
        apartmentNumber: codeOfUnitNumber(parts.apartmentNumber, standard?.unitNumber ?? ''),
      };
    }
    default:
      return {};
  }
}

function codeOfFirm({ firm }: AddressMatch): ResultCode {
  if (firm === undefined) return 'P';
  return firm.kind === 'other' ? 'U' : firm.isSame ? 'V' : 'C';
}

/** What the data does not know is passed through. */
function codeOfUrbanization({ urbanization, street, reading }: AddressMatch): ResultCode | undefined {
  const given = reading.urbanization ?? '';
  if (urbanization === undefined) return given === '' ? undefined : 'P';
  return codeOf(urbanization, given, street.urbanization ?? '');
}

/** A ZIP Code that was extended by its add-on stays validated. */
function codeOfPostalCode({ match, parsed, addOn }: ValidatedAddress): ResultCode {
  if (match === undefined || parsed === undefined || match.lastLine.postalCode === 'filled') return 'A';
  if (match.lastLine.postalCode === 'changed') return 'C';
  const given = parsed.lastLine.addOn;
  return given === '' || addOn === '' || given === addOn ? 'V' : 'C';
}

function codeOf(change: Change, given: string, found: string): ResultCode | undefined {
  switch (change) {
    case 'filled':
      return 'A';
    case 'changed':
      return 'C';
    case 'dropped':
      return 'D';
    case 'same':
      if (found === '') return undefined;
      return sameText(given, found) ? 'V' : 'S';
  }
}

/** Equal but for letter case and full stops. */
function sameText(given: string, found: string): boolean {
  return given.replaceAll('.', '').trim().toUpperCase() === found.toUpperCase();
}
