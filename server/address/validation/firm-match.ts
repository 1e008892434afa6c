import type { AddressPointRecord, StreetView } from '../../reference-data/index.ts';
import { countErrors } from '../parsing/typing-errors.ts';
import type { AddressMatch } from './address-match.ts';
import { maximumErrors, type Strictness } from './name-distance.ts';

/**
 * The match moved to the record of the firm at its house number, with the firm's unit where none was sent; as it was
 * where the data knows no such firm, or several as well. Pure, for use inside `AddressDatabase.read`.
 */
export function matchFirm(
  match: AddressMatch,
  firmName: string,
  strictness: Strictness,
  view: StreetView,
): AddressMatch {
  if (firmName.trim() === '' || match.reading.delivery.service !== undefined) return match;
  const there = view.pointsAt(match.street, match.houseNumber).filter((point) => point.firmName !== undefined);
  if (there.length === 0) return match;
  const inUnit = match.unit === 'matched' ? there.filter((point) => isSameUnit(point, match.point)) : there;
  const found = chooseFirm(inUnit, firmName, strictness);
  if (found === undefined) return { ...match, firm: { kind: 'other' } };
  const isSame = toWords(found.firmName ?? '').join(' ') === toWords(firmName).join(' ');
  const firm = { kind: 'matched' as const, name: found.firmName ?? '', isSame };
  const isUnitSent = match.unit === 'unknown' || match.unit === 'unchecked';
  // A sender's own unit that the data contradicts stays as sent.
  if (isUnitSent) return { ...match, firm };
  return { ...match, firm, point: found, unit: found.unitNumber + found.unitDesignator === '' ? 'none' : 'matched' };
}

function isSameUnit(point: AddressPointRecord, other: AddressPointRecord | undefined): boolean {
  return point.unitNumber === other?.unitNumber && point.unitDesignator === other.unitDesignator;
}

/** The one firm of this name; a firm in several units is found at none of them. */
function chooseFirm(
  points: readonly AddressPointRecord[],
  firmName: string,
  strictness: Strictness,
): AddressPointRecord | undefined {
  const sent = toWords(firmName);
  for (const isAlike of comparisons[strictness]) {
    const found = points.filter((point) => isAlike(sent, toWords(point.firmName ?? '')));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

type Comparison = (sent: readonly string[], known: readonly string[]) => boolean;

const isEqual: Comparison = (sent, known) => sent.join(' ') === known.join(' ');

/** `Acme Tools Inc` and `The Acme Tools Company`. */
const hasSameCore: Comparison = (sent, known) => {
  const core = coreOf(sent);
  return core !== '' && core === coreOf(known);
};

const isMisspelt: Comparison = (sent, known) => {
  const [a, b] = [coreOf(sent), coreOf(known)];
  const limit = maximumErrors('M', Math.min(a.length, b.length));
  return limit > 0 && countErrors(a, b, limit) <= limit;
};

/** `Acme` of `Acme Tools`, and the reverse. */
const begins: Comparison = (sent, known) => {
  const [a, b] = [coreOf(sent), coreOf(known)];
  return a.length >= 4 && b.length >= 4 && (`${a} `.startsWith(`${b} `) || `${b} `.startsWith(`${a} `));
};

/** Nearest first. */
const comparisons: Readonly<Record<Strictness, readonly Comparison[]>> = {
  E: [isEqual],
  T: [isEqual, hasSameCore],
  M: [isEqual, hasSameCore, isMisspelt],
  L: [isEqual, hasSameCore, isMisspelt, begins],
};

/** Words that say what kind of firm it is, not which. */
const formWords = new Set(
  'THE AND OF INC INCORPORATED CORP CORPORATION CO COMPANY LLC LLP LP LTD LIMITED PC PLLC'.split(' '),
);

function coreOf(words: readonly string[]): string {
  return words.filter((word) => !formWords.has(word)).join(' ');
}

function toWords(text: string): readonly string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/['.]/g, '')
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '');
}
