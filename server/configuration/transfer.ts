import { SpectrumError } from '../foundation/errors.ts';
import { isPlainObject } from '../foundation/schema.ts';
import { canonicalJson } from './canonical.ts';
import { isConfigurationKind } from './kinds.ts';
import type {
  AuditEntry,
  Configuration,
  ConfigurationCommit,
  ConfigurationDatabase,
  ConfigurationKind,
  ConfigurationSnapshot,
} from './model.ts';
import { predefinedRoles } from './roles.ts';
import { hideSecrets } from './visibility.ts';

/** A whole configuration as one JSON file. */
export interface ConfigurationFile {
  readonly type: 'spectrum-configuration';
  readonly version: 1;
  readonly epoch: number;
  readonly revision: number;
  readonly objects: readonly FileObject[];
}

interface FileObject {
  readonly kind: string;
  readonly name: string;
  readonly value: unknown;
}

export interface ExportOptions {
  /** `included` makes a backup, password hashes and secret references among it; `left-out` is for sharing. */
  readonly hidden: 'included' | 'left-out';
}

/** What an import does to one object. */
export interface ImportStep {
  readonly operation: 'create' | 'change' | 'remove';
  readonly kind: ConfigurationKind;
  readonly name: string;
  /** The object's revision that the plan saw. */
  readonly expected: 'absent' | number;
  readonly value?: unknown;
}

export interface ImportOptions {
  readonly by: string;
  readonly reason?: string | undefined;
  /** Whether objects that the file does not have go. */
  readonly others: 'keep' | 'remove';
}

/** What belongs to one cluster only, and would open doors in another. */
export const untransferred: readonly ConfigurationKind[] = ['token-key', 'token-revocation'];

/** What others refer to comes first; removing goes the other way. */
const order: readonly ConfigurationKind[] = [
  'setting',
  'role',
  'user',
  'access-control',
  'node-group',
  'database-resource',
  'connection',
  'file-server',
  'licence',
  'notification',
  'service-default',
  'dataflow',
  'process-flow',
  'schedule',
];

/** A consistent copy of everything at one revision; taken while the cluster runs, it disturbs nothing. */
export function exportConfiguration(snapshot: ConfigurationSnapshot, options: ExportOptions): ConfigurationFile {
  const objects = order.flatMap((kind) =>
    snapshot.list(kind).map(({ name, value }) => ({
      kind,
      name,
      value: options.hidden === 'included' ? value : hideSecrets(kind, value),
    })),
  );
  return { type: 'spectrum-configuration', version: 1, epoch: snapshot.epoch, revision: snapshot.revision, objects };
}

/** Reads a configuration file; throws `INVALID_OBJECT` naming what is wrong. */
export function parseConfigurationFile(text: string): ConfigurationFile {
  const file = parseJson(text);
  if (!isPlainObject(file) || file.type !== 'spectrum-configuration') {
    throw invalidFile('type', 'is not "spectrum-configuration"; this is not an exported configuration');
  }
  if (file.version !== 1) throw invalidFile('version', `${JSON.stringify(file.version)} cannot be read; upgrade first`);
  if (!Array.isArray(file.objects)) throw invalidFile('objects', 'is not a list');
  for (const [index, object] of file.objects.entries()) checkObject(object, index);
  return file as unknown as ConfigurationFile;
}

/** What an import would do to this configuration: the dry run, and what the import then carries out. */
export function planImport(
  snapshot: ConfigurationSnapshot,
  file: ConfigurationFile,
  others: ImportOptions['others'],
): ImportStep[] {
  const wanted = file.objects.filter((object) => !isPredefined(object)) as readonly (FileObject & {
    kind: ConfigurationKind;
  })[];
  const puts = [...wanted]
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .flatMap((object) => planPut(snapshot, object));
  return others === 'keep' ? puts : [...puts, ...planRemovals(snapshot, wanted)];
}

