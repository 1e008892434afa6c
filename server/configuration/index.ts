export { administratorName, type BootstrapOptions, type BootstrapResult, bootstrapConfiguration } from './bootstrap.ts';
export { openDynamoTable, type TableSettings } from './dynamodb.ts';
export type {
  AuditEntry,
  Configuration,
  ConfigurationCommit,
  ConfigurationDatabase,
  ConfigurationKind,
  ConfigurationObject,
  ConfigurationSnapshot,
  ConfigurationStatus,
  ConfigurationWrite,
  DatabaseResource,
  Permission,
  Role,
  TokenKey,
  TokenRevocation,
  TokenSession,
  User,
} from './model.ts';
export { type ConfigurationOptions, ensureConfigurationTables, openConfiguration } from './open.ts';
export { isPermitted, predefinedRoles } from './roles.ts';
export { type Attributes, type Condition, type Item, numberOf, type Table, TableError, textOf } from './table.ts';
export { pause, systemTiming, type Timing } from './timing.ts';
export { hideSecrets } from './visibility.ts';
