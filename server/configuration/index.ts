export { type Archive, formatArchived, openFolderArchive } from './archive.ts';
export { bootstrapConfiguration } from './bootstrap.ts';
export { canonicalJson } from './canonical.ts';
export { openDynamoTable, type TableSettings } from './dynamodb.ts';
export { staleAfterMs } from './follower.ts';
export { findValueAt, historyOf } from './history.ts';
export { supportedFormat } from './kinds.ts';
export type {
  AuditEntry,
  Configuration,
  ConfigurationCommit,
  ConfigurationKind,
  ConfigurationObject,
  ConfigurationSnapshot,
  ConfigurationWrite,
  DatabaseResource,
  NodeGroup,
  Permission,
  TokenKey,
  TokenRevocation,
  User,
} from './model.ts';
export { ensureConfigurationTables, type NodeConfiguration, openConfiguration } from './open.ts';
export { isPermitted } from './roles.ts';
export { openSecrets, sealSecrets } from './sealed-secrets.ts';
export {
  type Attributes,
  type Condition,
  type Item,
  numberOf,
  optionalTextOf,
  type Reading,
  type Table,
  TableError,
  textOf,
} from './table.ts';
export { pause, systemTiming, type Timing } from './timing.ts';
export {
  afterImport,
  type ConfigurationFile,
  exportConfiguration,
  type FileObject,
  type ImportStep,
  parseConfigurationFile,
  planImport,
  toWrite,
  transferredKinds,
} from './transfer.ts';
export { hideSecrets } from './visibility.ts';
