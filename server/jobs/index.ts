export { JobRunner } from './job-runner.ts';
export { createWorkerStarter } from './job-worker.ts';
export { Jobs } from './jobs.ts';
export { RunStore } from './run-store.ts';
export { createServiceAccess } from './service-access.ts';
export { startServiceThread } from './service-thread.ts';
export { createCallAnswerer, type ServiceCall, ServiceThreads } from './service-threads.ts';
export { Work } from './work.ts';
export type { WorkerCommand, WorkerTask } from './worker-protocol.ts';
