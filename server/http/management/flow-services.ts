import type { ProcessFlowProblem, ProcessFlowRequest, ProcessFlowRunView } from '../../../contract/process-flows.ts';
import type { FiresView, FireView } from '../../../contract/schedules.ts';
import type { RequestKey } from '../../foundation/request-key.ts';

/** What the gateway needs of the room that fires schedules. */
export interface ScheduleService {
  fires(name: string, limit: number): Promise<FiresView>;
  /** @param key of the request: sent again with it, nothing is started again */
  runNow(name: string, by: string, key?: string): Promise<FireView>;
}

/** What the gateway needs of the room that runs process flows. */
export interface ProcessFlowService {
  /** @param key of the request: sent again with it, the run is answered and not repeated */
  submit(request: ProcessFlowRequest, by: string, key?: RequestKey): Promise<ProcessFlowRunView>;
  list(limit: number): Promise<readonly ProcessFlowRunView[]>;
  get(id: string): Promise<ProcessFlowRunView>;
  cancel(id: string): Promise<ProcessFlowRunView>;
  check(document: unknown): Promise<readonly ProcessFlowProblem[]>;
}

/** What the gateway needs of the room that sends mail. */
export interface NotificationService {
  /** Sends a mail now and resolves with the recipients that the server took. */
  sendTest(recipients: readonly string[]): Promise<readonly string[]>;
}
