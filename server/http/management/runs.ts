import { createHash } from 'node:crypto';
import { managementPaths } from '../../../contract/management.ts';
import { type RunCommand, type RunReport, type RunRequest, type RunView, runCommands } from '../../../contract/runs.ts';
import { canonicalJson } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { RequestKey, SentKey } from '../../foundation/request-key.ts';
import type { Route } from '../route.ts';
import type { Right } from '../security/permissions.ts';
import { type DeskProps, type Fields, type Handle, type ManagementCall, ManagementDesk } from './desk.ts';
import type { NotificationService, ProcessFlowService, ScheduleService } from './flow-services.ts';
import { formatRunReport, reportPolicy } from './run-report-page.ts';

/** What the gateway needs of the room that runs jobs. */
export interface JobService {
  /** @param key of the request: sent again with it, the run is answered and not repeated */
  submit(request: RunRequest, by: string, key?: RequestKey): Promise<RunView>;
  list(limit: number): Promise<readonly RunView[]>;
  get(id: string): Promise<RunView>;
  report(id: string): Promise<RunReport>;
  command(id: string, command: RunCommand): Promise<RunView>;
  /** The stage types, for palettes and forms. */
  stages(): Promise<readonly object[]>;
  /** Everything wrong with a dataflow. */
  check(document: unknown): Promise<readonly object[]>;
  /** Absent on a node that fires none. */
  readonly schedules?: ScheduleService;
  /** Absent on a node that runs none. */
  readonly processFlows?: ProcessFlowService;
  /** Absent on a node that sends no mail. */
  readonly notifications?: NotificationService;
}

export interface RunsProps extends DeskProps {
  /** Undefined on a node that has no folder for files of jobs. */
  readonly jobs?: JobService | undefined;
}

const listLimit = 100;
const longestList = 1_000;
const longestKey = 200;

/** URLs of runs of jobs. */
export function runsRoutes(props: RunsProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const jobs = () => {
    if (props.jobs !== undefined) return props.jobs;
    throw new SpectrumError(
      'INVALID_REQUEST',
      'This cluster runs no jobs: its nodes have no folder for files of jobs (SPECTRUM_JOB_FILES)',
    );
  };
  const run = `${managementPaths.runs}/:name`;
  return [
    { method: 'GET', path: managementPaths.runs, handler: desk.open(list(desk, jobs)) },
    { method: 'GET', path: run, handler: desk.open(get(desk, jobs)) },
    { method: 'GET', path: `${run}/report`, handler: desk.open(report(desk, jobs)) },
    { method: 'POST', path: managementPaths.runs, handler: desk.open(submit(desk, jobs)) },
    ...runCommands.map(
      (command): Route => ({
        method: 'POST',
        path: `${run}/${command}`,
        handler: desk.open(ask(desk, jobs, command)),
      }),
    ),
  ];
}

/** A right that may be given or taken for one dataflow, and so for its runs. */
function rightTo(permission: 'view' | 'execute', dataflow: string): Right {
  return { entityType: 'Jobs', permission, entity: dataflow };
}

function list(desk: ManagementDesk, jobs: () => JobService): Handle {
  return async (call) => {
    const limit = readLimit(call.query);
    const isVisible = ({ dataflow }: RunView) => call.caller.mayOnce(rightTo('view', dataflow));
    const newest = await jobs().list(limit);
    let items = newest.filter(isVisible);
    // Runs that the caller may not view do not take the places of those that they may.
    const hasMore = newest.length === limit && limit < longestList;
    if (items.length < newest.length && hasMore) items = (await jobs().list(longestList)).filter(isVisible);
    // Overrides may show the runs of single dataflows to whoever may not view the others.
    if (items.length === 0) desk.assertPermitted(call, { entityType: 'Jobs', permission: 'view' });
    desk.send(call.reply, { items: items.slice(0, limit) });
  };
}

function get(desk: ManagementDesk, jobs: () => JobService): Handle {
  return async (call) => desk.send(call.reply, await findPermitted(desk, jobs(), call, 'view'));
}

/** HTML for whoever asks for it, by `format` or as browsers do. */
function report(desk: ManagementDesk, jobs: () => JobService): Handle {
  return async (call) => {
    const { id } = await findPermitted(desk, jobs(), call, 'view');
    const found = await jobs().report(id);
    const format = call.query.get('format') ?? (call.request.headers.accept?.startsWith('text/html') ? 'html' : 'json');
    if (format !== 'html' && format !== 'json') throw refuse('format', format, 'html or json');
    if (format === 'json') return desk.send(call.reply, found);
    call.reply
      .header('content-type', 'text/html;charset=utf-8')
      .header('content-security-policy', reportPolicy)
      .header('x-content-type-options', 'nosniff')
      .send(formatRunReport(found));
  };
}

function ask(desk: ManagementDesk, jobs: () => JobService, command: RunCommand): Handle {
  return async (call) => {
    const { id } = await findPermitted(desk, jobs(), call, 'execute');
    desk.send(call.reply.code(202), await jobs().command(id, command));
  };
}

async function findPermitted(
  desk: ManagementDesk,
  jobs: JobService,
  call: ManagementCall,
  permission: 'view' | 'execute',
): Promise<RunView> {
  const run = await jobs.get(call.name);
  desk.assertPermitted(call, rightTo(permission, run.dataflow));
  return run;
}

function submit(desk: ManagementDesk, jobs: () => JobService): Handle {
  return async (call) => {
    const wanted = readRequest(await desk.readObject(call.request));
    desk.assertPermitted(call, rightTo('execute', wanted.dataflow));
    desk.send(call.reply.code(202), await jobs().submit(wanted, call.caller.name, readKey(call, wanted)));
  };
}

/** What the caller names a request by; it meets no key of another caller, nor one of a schedule or a process flow. */
export function readKey({ caller, request }: ManagementCall, asked: unknown): SentKey | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const given = String(header);
  if (given === '' || given.length > longestKey)
    throw refuse('Idempotency-Key', given, `1 to ${longestKey} characters`);
  const digest = createHash('sha256').update(canonicalJson(asked)).digest('hex');
  return { name: `request/${caller.name}/${given}`, given, digest };
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

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `limit` of the query: 100 when absent, at most 1,000. */
export function readLimit(query: URLSearchParams): number {
  const given = query.get('limit') ?? String(listLimit);
  const limit = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (limit >= 1 && limit <= longestList) return limit;
  throw refuse('limit', given, `a whole number from 1 to ${longestList}`);
}

export function refuse(field: string, given: unknown, allowed: string): SpectrumError {
  const shown = JSON.stringify(given)?.slice(0, 100) ?? 'nothing';
  return new SpectrumError('INVALID_REQUEST', `${field}: ${shown} is not allowed; use ${allowed}`, { field, allowed });
}
