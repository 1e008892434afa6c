export { administratorName, type BootstrapOptions, type BootstrapResult, bootstrapConfiguration } from './bootstrap.ts';
export type { TableSettings } from './dynamodb.ts';
export type {
  Configuration,
  ConfigurationCommit,
  ConfigurationKind,
  ConfigurationObject,
  ConfigurationSnapshot,
  ConfigurationWrite,
  DatabaseResource,
  Permission,
  Role,
  User,
} from './model.ts';
export { type ConfigurationOptions, ensureConfigurationTables, openConfiguration } from './open.ts';
export { isPermitted, predefinedRoles } from './roles.ts';
export { hideSecrets } from './visibility.ts';
