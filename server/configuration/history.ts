import { SpectrumError } from '../foundation/errors.ts';
import { type Difference, listDifferences } from './differences.ts';
import type { AuditEntry, Configuration, ConfigurationCommit, ConfigurationKind } from './model.ts';

/** One change of an object. */
export interface HistoryEntry extends Omit<AuditEntry, 'value'> {
  /** Against the change before; absent where that one is compacted. */
  readonly differences?: readonly Difference[];
}

interface NamedObject {
  readonly kind: ConfigurationKind;
  readonly name: string;
}

/** The changes of one object, newest first, as far as they are not compacted. */
export async function* historyOf(
  configuration: Configuration,
  { kind, name }: NamedObject,
  beforeRevision?: number,
): AsyncGenerator<HistoryEntry> {
  let newer: AuditEntry | undefined;
  let oldest = 0;
  for await (const entry of configuration.history(beforeRevision)) {
    oldest = entry.revision;
    if (entry.kind !== kind || entry.name !== name) continue;
    if (newer) yield toHistory(newer, entry);
    newer = entry;
  }
  // Only where the log reaches back to its first change is the oldest one of an object its creation.
  if (newer) yield oldest === 1 ? toHistory(newer, undefined) : withoutValue(newer);
}

/** The value an object had at a revision; throws `UNKNOWN_OBJECT` when the history no longer has it. */
export async function findValueAt(
  configuration: Configuration,
  { kind, name }: NamedObject,
  revision: number,
): Promise<unknown> {
  for await (const entry of configuration.history(revision + 1)) {
    const isIt = entry.revision === revision && entry.kind === kind && entry.name === name;
    if (isIt && entry.value !== undefined) return JSON.parse(entry.value);
    if (entry.revision <= revision) break;
  }
  const sentence = `${kind} ${JSON.stringify(name)} was not written at revision ${revision}, or that is compacted; see the archive`;
  throw new SpectrumError('UNKNOWN_OBJECT', sentence, { kind, name, revision });
}

/** Gives an object the value that it had at a revision. */
export async function restoreObject(
  configuration: Configuration,
  { kind, name, revision }: NamedObject & { readonly revision: number },
  by: string,
): Promise<ConfigurationCommit> {
  const value = await findValueAt(configuration, { kind, name }, revision);
  const expected = configuration.snapshot().find(kind, name)?.revision ?? 'absent';
  return configuration.commit({ kind, name, operation: 'put', value, by, expected, reason: `restored ${revision}` });
}

function toHistory(entry: AuditEntry, before: AuditEntry | undefined): HistoryEntry {
  const differences = listDifferences(entry.kind, parse(before?.value), parse(entry.value));
  return { ...withoutValue(entry), differences };
}

function withoutValue({ value: _, ...entry }: AuditEntry): HistoryEntry {
  return entry;
}

function parse(value: string | undefined): unknown {
  return value === undefined ? undefined : JSON.parse(value);
}
