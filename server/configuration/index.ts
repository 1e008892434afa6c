export { type Archive, openFolderArchive } from './archive.ts';
export { administratorName, type BootstrapOptions, type BootstrapResult, bootstrapConfiguration } from './bootstrap.ts';
export { compactLog } from './compaction.ts';
export { openDynamoTable, type TableSettings } from './dynamodb.ts';
export { type EpochPlan, startEpoch } from './epochs.ts';
export { toJsonSchema } from './json-schema.ts';
export { kinds, supportedFormat } from './kinds.ts';
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
export {
  type ConfigurationFile,
  exportConfiguration,
  historyOf,
  importConfiguration,
  parseConfigurationFile,
  planImport,
  restoreObject,
} from './transfer.ts';
export { hideSecrets } from './visibility.ts';
