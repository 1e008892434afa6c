import { type ConfigurationKind, type KindDefinition, kinds } from '../../../contract/kinds.ts';
import { collectionPath } from '../../../contract/management.ts';
import {
  defaultPasswordPolicy,
  findPasswordProblem,
  type PasswordPolicy,
  passwordPolicySetting,
} from '../../../contract/password-policy.ts';
import {
  type ConfigurationObject,
  type ConfigurationSnapshot,
  hideSecrets,
  type Permission,
} from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import { hashPassword } from '../security/passwords.ts';
import type { Right } from '../security/permissions.ts';
import type { Fields } from './desk.ts';
import { checkOptions } from './service-options.ts';

/** A kind of configuration object as the management API shows it. */
export interface ManagedResource {
  readonly kind: ConfigurationKind;
  readonly definition: KindDefinition;
  readonly path: string;
}

/** Every kind of the table has its collection. */
export const managedResources: readonly ManagedResource[] = Object.entries(kinds).map(([kind, definition]) => ({
  kind: kind as ConfigurationKind,
  definition,
  path: collectionPath(definition.collection),
}));

/** What a caller needs for an operation on a kind, or on one object of it; the one place that says so. */
export function rightTo(permission: Permission, kind: ConfigurationKind, entity?: string): Right {
  const { entityType } = kinds[kind];
  // Defaults are a part of their service: whoever may change it may save and forget them.
  const needed = kind === 'service-default' && permission !== 'view' ? 'modify' : permission;
  return { entityType, permission: needed, ...(entity === undefined ? {} : { entity }) };
}

/** `{name, revision, …value}` as answers carry it, without what never leaves the server. */
export function present({ kind, name, revision, value }: ConfigurationObject, epoch: number): Fields {
  return { name, revision: `${epoch}.${revision}`, ...(hideSecrets(kind, value) as Fields) };
}

export interface Acceptance {
  readonly snapshot: ConfigurationSnapshot;
  readonly services: readonly ServiceDefinition[];
}

interface SentObject {
  readonly kind: ConfigurationKind;
  readonly name: string;
  readonly value: Fields;
  readonly isNew: boolean;
}

/** The value to store for what a caller sent, where that is more than its schema says. */
export async function acceptValue({ kind, name, value, isNew }: SentObject, context: Acceptance): Promise<Fields> {
  if (kind === 'user') return acceptUser(value, isNew, context.snapshot);
  const service = kind === 'service-default' ? context.services.find((known) => known.name === name) : undefined;
  if (service && value.options !== undefined) checkOptions(service, value.options);
  return value;
}

/** The hash to store for a password; throws `INVALID_OBJECT` when the policy refuses it. */
export function acceptPassword(password: unknown, snapshot: ConfigurationSnapshot): Promise<string> {
  const saved = snapshot.find<{ readonly value: Partial<PasswordPolicy> }>('setting', passwordPolicySetting);
  const problem = findPasswordProblem(password, { ...defaultPasswordPolicy, ...saved?.value.value });
  if (problem === undefined) return hashPassword(password as string);
  throw new SpectrumError('INVALID_OBJECT', `password: ${problem}`, { field: 'password', allowed: problem });
}

/** `password` in, `passwordHash` stored; a hash itself is never taken from outside. Without a password the old one stays. */
async function acceptUser(sent: Fields, isNew: boolean, snapshot: ConfigurationSnapshot): Promise<Fields> {
  const { password, ...value } = sent;
  if ('passwordHash' in value) {
    throw new SpectrumError('INVALID_OBJECT', 'passwordHash is not accepted; send password', { field: 'passwordHash' });
  }
  if (password === undefined && !isNew) return value;
  return { ...value, passwordHash: await acceptPassword(password, snapshot) };
}