/** Carries out the plan, change by change; whoever runs it again after a failure goes on where it stopped. */
export async function importConfiguration(
  configuration: Configuration,
  file: ConfigurationFile,
  options: ImportOptions,
): Promise<ImportStep[]> {
  const { by, reason } = options;
  const steps = planImport(configuration.snapshot(), file, options.others);
  for (const { operation, kind, name, expected, value } of steps) {
    const change = { kind, name, by, reason, expected } as const;
    await configuration.write(
      operation === 'remove' ? { ...change, operation: 'delete' } : { ...change, operation: 'put', value },
    );
  }
  return steps;
}

/** The entries of one object's history, newest first. */
export async function* historyOf(
  configuration: ConfigurationDatabase,
  kind: ConfigurationKind,
  name: string,
): AsyncGenerator<AuditEntry> {
  for await (const entry of configuration.history()) if (entry.kind === kind && entry.name === name) yield entry;
}

/** Gives an object the value that it had at a revision; throws `UNKNOWN_OBJECT` when the history no longer has it. */
export async function restoreObject(
  configuration: ConfigurationDatabase,
  target: { readonly kind: ConfigurationKind; readonly name: string; readonly revision: number },
  by: string,
): Promise<ConfigurationCommit> {
  const { kind, name, revision } = target;
  const expected = configuration.snapshot().find(kind, name)?.revision ?? 'absent';
  for await (const entry of historyOf(configuration, kind, name)) {
    if (entry.revision !== revision || entry.value === undefined) continue;
    const value = JSON.parse(entry.value);
    return configuration.commit({ kind, name, operation: 'put', value, by, expected, reason: `restored ${revision}` });
  }
  const sentence = `${kind} ${JSON.stringify(name)} was not written at revision ${revision}, or that is compacted; see the archive`;
  throw new SpectrumError('UNKNOWN_OBJECT', sentence, { kind, name, revision });
}

function planPut(
  snapshot: ConfigurationSnapshot,
  { kind, name, value }: FileObject & { readonly kind: ConfigurationKind },
): ImportStep[] {
  const current = snapshot.find(kind, name);
  if (!current) return [{ operation: 'create', kind, name, expected: 'absent', value }];
  if (isSame(kind, value, current.value)) return [];
  return [{ operation: 'change', kind, name, expected: current.revision, value }];
}

function planRemovals(snapshot: ConfigurationSnapshot, wanted: readonly FileObject[]): ImportStep[] {
  const kept = new Set(wanted.map(({ kind, name }) => `${kind}/${name}`));
  return [...order]
    .reverse()
    .flatMap((kind) => snapshot.list(kind))
    .filter((object) => !kept.has(`${object.kind}/${object.name}`) && !isPredefined(object))
    .map(({ kind, name, revision }) => ({ operation: 'remove', kind, name, expected: revision }));
}

/** The format belongs to the cluster, and the predefined roles to the version. */
function isPredefined({ kind, name }: { readonly kind: string; readonly name: string }): boolean {
  if (kind === 'setting') return name === 'format';
  return kind === 'role' && Object.hasOwn(predefinedRoles, name);
}

/** A file without hidden fields is compared without them: an import keeps what it does not have. */
function isSame(kind: ConfigurationKind, value: unknown, current: unknown): boolean {
  const text = canonicalJson(value);
  return text === canonicalJson(current) || text === canonicalJson(hideSecrets(kind, current));
}

function checkObject(object: unknown, index: number): void {
  const place = `objects[${index}]`;
  if (!isPlainObject(object) || typeof object.name !== 'string' || typeof object.kind !== 'string') {
    throw invalidFile(place, 'has no kind and name');
  }
  if (isConfigurationKind(object.kind) && order.includes(object.kind)) return;
  throw invalidFile(`${place}.kind`, `${JSON.stringify(object.kind)} is not transferred; use ${order.join(', ')}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidFile('file', `is not JSON (${error instanceof Error ? error.message : error})`);
  }
}

function invalidFile(field: string, problem: string): SpectrumError {
  return new SpectrumError('INVALID_OBJECT', `Configuration file: ${field} ${problem}`, { field });
}
