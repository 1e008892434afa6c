import { type ConfigurationKind, type ConfigurationObject, hideSecrets } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { hashPassword } from '../security/passwords.ts';
import type { Right } from '../security/permissions.ts';

/** A kind of configuration object as `/api` shows it. */
export interface ManagedResource {
  readonly kind: ConfigurationKind;
  /** Last part of the collection's path. */
  readonly path: string;
  readonly entityType: Right['entityType'];
  readonly isWritable: boolean;
  /** The value to store for what a caller sent. */
  accept(sent: Fields, isNew: boolean): Promise<Fields> | Fields;
}

export type Fields = Readonly<Record<string, unknown>>;

const passwordCharacters = { minimum: 8, maximum: 256 } as const;

/** Every kind under `/api`. The console, the commands and programs all come through here. */
export const managedResources: readonly ManagedResource[] = [
  {
    kind: 'user',
    path: 'users',
    entityType: 'Security - Users',
    isWritable: true,
    accept: acceptUser,
  },
  { kind: 'role', path: 'roles', entityType: 'Security - Roles', isWritable: false, accept: same },
  {
    kind: 'database-resource',
    path: 'database-resources',
    entityType: 'Database Resources',
    isWritable: true,
    accept: same,
  },
];

/** `{name, revision, …value}` as answers carry it. */
export function present(resource: ManagedResource, object: ConfigurationObject<Fields>, epoch: number): Fields {
  return {
    name: object.name,
    revision: `${epoch}.${object.revision}`,
    ...(hideSecrets(resource.kind, object.value) as Fields),
  };
}

/** The hash to store for a password; throws `INVALID_OBJECT` when it is too short or too long. */
export function acceptPassword(password: unknown): Promise<string> {
  const { minimum, maximum } = passwordCharacters;
  if (typeof password !== 'string' || password.length < minimum || password.length > maximum) {
    throw new SpectrumError('INVALID_OBJECT', `password: send text of ${minimum} to ${maximum} characters`, {
      field: 'password',
    });
  }
  return hashPassword(password);
}

function same(value: Fields): Fields {
  return value;
}

/** `password` in, `passwordHash` stored; a hash itself is never taken from outside. Without a password the old one stays. */
async function acceptUser(sent: Fields, isNew: boolean): Promise<Fields> {
  const { password, ...value } = sent;
  if ('passwordHash' in value) {
    throw new SpectrumError('INVALID_OBJECT', 'passwordHash is not accepted; send password', { field: 'passwordHash' });
  }
  return password === undefined && !isNew ? value : { ...value, passwordHash: await acceptPassword(password) };
}
