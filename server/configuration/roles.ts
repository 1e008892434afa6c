import {
  type AccessControl,
  type ConfigurationSnapshot,
  type Permission,
  permissions,
  type Role,
  type User,
} from './model.ts';

/** Roles that every cluster has and nobody changes (platform reference section 2.2). */
export const predefinedRoles: Readonly<Record<string, Role>> = {
  admin: { description: 'Everything', permissions: { '*': permissions } },
  designer: {
    description: 'Creates, changes and runs dataflows and process flows',
    permissions: {
      Dataflows: permissions,
      'Dataflows - Expose': permissions,
      'Process Flows': permissions,
      'Process Flows - Expose': permissions,
      Schedules: permissions,
      Jobs: permissions,
      Stages: ['view', 'execute'],
      Services: ['view', 'execute'],
      'Database Resources': ['view', 'execute'],
      'Resources - JDBC Connections/Drivers': ['view', 'execute'],
      'Resources - File Servers': ['view', 'execute'],
    },
  },
  integrator: {
    description: 'Calls services and runs jobs and process flows; no design',
    permissions: {
      Services: ['view', 'execute'],
      Jobs: ['view', 'execute'],
      'Process Flows': ['view', 'execute'],
      'Database Resources': ['execute'],
    },
  },
  user: { description: 'Every user; nothing until overrides grant it', permissions: {} },
};

/** What rights are read from. */
export type RightsSource = Pick<ConfigurationSnapshot, 'find' | 'list'>;

/**
 * Whether a user may do this with an entity type, or with one entity of it: rights of several roles add up, and an
 * access-control entry for the entity replaces them, the user's own before the roles' (platform reference 2.2, 2.4).
 */
export function isPermitted(
  snapshot: RightsSource,
  userName: string,
  permission: Permission,
  entityType: string,
  entity?: string,
): boolean {
  const user = snapshot.find<User>('user', userName)?.value;
  if (!user?.enabled) return false;
  const roles = user.roles.flatMap((name) => snapshot.find<Role>('role', name)?.value ?? []);
  // Overrides refine; they cannot lock out whoever may do everything.
  if (roles.some((role) => role.permissions['*']?.includes(permission))) return true;
  const override = entity === undefined ? undefined : findOverride(snapshot, userName, user, entityType, entity);
  if (override) return override.includes(permission);
  return roles.some((role) => role.permissions[entityType]?.includes(permission));
}

function findOverride(
  snapshot: RightsSource,
  userName: string,
  user: User,
  entityType: string,
  entity: string,
): readonly Permission[] | undefined {
  const entries = snapshot
    .list<AccessControl>('access-control')
    .map(({ value }) => value)
    .filter((entry) => entry.entityType === entityType && entry.entity === entity);
  const own = entries.filter((entry) => entry.user === userName);
  const chosen = own.length > 0 ? own : entries.filter(({ role }) => role !== undefined && user.roles.includes(role));
  return chosen.length > 0 ? chosen.flatMap((entry) => entry.permissions) : undefined;
}
