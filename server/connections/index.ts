export type { ConnectionDefinition } from './database-settings.ts';
export { type Databases, openDatabases } from './databases.ts';
export { type FileServerDefinition, openFileServers } from './file-servers.ts';
export { openPrograms } from './programs.ts';
