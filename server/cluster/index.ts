export { Readiness } from './readiness.ts';
export { WorkerGroup } from './worker-group.ts';
