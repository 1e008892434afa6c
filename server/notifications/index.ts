export { Mailer } from './mailer.ts';
export { describeFlowEnd, describeFlowStart, describeJobEnd, describeJobStart } from './message.ts';
export { Outbox } from './outbox.ts';
