import { SpectrumError } from '../foundation/errors.ts';
import {
  type AccessControl,
  type ConfigurationKind,
  type ConfigurationSnapshot,
  type ConfigurationWrite,
  type Permission,
  permissions,
  type Role,
  type User,
} from './model.ts';
import { isPermitted, type RightsSource } from './roles.ts';

/** A permission that somebody has after a change, and by what. */
interface Grant {
  readonly permission: Permission;
  readonly entityType: string;
  readonly entity?: string;
  /** What the author of the change cannot do, such as `give the role designer`. */
  readonly deed: string;
  readonly role?: string;
}

/**
 * Refuses with `NOT_PERMITTED` a change that gives anybody a permission that its author lacks: by a role, by what is in
 * a role, by an override or the end of one, by losing a role that held them back, or by a way into another user's
 * account.
 * @param value what the object becomes; undefined when it is deleted
 */
export function assertMayGrant(snapshot: ConfigurationSnapshot, write: ConfigurationWrite, value: unknown): void {
  const { by } = write;
  for (const grant of listGrants(snapshot, write, value)) {
    const { permission, entityType, entity, deed, role } = grant;
    if (isPermitted(snapshot, by, permission, entityType, entity)) continue;
    const what = `${entityType === '*' ? 'every type' : entityType}${entity === undefined ? '' : `: ${entity}`}`;
    throw new SpectrumError(
      'NOT_PERMITTED',
      `User ${by} cannot ${deed}: ${by} has no ${permission} permission on ${what}, and nobody gives more than they have`,
      { entityType, permission, ...(entity !== undefined && { entity }), ...(role !== undefined && { role }) },
    );
  }
}

function listGrants(snapshot: ConfigurationSnapshot, write: ConfigurationWrite, value: unknown): readonly Grant[] {
  const before = snapshot.find(write.kind, write.name)?.value;
  switch (write.kind) {
    case 'user':
      return value === undefined ? [] : grantsToUser(snapshot, write, value as User, before as User | undefined);
    case 'role':
      return value === undefined ? [] : grantsOfRole(write.name, value as Role, before as Role | undefined);
    case 'access-control':
      return grantsOfOverride(snapshot, write.name, value as AccessControl, before as AccessControl | undefined);
    default:
      return [];
  }
}

function grantsToUser(
  snapshot: ConfigurationSnapshot,
  { name, by }: ConfigurationWrite,
  user: User,
  before: User | undefined,
): readonly Grant[] {
  const isLetIn = user.enabled && before?.enabled === false;
  // Whoever knows the new password is that user.
  const isTaken = before !== undefined && before.passwordHash !== user.passwordHash && name !== by;
  const isNew = (role: string) => !before?.roles.includes(role);
  const roles = isLetIn || isTaken ? user.roles : user.roles.filter(isNew);
  return [
    ...roles.flatMap((role) => {
      const taking = `${isTaken ? 'change the password of' : 'enable'} ${name}, who has the role ${role}`;
      const deed = isNew(role) ? `give the role ${role}` : taking;
      const ofRole = grantsIn(snapshot.find<Role>('role', role)?.value);
      const overrides = listOverrides(snapshot).filter((override) => override.role === role);
      return [...ofRole, ...overrides.flatMap(grantsBy)].map((grant) => ({ ...grant, deed, role }));
    }),
    ...(isTaken || isLetIn ? listOverrides(snapshot) : [])
      .filter((override) => override.user === name)
      .flatMap(grantsBy)
      .map((grant) => ({ ...grant, deed: `${isTaken ? 'change the password of' : 'enable'} ${name}` })),
    ...(before ? grantsByLoss(snapshot, name, user, before) : []),
  ];
}

