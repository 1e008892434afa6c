export { createLoginGuard, type LoginGuard, type LoginStanding } from './login-guard.ts';
export { createMembership, type Membership } from './membership.ts';
export { declareNodeGroup } from './node-groups.ts';
export { findOwnAddress } from './own-address.ts';
export { createProcessorLoad } from './processor-load.ts';
export { Readiness } from './readiness.ts';
export type { NodeRegistration } from './registrations.ts';
export { WorkerGroup } from './worker-group.ts';
