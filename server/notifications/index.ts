export { Mailer } from './mailer.ts';
export { describeJobEnd } from './message.ts';
export { Outbox } from './outbox.ts';