/** An override of a role holds back whoever has the role, and no longer whoever has lost it. */
function grantsByLoss(snapshot: ConfigurationSnapshot, name: string, user: User, before: User): readonly Grant[] {
  const lost = before.roles.filter((role) => !user.roles.includes(role));
  if (lost.length === 0) return [];
  const after: RightsSource = {
    find<Value>(kind: ConfigurationKind, wanted: string) {
      const found = snapshot.find<Value>(kind, wanted);
      return found && kind === 'user' && wanted === name ? { ...found, value: user as Value } : found;
    },
    list: (kind) => snapshot.list(kind),
  };
  return listOverrides(snapshot)
    .filter(({ role }) => role !== undefined && lost.includes(role))
    .flatMap(({ role, entityType, entity }) =>
      permissions
        .filter((permission) => !isPermitted(snapshot, name, permission, entityType, entity))
        .filter((permission) => isPermitted(after, name, permission, entityType, entity))
        .map((permission) => ({ permission, entityType, entity, deed: `take the role ${role} from ${name}` })),
    );
}

function listOverrides(snapshot: ConfigurationSnapshot): readonly AccessControl[] {
  return snapshot.list<AccessControl>('access-control').map(({ value }) => value);
}

function grantsBy({ entityType, entity, permissions: given }: AccessControl): readonly Omit<Grant, 'deed'>[] {
  return given.map((permission) => ({ entityType, entity, permission }));
}

function grantsOfRole(name: string, role: Role, before: Role | undefined): readonly Grant[] {
  const had = ({ entityType, permission }: Pick<Grant, 'entityType' | 'permission'>) =>
    [entityType, '*'].some((type) => before?.permissions[type]?.includes(permission));
  return grantsIn(role)
    .filter((grant) => !had(grant))
    .map((grant) => {
      const what = `${grant.permission} on ${grant.entityType === '*' ? 'every type' : grant.entityType}`;
      return { ...grant, deed: `put ${what} into the role ${name}`, role: name };
    });
}

function grantsIn(role: Role | undefined): readonly Omit<Grant, 'deed'>[] {
  return Object.entries(role?.permissions ?? {}).flatMap(([entityType, given]) =>
    given.map((permission) => ({ entityType, permission })),
  );
}

/** An override replaces what roles say, so that one that goes may give something too. */
function grantsOfOverride(
  snapshot: ConfigurationSnapshot,
  name: string,
  value: AccessControl | undefined,
  before: AccessControl | undefined,
): readonly Grant[] {
  const isElsewhere = value && before && placeOf(value) !== placeOf(before);
  const kept = isElsewhere ? undefined : before;
  const given = (value?.permissions ?? []).filter((permission) => !kept?.permissions.includes(permission));
  const ended = before && (!value || isElsewhere) ? before : undefined;
  const withheld = permissions.filter((permission) => ended && withholds(snapshot, ended, permission));
  return [
    ...given.map((permission) => toGrant(value as AccessControl, permission, `allow it by the access control ${name}`)),
    ...withheld.map((permission) => toGrant(ended as AccessControl, permission, `end the access control ${name}`)),
  ];
}

function placeOf({ user, role, entityType, entity }: AccessControl): string {
  return JSON.stringify([user, role, entityType, entity]);
}

function toGrant({ entityType, entity }: AccessControl, permission: Permission, deed: string): Grant {
  return { permission, entityType, entity, deed };
}

/** Whether roles would allow it to those whom the override concerns. */
function withholds(snapshot: ConfigurationSnapshot, override: AccessControl, permission: Permission): boolean {
  const { entityType, entity, permissions: given } = override;
  if (given.includes(permission)) return false;
  const ofUser = override.user === undefined ? [] : (snapshot.find<User>('user', override.user)?.value.roles ?? []);
  const roles = [...ofUser, ...(override.role === undefined ? [] : [override.role])];
  const others = listOverrides(snapshot).filter((other) => other.entityType === entityType && other.entity === entity);
  return (
    roles.some((role) => snapshot.find<Role>('role', role)?.value.permissions[entityType]?.includes(permission)) ||
    others.some(({ role, permissions: also }) => role && roles.includes(role) && also.includes(permission))
  );
}
