export { FlowRunStore } from './flow-run-store.ts';
export { FlowRunner } from './flow-runner.ts';
export { ProcessFlows } from './process-flows.ts';
export { createProgramStarter, type Program, type Statement } from './program.ts';
