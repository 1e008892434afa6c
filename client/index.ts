export type { SentValue } from './collection.ts';
export { ManagementClient } from './management-client.ts';
export { ManagementError } from './management-error.ts';
export type { Runs } from './runs.ts';
