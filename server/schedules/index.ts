export { ControlFiles } from './control-files.ts';
export type { FlowStarters } from './flow-starter.ts';
export { ScheduleStore } from './schedule-store.ts';
export { Scheduler } from './scheduler.ts';
export { Schedules } from './schedules.ts';
