export { Mailer } from './mailer.ts';
export { describeFlowEnd, describeJobEnd } from './message.ts';
export { Outbox } from './outbox.ts';
