export { bootstrapConfiguration } from './bootstrap.ts';
export { openDynamoTable, type TableSettings } from './dynamodb.ts';
export { supportedFormat } from './kinds.ts';
export type {
  Configuration,
  ConfigurationCommit,
  ConfigurationKind,
  ConfigurationObject,
  ConfigurationSnapshot,
  ConfigurationWrite,
  DatabaseResource,
  Permission,
  TokenKey,
  TokenRevocation,
  User,
} from './model.ts';
export { ensureConfigurationTables, openConfiguration } from './open.ts';
export { isPermitted } from './roles.ts';
export {
  type Attributes,
  type Condition,
  type Item,
  numberOf,
  type Reading,
  type Table,
  TableError,
  textOf,
} from './table.ts';
export { pause, systemTiming, type Timing } from './timing.ts';
export { hideSecrets } from './visibility.ts';
