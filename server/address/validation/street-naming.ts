import type { BaseStreet, StreetAliasType, StreetRecord, StreetView } from '../../reference-data/index.ts';
import type { AddressMatch } from './address-match.ts';
import { standardizeMatch } from './standardization.ts';
import { isSameStreet } from './street-difference.ts';

/** Which of a street's names is returned (addressing reference 1.4). */
export interface NamingSettings {
  /** Whether an alias stays as sent; the base name takes its place otherwise. */
  readonly keepsAlias: boolean;
  /** Whether the name preferred locally takes the place of the base name. */
  readonly prefersAlias: boolean;
  /** Whether an abbreviated name takes the place of the base name where the line is long. */
  readonly abbreviates: boolean;
}

/** A line of so many characters is written in full (Publication 28). */
const longestLine = 30;

/** The match under the name that is to be returned. Pure, for use inside `AddressDatabase.read`. */
export function nameStreet(match: AddressMatch, settings: NamingSettings, view: StreetView): AddressMatch {
  const { alias } = match.street;
  const { keepsAlias, prefersAlias, abbreviates } = settings;
  if (alias === undefined && !prefersAlias && !abbreviates) return match;
  if (match.reading.delivery.service !== undefined) return match;
  if (alias !== undefined) {
    const preferred = prefersAlias ? ('A' as const) : undefined;
    const street = keepsAlias ? match.street : toStreet(match.street, alias.base);
    return { ...match, street, naming: { aliasType: alias.type, preferred, abbreviated: undefined } };
  }
  const preferredName = prefersAlias ? findAlias(view, match.street, 'P') : undefined;
  const preferred = prefersAlias ? (preferredName ? 'Y' : 'N') : undefined;
  const named = preferredName ? { ...match, street: preferredName } : match;
  const short = abbreviates && isLong(named) ? findAlias(view, match.street, 'A') : undefined;
  const abbreviated = !abbreviates ? undefined : !isLong(named) ? 'L' : short ? 'Y' : 'N';
  return { ...named, street: short ?? named.street, naming: { aliasType: undefined, preferred, abbreviated } };
}

function isLong(match: AddressMatch): boolean {
  const { primaryLine, secondaryLine } = standardizeMatch(match);
  return `${primaryLine} ${secondaryLine}`.trim().length > longestLine;
}

function findAlias(view: StreetView, base: StreetRecord, type: StreetAliasType): StreetRecord | undefined {
  return view
    .streetsOf(base.postalCode)
    .find(
      ({ alias, city, urbanization }) =>
        alias?.type === type &&
        isSameStreet(base, alias.base) &&
        city === base.city &&
        urbanization === base.urbanization,
    );
}

function toStreet({ postalCode, city, urbanization }: StreetRecord, base: BaseStreet): StreetRecord {
  return { postalCode, ...base, city, urbanization };
}
