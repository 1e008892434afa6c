export { JobRunner } from './job-runner.ts';
export { createWorkerStarter } from './job-worker.ts';
export { Jobs } from './jobs.ts';
export { RemoteServices } from './remote-services.ts';
export { RunStore } from './run-store.ts';
export { createServiceAccess } from './service-access.ts';
export { startServiceThread } from './service-thread.ts';
export {
  CallingThread,
  createCallAnswerer,
  type ServiceCall,
  type ServiceThread,
  ServiceThreads,
} from './service-threads.ts';
export { createSpillFolder, type SpillFolder } from './spill-folder.ts';
export { type StatementReply, type StatementTask, startStatement } from './statement-thread.ts';
export { Work } from './work.ts';
export type { WorkerCommand, WorkerMessage, WorkerTask } from './worker-protocol.ts';
