import type { AddressDatabase, StreetView } from '../../reference-data/index.ts';
import type { ParsedAddress } from '../parsing/address.ts';
import type { LinesReading } from '../parsing/address-lines.ts';
import { type AddressMatch, placeOnStreet, toSoughtLine } from './address-match.ts';
import { type CandidatePostalCode, findGivenPostalCode } from './candidate-postal-codes.ts';
import { type MatchSettings, type MissingElement, searchCandidates } from './candidates.ts';
import { isSameStreet, sameStreet } from './street-difference.ts';

export type MatchResult =
  | { readonly kind: 'match'; readonly match: AddressMatch }
  /** Several addresses fit as well; at least two, best first. */
  | { readonly kind: 'multiple'; readonly matches: readonly AddressMatch[] }
  | { readonly kind: 'none'; readonly missing: readonly MissingElement[] }
  /** Neither an address line nor a last line to look for. */
  | { readonly kind: 'insufficient' };

/**
 * Finds what a parsed address means. Pure, so that `AddressDatabase.read` may run it again. What counts as evidence:
 * docs/decisions/0010-evidence.md.
 */
export function matchAddress(
  database: AddressDatabase,
  view: StreetView,
  address: ParsedAddress,
  settings: MatchSettings,
): MatchResult {
  const { readings, lastLine } = address;
  const first = readings[0];
  if (first === undefined || (lastLine.postalCode === '' && lastLine.city === '')) return { kind: 'insufficient' };
  const given = findGivenPostalCode(database, lastLine);
  const exact = given === undefined ? undefined : matchExactly(view, first, given);
  if (exact !== undefined) return { kind: 'match', match: exact };
  const found = searchCandidates(database, view, address, given, settings);
  const [best, ...further] = found.matches;
  if (best === undefined) return { kind: 'none', missing: found.missing };
  return further.length === 0 ? { kind: 'match', match: best } : { kind: 'multiple', matches: found.matches };
}

/** The usual case: ZIP Code, city and street are all as in the data. */
function matchExactly(view: StreetView, reading: LinesReading, given: CandidatePostalCode): AddressMatch | undefined {
  if (given.contradictions > 0 || given.cost > 0) return undefined;
  const line = toSoughtLine(reading);
  for (const street of view.streetsNamed(given.record.code, line.name)) {
    if (!isSameStreet(line, street)) continue;
    const match = placeOnStreet(view, reading, line, street, given, sameStreet);
    // A street in an urbanization that was not sent may have namesakes in others.
    if (match !== undefined && (match.urbanization ?? 'same') === 'same') return match;
  }
  return undefined;
}
