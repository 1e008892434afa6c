export type { SentValue } from './collection.ts';
export type { DataflowRemark } from './dataflows.ts';
export { ManagementClient } from './management-client.ts';
export { ManagementError } from './management-error.ts';
export type { DataflowProblem, Runs } from './runs.ts';
