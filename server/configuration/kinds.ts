import { type ConfigurationKind, type KindDefinition, kinds as table } from '../../contract/kinds.ts';

/** The newest configuration format that this version writes; `setting/format` says which one is in force. */
export const supportedFormat = 1;

/** The definition of every kind that this version knows. */
export const kinds: Readonly<Record<ConfigurationKind, KindDefinition>> = table;

export function isConfigurationKind(kind: string): kind is ConfigurationKind {
  return Object.hasOwn(kinds, kind);
}
