import type { FiresView, FireView } from '../../../contract/schedules.ts';

/** What the gateway needs of the room that fires schedules. */
export interface ScheduleService {
  fires(name: string, limit: number): Promise<FiresView>;
  /** @param key of the request: sent again with it, nothing is started again */
  runNow(name: string, by: string, key?: string): Promise<FireView>;
}
