import type { ConfigurationSnapshot, Permission, Role, User } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';

/** Secured entity types that the gateway guards (platform reference section 2.3). */
export type EntityType = 'Services' | 'Security - Users' | 'Security - Roles' | 'Database Resources' | 'Platform';

/** What a request needs, such as Execute on Services. */
export interface Right {
  readonly entityType: EntityType;
  readonly permission: Permission;
}

/**
 * The roles that the first start writes (platform reference section 2.2). Rights of several roles add up; `user` has
 * none until overrides grant some.
 */
export const firstRoles: Readonly<Record<string, Role>> = {
  admin: {
    description: 'Everything',
    permissions: { '*': ['create', 'view', 'modify', 'delete', 'execute'] },
  },
  designer: {
    description: 'Creates, changes and runs dataflows and process flows',
    permissions: {
      Services: ['view', 'execute'],
      Dataflows: ['create', 'view', 'modify', 'delete', 'execute'],
      'Process Flows': ['create', 'view', 'modify', 'delete', 'execute'],
      'Database Resources': ['view'],
      Platform: ['view'],
    },
  },
  integrator: {
    description: 'Calls services and runs jobs; no design',
    permissions: { Services: ['execute'], Dataflows: ['execute'], 'Process Flows': ['execute'] },
  },
  user: { description: 'Every user; no rights of its own', permissions: {} },
};

/** Who is calling, as far as authorization is concerned. */
export interface Caller {
  readonly name: string;
  /** Entity type, or `*`, to permissions. */
  readonly rights: ReadonlyMap<string, ReadonlySet<Permission>>;
}

/** The caller that a user of the configuration is: the sum of what its roles give. */
export function createCaller(snapshot: ConfigurationSnapshot, name: string): Caller {
  const rights = new Map<string, Set<Permission>>();
  for (const roleName of snapshot.find<User>('user', name)?.value.roles ?? []) {
    const role = snapshot.find<Role>('role', roleName)?.value;
    for (const [entityType, given] of Object.entries(role?.permissions ?? {})) {
      const sum = rights.get(entityType) ?? new Set();
      rights.set(entityType, sum);
      for (const permission of given) sum.add(permission);
    }
  }
  return { name, rights };
}

/** The caller again; throws `NOT_PERMITTED` naming the right that the caller lacks. */
export function assertPermitted(caller: Caller, { entityType, permission }: Right, what: string): Caller {
  const { rights } = caller;
  if (rights.get('*')?.has(permission) || rights.get(entityType)?.has(permission)) return caller;
  throw new SpectrumError(
    'NOT_PERMITTED',
    `User ${caller.name} may not use ${what}; it takes ${permission} on ${entityType}, which an administrator gives by a role`,
    { entityType, permission },
  );
}
