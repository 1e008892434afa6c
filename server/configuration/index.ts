export type {
  Configuration,
  ConfigurationKind,
  ConfigurationObject,
  ConfigurationSnapshot,
  ConfigurationWrite,
  DatabaseResource,
  User,
} from './model.ts';
