import { type EncodedStreet, encodeAlias, type StreetRecord } from '../../reference-data/index.ts';
import type { AliasName } from './merge-streets.ts';

/** The further names of streets of one ZIP Code, and how many had no use. */
interface NamedAliases {
  readonly streets: readonly EncodedStreet[];
  /** Whose base street is not there, or whose name a street of its own has. */
  readonly leftOut: number;
}

/** Gives the streets of a ZIP Code their further names; `streets` are all of it. */
export function nameAliases(streets: readonly EncodedStreet[], aliases: readonly AliasName[]): NamedAliases {
  if (aliases.length === 0) return { streets: [], leftOut: 0 };
  const byName = new Map<string, EncodedStreet[]>();
  for (const street of streets) {
    const key = keyOf(street.street);
    const namesakes = byName.get(key);
    if (namesakes) namesakes.push(street);
    else byName.set(key, [street]);
  }
  const named = new Map<string, EncodedStreet>();
  let leftOut = 0;
  // Equal keys are the same street, so that the first alias of a name decides in any order of turns.
  for (const { name, alias } of [...aliases].sort(compareAliases)) {
    const bases = byName.get(keyOf(alias.base)) ?? [];
    const isUsable = bases.length > 0 && !byName.has(keyOf(name));
    if (!isUsable) leftOut += 1;
    for (const base of isUsable ? bases : []) {
      const { city, urbanization } = base.street;
      const key = [keyOf(name), city, urbanization].join('\n');
      if (!named.has(key)) named.set(key, encodeAlias(base, { ...name, city, urbanization, alias }));
    }
  }
  return { streets: [...named.values()], leftOut };
}

function keyOf(street: Omit<StreetRecord, 'postalCode' | 'city'>): string {
  return [street.name, street.suffix, street.predirectional, street.postdirectional].join('\n');
}

function compareAliases(left: AliasName, right: AliasName): number {
  const [a, b] = [left, right].map(({ name, alias }) => `${keyOf(name)}\n${keyOf(alias.base)}\n${alias.type}`);
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
