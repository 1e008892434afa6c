export { createLease, type Lease, type LeaseOptions } from './leases.ts';
export { createLoginGuard, type LoginGuard, type LoginStanding } from './login-guard.ts';
export { Readiness } from './readiness.ts';
export { listNodes, lowestFormat, type NodeRegistration, registerNode } from './registrations.ts';
export { WorkerGroup } from './worker-group.ts';
