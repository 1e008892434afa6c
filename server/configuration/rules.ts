import type { ObjectValue } from '../../contract/kinds.ts';
import { knownSettings } from '../../contract/known-settings.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { checkValue, isPlainObject, type RecordField } from '../foundation/schema.ts';
import { canonicalJson } from './canonical.ts';
import { largestValueBytes } from './chunks.ts';
import type { Fold } from './fold.ts';
import { assertMayGrant } from './grants.ts';
import { isConfigurationKind, kinds, supportedFormat } from './kinds.ts';
import type { ConfigurationKind, ConfigurationWrite, Role, User } from './model.ts';
import { referencesOf, usersOf } from './references.ts';
import { predefinedRoles } from './roles.ts';
import { findScheduleProblem } from './schedule-rules.ts';
import { hideSecrets } from './visibility.ts';
import type { Proposal } from './writer.ts';

/** Name of the setting that says which format every node understands. */
export const formatSetting = 'format';
const longestReason = 1_000;
const longestKey = 200;

/** The change for this copy of the configuration, or the refusal, as a sentence that names field and value. */
export function proposeWrite(fold: Fold, write: ConfigurationWrite, lowestFormat: number): Proposal {
  const { kind, name, by, reason } = write;
  checkWords(write);
  checkFormat(fold, kind);
  checkExpected(fold, write);
  checkPredefined(fold, write);
  if (write.operation === 'delete') {
    checkUnused(fold, kind, name);
    if (write.grants) assertMayGrant(fold, write, undefined);
    checkAdministratorStays(fold, write, undefined);
    return { operation: 'delete', kind, name, by, reason };
  }
  const value = completeValue(fold, write);
  checkReferences(fold, write, value);
  if (write.grants) assertMayGrant(fold, write, value);
  checkSchedule(write, value);
  checkRaisedFormat(fold, write, value, lowestFormat);
  checkAdministratorStays(fold, write, value);
  const text = canonicalJson(value);
  if (Buffer.byteLength(text) > largestValueBytes) {
    throw invalid(write, '', `is ${Buffer.byteLength(text)} bytes of JSON; at most ${largestValueBytes} are allowed`);
  }
  return { operation: 'put', kind, name, value: text, by, reason };
}

/** The format in force: 1 until it is raised. */
export function formatInForce(fold: Fold): number {
  const { value } = fold.find<{ value: unknown }>('setting', formatSetting)?.value ?? {};
  return typeof value === 'number' ? value : 1;
}

function checkWords(write: ConfigurationWrite): void {
  if (!isConfigurationKind(write.kind)) {
    throw new SpectrumError('INVALID_OBJECT', `kind: ${JSON.stringify(write.kind)} is unknown`, { field: 'kind' });
  }
  const { namePattern, nameAllowed } = kinds[write.kind];
  if (!namePattern.test(write.name)) {
    throw invalid(write, 'name', `${JSON.stringify(write.name)} is not allowed; use ${nameAllowed}`);
  }
  if ((write.reason ?? '').length > longestReason) {
    throw invalid(write, 'reason', `has more than ${longestReason} characters`);
  }
  const key = write.idempotencyKey;
  if (key !== undefined && (key.length === 0 || key.length > longestKey)) {
    throw invalid(write, 'idempotencyKey', `has ${key.length} characters; allowed are 1 to ${longestKey}`);
  }
}

function checkFormat(fold: Fold, kind: ConfigurationKind): void {
  const format = formatInForce(fold);
  if (format > supportedFormat) throw newerFormat(format);
  if (kinds[kind].since <= format) return;
  throw new SpectrumError(
    'CONFIGURATION_FORMAT',
    `${kind} needs configuration format ${kinds[kind].since}, and ${format} is in force; raise setting/format once every node is upgraded`,
    { kind, needed: kinds[kind].since, inForce: format },
  );
}

/** A format is never lowered, and raised only as far as every registered node understands. */
function checkRaisedFormat(fold: Fold, write: ConfigurationWrite, value: unknown, lowestFormat: number): void {
  if (write.kind !== 'setting' || write.name !== formatSetting) return;
  const wanted = isPlainObject(value) ? value.value : undefined;
  const inForce = formatInForce(fold);
  if (typeof wanted === 'number' && Number.isInteger(wanted) && wanted >= inForce && wanted <= lowestFormat) return;
  throw new SpectrumError(
    'CONFIGURATION_FORMAT',
    `setting/format: ${JSON.stringify(wanted)} is not allowed; use ${inForce} to ${lowestFormat}, the highest that every registered node understands`,
    { wanted, inForce, highest: lowestFormat },
  );
}

/** Refusal of a node that is older than the configuration it reads. */
export function newerFormat(format: number): SpectrumError {
  return new SpectrumError(
    'CONFIGURATION_FORMAT',
    `The configuration has format ${format}, this version writes up to ${supportedFormat}; upgrade this node`,
    { inForce: format, supported: supportedFormat },
  );
}

function checkExpected(fold: Fold, write: ConfigurationWrite): void {
  const { kind, name, expected } = write;
  const current = fold.find(kind, name);
  if (expected === 'absent' ? !current : current?.revision === expected) return;
  const facts = {
    kind,
    name,
    expected,
    revision: current?.revision,
    current: current && hideSecrets(kind, current.value),
  };
  if (!current) {
    throw new SpectrumError('UNKNOWN_OBJECT', `There is no ${kind} named ${JSON.stringify(name)}`, facts);
  }
  const sentence =
    expected === 'absent'
      ? `${kind} ${JSON.stringify(name)} exists already, at revision ${current.revision}`
      : `${kind} ${JSON.stringify(name)} is at revision ${current.revision}, not ${expected}; read it again`;
  throw new SpectrumError('REVISION_CONFLICT', sentence, facts);
}

