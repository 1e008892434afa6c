/** What a role may allow on a secured entity type (platform reference section 2.2). */
export const permissions = ['create', 'view', 'modify', 'delete', 'execute'] as const;
export type Permission = (typeof permissions)[number];

/** Secured entity types (platform reference section 2.3); a role gives permissions on them by name. */
export const securedEntityTypes = [
  'Audit Log',
  'Database Resources',
  'Dataflows',
  'Dataflows - Expose',
  'Jobs',
  'Licensing',
  'Notification',
  'Platform',
  'Process Flows',
  'Process Flows - Expose',
  'Remote Servers',
  'Resources - File Servers',
  'Resources - JDBC Connections/Drivers',
  'Schedules',
  'Security - Access Control',
  'Security - Roles',
  'Security - Users',
  'Services',
  'Stages',
  'Tokens',
] as const;
export type SecuredEntityType = (typeof securedEntityTypes)[number];
