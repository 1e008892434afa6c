import { managementPaths } from '../../../contract/management.ts';
import { type RunCommand, type RunRequest, type RunView, runCommands } from '../../../contract/runs.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { Route } from '../route.ts';
import { type DeskProps, type Fields, type Handle, ManagementDesk } from './desk.ts';

/** What the gateway needs of the room that runs jobs. */
export interface JobService {
  submit(request: RunRequest, by: string): Promise<RunView>;
  list(limit: number): Promise<readonly RunView[]>;
  get(id: string): Promise<RunView>;
  command(id: string, command: RunCommand): Promise<RunView>;
  /** The stage types, for palettes and forms. */
  stages(): readonly object[];
  /** Everything wrong with a dataflow. */
  check(document: unknown): readonly object[];
}

export interface RunsProps extends DeskProps {
  /** Undefined on a node that has no folder for files of jobs. */
  readonly jobs?: JobService | undefined;
}

const listLimit = 100;

/** URLs of runs of jobs, and what a designer of dataflows needs. */
export function runsRoutes(props: RunsProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const jobs = () => {
    if (props.jobs !== undefined) return props.jobs;
    throw new SpectrumError(
      'INVALID_REQUEST',
      'This cluster runs no jobs: its nodes have no folder for files of jobs (SPECTRUM_JOB_FILES)',
    );
  };
  const on = (method: 'GET' | 'POST', path: string, permission: 'view' | 'execute', handle: Handle): Route => ({
    method,
    path,
    handler: desk.guarded({ entityType: 'Jobs', permission }, handle),
  });
  const run = `${managementPaths.runs}/:name`;
  return [
    on('GET', managementPaths.runs, 'view', async ({ reply, query }) =>
      desk.send(reply, { items: await jobs().list(readLimit(query)) }),
    ),
    on('GET', run, 'view', async ({ reply, name }) => desk.send(reply, await jobs().get(name))),
    { method: 'POST', path: managementPaths.runs, handler: desk.open(submit(desk, jobs)) },
    ...runCommands.map((command) =>
      on('POST', `${run}/${command}`, 'execute', async ({ reply, name }) => {
        desk.send(reply.code(202), await jobs().command(name, command));
      }),
    ),
    {
      method: 'GET',
      path: managementPaths.stages,
      handler: desk.guarded({ entityType: 'Stages', permission: 'view' }, ({ reply }) =>
        desk.send(reply, { items: jobs().stages() }),
      ),
    },
    {
      method: 'POST',
      path: managementPaths.dataflowCheck,
      handler: desk.guarded({ entityType: 'Dataflows', permission: 'view' }, async ({ request, reply }) =>
        desk.send(reply, { problems: jobs().check(await desk.readObject(request)) }),
      ),
    },
  ];
}

function submit(desk: ManagementDesk, jobs: () => JobService): Handle {
  return async (call) => {
    const wanted = readRequest(await desk.readObject(call.request));
    desk.assertPermitted(call, { entityType: 'Jobs', permission: 'execute', entity: wanted.dataflow });
    desk.send(call.reply.code(202), await jobs().submit(wanted, call.caller.name));
  };
}

function readRequest(fields: Fields): RunRequest {
  const { dataflow, options, files, ...unknown } = fields;
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw refuse(other, unknown[other], 'dataflow, options and files');
  if (typeof dataflow !== 'string' || dataflow === '') throw refuse('dataflow', dataflow, 'the name of a dataflow');
  if (options !== undefined && !isObject(options)) throw refuse('options', options, 'an object of options by name');
  const isText = isObject(files) && Object.values(files).every((path) => typeof path === 'string');
  if (files !== undefined && !isText) throw refuse('files', files, 'an object of paths by label of the stage');
  return { dataflow, ...(options && { options }), ...(isText && { files: files as Record<string, string> }) };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readLimit(query: URLSearchParams): number {
  const given = query.get('limit') ?? String(listLimit);
  const limit = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (limit >= 1 && limit <= 1_000) return limit;
  throw refuse('limit', given, 'a whole number from 1 to 1000');
}

function refuse(field: string, given: unknown, allowed: string): SpectrumError {
  const shown = JSON.stringify(given)?.slice(0, 100) ?? 'nothing';
  return new SpectrumError('INVALID_REQUEST', `${field}: ${shown} is not allowed; use ${allowed}`, { field, allowed });
}
