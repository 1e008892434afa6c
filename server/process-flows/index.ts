export { FlowRunStore } from './flow-run-store.ts';
export { FlowRunner } from './flow-runner.ts';
export { ProcessFlows } from './process-flows.ts';
export { createProgramStarter } from './program.ts';
