import { managementPaths } from '../../../contract/management.ts';
import {
  type ProcessFlowRequest,
  type ProcessFlowRunView,
  processFlowSchema,
} from '../../../contract/process-flows.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { toJsonSchema } from '../../foundation/json-schema.ts';
import type { Route } from '../route.ts';
import type { Right } from '../security/permissions.ts';
import { type Fields, type Handle, type ManagementCall, ManagementDesk } from './desk.ts';
import type { ProcessFlowService } from './flow-services.ts';
import { isObject, type RunsProps, readKey, readLimit, refuse } from './runs.ts';

/** URLs of runs of process flows, and what a designer of them needs. */
export function processFlowsRoutes(props: RunsProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const service = () => {
    if (props.jobs?.processFlows !== undefined) return props.jobs.processFlows;
    throw new SpectrumError(
      'INVALID_REQUEST',
      'This cluster runs no process flows: its nodes have no folder for files of jobs (SPECTRUM_JOB_FILES)',
    );
  };
  const run = `${managementPaths.processFlowRuns}/:name`;
  const view: Right = { entityType: 'Process Flows', permission: 'view' };
  return [
    { method: 'GET', path: managementPaths.processFlowRuns, handler: desk.open(list(desk, service)) },
    { method: 'GET', path: run, handler: desk.open(get(desk, service)) },
    { method: 'POST', path: managementPaths.processFlowRuns, handler: desk.open(submit(desk, service)) },
    { method: 'POST', path: `${run}/cancel`, handler: desk.open(cancel(desk, service)) },
    {
      method: 'GET',
      path: managementPaths.processFlowSchema,
      handler: desk.guarded(view, ({ reply }) => desk.send(reply, toJsonSchema(processFlowSchema))),
    },
    {
      method: 'POST',
      path: managementPaths.processFlowCheck,
      handler: desk.guarded(view, async ({ request, reply }) =>
        desk.send(reply, { problems: await service().check(await desk.readObject(request)) }),
      ),
    },
  ];
}

/** A right that may be given or taken for one process flow, and so for its runs. */
function rightTo(permission: 'view' | 'execute', entity: string): Right {
  return { entityType: 'Process Flows', permission, entity };
}

function list(desk: ManagementDesk, service: () => ProcessFlowService): Handle {
  return async (call) => {
    const runs = await service().list(readLimit(call.query));
    const items = runs.filter(({ processFlow }) => call.caller.mayOnce(rightTo('view', processFlow)));
    // Overrides may show the runs of single flows to whoever may not view the others.
    if (items.length === 0) desk.assertPermitted(call, { entityType: 'Process Flows', permission: 'view' });
    desk.send(call.reply, { items });
  };
}

function get(desk: ManagementDesk, service: () => ProcessFlowService): Handle {
  return async (call) => desk.send(call.reply, await findPermitted(desk, service(), call, 'view'));
}

function cancel(desk: ManagementDesk, service: () => ProcessFlowService): Handle {
  return async (call) => {
    const { id } = await findPermitted(desk, service(), call, 'execute');
    desk.send(call.reply.code(202), await service().cancel(id));
  };
}

function submit(desk: ManagementDesk, service: () => ProcessFlowService): Handle {
  return async (call) => {
    const wanted = readRequest(await desk.readObject(call.request));
    desk.assertPermitted(call, rightTo('execute', wanted.processFlow));
    desk.send(call.reply.code(202), await service().submit(wanted, call.caller.name, readKey(call, wanted)));
  };
}

async function findPermitted(
  desk: ManagementDesk,
  service: ProcessFlowService,
  call: ManagementCall,
  permission: 'view' | 'execute',
): Promise<ProcessFlowRunView> {
  const run = await service.get(call.name);
  desk.assertPermitted(call, rightTo(permission, run.processFlow));
  return run;
}

function readRequest({ processFlow, variables, files, ...unknown }: Fields): ProcessFlowRequest {
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw refuse(other, unknown[other], 'processFlow, variables and files');
  if (typeof processFlow !== 'string' || processFlow === '') {
    throw refuse('processFlow', processFlow, 'the name of a process flow');
  }
  return {
    processFlow,
    ...(variables !== undefined && { variables: readTexts('variables', variables) }),
    ...(files !== undefined && { files: readTexts('files', files) }),
  };
}

function readTexts(field: string, given: unknown): Readonly<Record<string, string>> {
  const isTexts = isObject(given) && Object.values(given).every((value) => typeof value === 'string');
  if (isTexts) return given as Readonly<Record<string, string>>;
  throw refuse(field, given, 'an object of texts by name');
}
