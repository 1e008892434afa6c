import { randomBytes } from 'node:crypto';
import { SpectrumError } from '../foundation/errors.ts';
import { isPlainObject } from '../foundation/schema.ts';
import { canonicalJson } from './canonical.ts';
import { type Difference, listDifferences } from './differences.ts';
import { isConfigurationKind } from './kinds.ts';
import type { Configuration, ConfigurationKind, ConfigurationSnapshot, ConfigurationWrite } from './model.ts';
import { dataflowsIn } from './references.ts';
import { predefinedRoles } from './roles.ts';
import type { SealedSecrets } from './sealed-secrets.ts';
import { hideSecrets } from './visibility.ts';

/** A whole configuration as one JSON file. */
export interface ConfigurationFile {
  readonly type: 'spectrum-configuration';
  readonly version: 1;
  readonly epoch: number;
  readonly revision: number;
  readonly objects: readonly FileObject[];
  /** Hidden fields that the objects leave out. */
  readonly sealed?: SealedSecrets;
}

export interface FileObject {
  readonly kind: ConfigurationKind;
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
  readonly differences: readonly Difference[];
  /** The file does not have the password of a user that is created: somebody has to set one. */
  readonly needsPassword?: true;
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
export const transferredKinds: readonly ConfigurationKind[] = [
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
  const objects = transferredKinds.flatMap((kind) =>
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
  const seen = new Set<string>();
  for (const [index, object] of file.objects.entries()) checkObject(object, index, seen);
  return file as unknown as ConfigurationFile;
}

/** What an import would do to this configuration: the dry run, and what the import then carries out. */
export function planImport(
  snapshot: ConfigurationSnapshot,
  file: ConfigurationFile,
  others: ImportOptions['others'],
): ImportStep[] {
  const wanted = file.objects.filter((object) => !isPredefined(object));
  const puts = usedFirst(wanted)
    .sort((a, b) => transferredKinds.indexOf(a.kind) - transferredKinds.indexOf(b.kind))
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
  for (const step of steps) await configuration.write(toWrite(step, by, reason));
  return steps;
}

/** The objects as a plan leaves them. */
export function afterImport(
  snapshot: ConfigurationSnapshot,
  steps: readonly ImportStep[],
): Pick<ConfigurationSnapshot, 'find' | 'list'> {
  const byObject = new Map(steps.map((step) => [`${step.kind}/${step.name}`, step]));
  const revision = snapshot.revision + 1;
  const toObject = <Value>({ kind, name, value }: ImportStep) => ({ kind, name, value: value as Value, revision });
  return {
    find<Value>(kind: ConfigurationKind, name: string) {
      const step = byObject.get(`${kind}/${name}`);
      if (step === undefined) return snapshot.find<Value>(kind, name);
      return step.operation === 'remove' ? undefined : toObject<Value>(step);
    },
    list<Value>(kind: ConfigurationKind) {
      const untouched = snapshot.list<Value>(kind).filter(({ name }) => !byObject.has(`${kind}/${name}`));
      const written = steps.filter((step) => step.kind === kind && step.operation !== 'remove');
      return [...untouched, ...written.map((step) => toObject<Value>(step))];
    },
  };
}

/** The change that carries out one step of a plan. */
export function toWrite(
  { operation, kind, name, expected, value }: ImportStep,
  by: string,
  reason: string | undefined,
): ConfigurationWrite {
  const change = { kind, name, by, reason, expected };
  return operation === 'remove' ? { ...change, operation: 'delete' } : { ...change, operation: 'put', value };
}

function planPut(snapshot: ConfigurationSnapshot, { kind, name, value: given }: FileObject): ImportStep[] {
  const current = snapshot.find(kind, name);
  if (current && isSame(kind, given, current.value)) return [];
  const needsPassword = kind === 'user' && !current && isPlainObject(given) && given.passwordHash === undefined;
  const value = needsPassword ? { ...given, passwordHash: hashOfNoPassword() } : given;
  const planned = { kind, name, value, differences: listDifferences(kind, current?.value, given) };
  if (current) return [{ operation: 'change', expected: current.revision, ...planned }];
  return [{ operation: 'create', expected: 'absent', ...planned, ...(needsPassword && { needsPassword }) }];
}

/** A hash that no password is known for. */
function hashOfNoPassword(): string {
  return `scrypt$16384$8$5$${randomBytes(16).toString('base64url')}$${randomBytes(32).toString('base64url')}`;
}

function planRemovals(snapshot: ConfigurationSnapshot, wanted: readonly FileObject[]): ImportStep[] {
  const kept = new Set(wanted.map(({ kind, name }) => `${kind}/${name}`));
  return [...transferredKinds]
    .reverse()
    .flatMap((kind) => usedFirst([...snapshot.list(kind)].reverse()).reverse())
    .filter((object) => !kept.has(`${object.kind}/${object.name}`) && !isPredefined(object))
    .map(({ kind, name, revision, value }) => ({
      operation: 'remove',
      kind,
      name,
      expected: revision,
      differences: listDifferences(kind, value, undefined),
    }));
}

/** A dataflow comes after those that it runs: none is exposed before its subflows. */
function usedFirst<Given extends FileObject>(objects: readonly Given[]): Given[] {
  const dataflows = new Map(objects.filter(({ kind }) => kind === 'dataflow').map((flow) => [flow.name, flow]));
  const ordered = new Set<Given>();
  const entered = new Set<Given>();
  const visit = (object: Given) => {
    if (entered.has(object)) return;
    entered.add(object);
    for (const used of dataflowsIn(object)) {
      const found = dataflows.get(String(used));
      if (found) visit(found);
    }
    ordered.add(object);
  };
  for (const object of objects) visit(object);
  return [...ordered];
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

function checkObject(object: unknown, index: number, seen: Set<string>): void {
  const place = `objects[${index}]`;
  if (!isPlainObject(object) || typeof object.name !== 'string' || typeof object.kind !== 'string') {
    throw invalidFile(place, 'has no kind and name');
  }
  if (!isConfigurationKind(object.kind) || !transferredKinds.includes(object.kind)) {
    const problem = `${JSON.stringify(object.kind)} is not transferred; use ${transferredKinds.join(', ')}`;
    throw invalidFile(`${place}.kind`, problem);
  }
  const key = `${object.kind}/${object.name}`;
  if (seen.has(key)) throw invalidFile(place, `is ${key} once more; keep one of them`);
  seen.add(key);
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
