import type { ObjectValue } from '../../../contract/kinds.ts';
import { managementPaths } from '../../../contract/management.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { Route } from '../route.ts';
import { type Handle, ManagementDesk } from './desk.ts';
import type { ScheduleService } from './flow-services.ts';
import { getObject } from './objects.ts';
import { type RunsProps, readKey, readLimit } from './runs.ts';

/** What there is of schedules besides the objects themselves. */
export function schedulesRoutes(props: RunsProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const service = () => {
    if (props.jobs?.schedules !== undefined) return props.jobs.schedules;
    throw new SpectrumError(
      'INVALID_REQUEST',
      'This cluster fires no schedules: its nodes have no folder for files of jobs (SPECTRUM_JOB_FILES)',
    );
  };
  const schedule = `${managementPaths.schedules}/:name`;
  return [
    { method: 'GET', path: `${schedule}/fires`, handler: desk.open(listFires(desk, service)) },
    { method: 'POST', path: `${schedule}/run`, handler: desk.open(runNow(desk, service)) },
  ];
}

function listFires(desk: ManagementDesk, service: () => ScheduleService): Handle {
  return async (call) => {
    desk.assertPermitted(call, { entityType: 'Schedules', permission: 'view', entity: call.name });
    desk.send(call.reply, await service().fires(call.name, readLimit(call.query)));
  };
}

/** By hand it is the caller who runs the flow, who must be allowed to. */
function runNow(desk: ManagementDesk, service: () => ScheduleService): Handle {
  return async (call) => {
    desk.assertPermitted(call, { entityType: 'Schedules', permission: 'execute', entity: call.name });
    const schedule = getObject(desk.snapshot(), 'schedule', call.name).value as ObjectValue<'schedule'>;
    const entityType = schedule.flowKind === 'dataflow' ? 'Jobs' : 'Process Flows';
    desk.assertPermitted(call, { entityType, permission: 'execute', entity: schedule.flow });
    desk.send(
      call.reply.code(202),
      await service().runNow(call.name, call.caller.name, readKey(call, call.name)?.name),
    );
  };
}