function checkPredefined(fold: Fold, { kind, name, operation }: ConfigurationWrite): void {
  if (kind === 'setting' && name === formatSetting && operation === 'delete') {
    throw new SpectrumError('NOT_PERMITTED', 'setting/format cannot be deleted: it is never lowered', { kind, name });
  }
  if (kind !== 'role' || !Object.hasOwn(predefinedRoles, name) || !fold.find(kind, name)) return;
  const sentence = `The role ${name} is predefined and cannot be changed; copy it under another name`;
  throw new SpectrumError('NOT_PERMITTED', sentence, { kind, name });
}

function completeValue(fold: Fold, write: ConfigurationWrite): unknown {
  const { kind, name } = write;
  const current = fold.find(kind, name)?.value;
  const { value, issues } = checkValue(schemaOf(write), write.value, current, '');
  const [first] = issues;
  if (!first) return value;
  const path = first.path || 'value';
  throw new SpectrumError('INVALID_OBJECT', `${kind} ${JSON.stringify(name)}: ${path} ${first.problem}`, {
    kind,
    name,
    field: path,
    issues: issues.map(({ path: field, ...issue }) => ({ field, ...issue })),
  });
}

/** A setting that this version knows has a form of its own. */
function schemaOf({ kind, name }: ConfigurationWrite): RecordField {
  const { schema } = kinds[kind];
  const known = kind === 'setting' && Object.hasOwn(knownSettings, name) ? knownSettings[name] : undefined;
  return known ? { ...schema, fields: { value: { field: known, absent: 'required' } } } : schema;
}

function checkReferences(fold: Fold, write: ConfigurationWrite, value: unknown): void {
  for (const { path, kind, name } of referencesOf(write.kind, value)) {
    if (!fold.find(kind, name))
      throw invalid(write, path, `names the ${kind} ${JSON.stringify(name)}, which does not exist`);
  }
}

function checkSchedule(write: ConfigurationWrite, value: unknown): void {
  if (write.kind !== 'schedule') return;
  const [field, problem] = findScheduleProblem(value as ObjectValue<'schedule'>) ?? [];
  if (field !== undefined && problem !== undefined) throw invalid(write, field, problem);
}

function checkUnused(fold: Fold, kind: ConfigurationKind, name: string): void {
  const users = usersOf(fold, kind, name);
  if (users.length === 0) return;
  throw new SpectrumError(
    'OBJECT_IN_USE',
    `${kind} ${JSON.stringify(name)} is used by ${users.slice(0, 10).join(', ')}${users.length > 10 ? ', …' : ''}; change these first`,
    { kind, name, users },
  );
}

/** Whoever removes the last enabled user with every permission could never be let in again. */
function checkAdministratorStays(fold: Fold, write: ConfigurationWrite, value: unknown): void {
  if (write.kind !== 'user' && write.kind !== 'role') return;
  if (isBuiltInStaying(fold, write)) return;
  const replaced = { kind: write.kind, name: write.name, value };
  const after = administrators(fold, replaced);
  if (after.length > 0 || administrators(fold).length === 0) return;
  throw new SpectrumError(
    'OBJECT_IN_USE',
    `${write.kind} ${JSON.stringify(write.name)} is what makes the last administrator; give another enabled user the role admin first`,
    { kind: write.kind, name: write.name, users: administrators(fold) },
  );
}

/** Spares looking at every user in all but the rarest cases. */
function isBuiltInStaying(fold: Fold, write: ConfigurationWrite): boolean {
  const isTouched = (kind: string, name: string) => write.kind === kind && write.name === name;
  const { value } = fold.find<User>('user', 'admin') ?? {};
  if (!value?.enabled || isTouched('user', 'admin')) return false;
  return value.roles.some((role) => !isTouched('role', role) && givesEverything(fold.find<Role>('role', role)?.value));
}

function administrators(fold: Fold, replaced?: { kind: string; name: string; value: unknown }): string[] {
  const roleOf = (name: string) =>
    replaced?.kind === 'role' && replaced.name === name
      ? (replaced.value as Role | undefined)
      : fold.find<Role>('role', name)?.value;
  const users = fold
    .list<User>('user')
    .map(({ name, value }) => ({ name, value }))
    .filter(({ name }) => replaced?.kind !== 'user' || replaced.name !== name);
  if (replaced?.kind === 'user' && replaced.value) users.push({ name: replaced.name, value: replaced.value as User });
  return users
    .filter(({ value }) => value.enabled && value.roles.some((role) => givesEverything(roleOf(role))))
    .map(({ name }) => name);
}

function givesEverything(role: Role | undefined): boolean {
  return role?.permissions['*']?.length === 5;
}

function invalid(write: ConfigurationWrite, field: string, problem: string): SpectrumError {
  const path = field || 'value';
  return new SpectrumError('INVALID_OBJECT', `${write.kind} ${JSON.stringify(write.name)}: ${path} ${problem}`, {
    kind: write.kind,
    name: write.name,
    field: path,
  });
}
