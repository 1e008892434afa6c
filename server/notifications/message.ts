import type { ObjectValue } from '../../contract/kinds.ts';
import type { ProcessFlowRunView } from '../../contract/process-flows.ts';
import type { RunView } from '../../contract/runs.ts';

export type NotificationRule = ObjectValue<'notification'>;

/** A run that has begun or ended, of a job or a process flow, in the words of a mail. */
export interface ToldRun {
  readonly event: 'job-start' | 'job-end';
  readonly id: string;
  readonly kind: 'job' | 'process flow';
  readonly flow: string;
  readonly state: string;
  readonly malformedRecords: number;
  /** Sentences and figures, one a line. */
  readonly lines: readonly string[];
}

/** Whether the rule tells of it. */
export function isTold({ event, flow, outcomes, malformedOver }: NotificationRule, run: ToldRun): boolean {
  if (event !== run.event || (flow !== undefined && flow !== run.flow)) return false;
  if (event === 'job-start') return true;
  // What an older version has saved names no outcomes.
  const told: readonly string[] = outcomes ?? ['failed'];
  const isMalformed = told.includes('malformed') && run.malformedRecords > (malformedOver ?? 0);
  return isMalformed || told.includes(run.state);
}

export function toSubject(cluster: string, { flow, state, malformedRecords }: ToldRun): string {
  const malformed = malformedRecords === 0 ? '' : `, ${malformedRecords} malformed records`;
  return `[spectrum ${cluster}] ${flow} ${state}${malformed}`;
}

export function toText({ id, kind, flow, state, lines }: ToldRun): string {
  return [`The ${kind} ${flow} ${state}.`, '', `Run: ${id}`, ...lines, ''].join('\n');
}

/** The start of a job. */
export function describeJobStart(run: RunView): ToldRun {
  const told = describeJobEnd(run);
  return { ...told, event: 'job-start', state: 'started', malformedRecords: 0, lines: told.lines.slice(0, 3) };
}

/** The end of a job. */
export function describeJobEnd(run: RunView): ToldRun {
  const { id, dataflow, version, state, submittedBy, submittedAt, startedAt, endedAt, stages, error } = run;
  const malformedRecords = stages.reduce((sum, stage) => sum + stage.malformedRecords, 0);
  const written = (stage: RunView['stages'][number]) =>
    Object.values(stage.recordsWritten).reduce((sum, count) => sum + count, 0);
  return {
    id,
    event: 'job-end',
    kind: 'job',
    flow: dataflow,
    state,
    malformedRecords,
    lines: [
      `Version: ${version}`,
      `Submitted: ${submittedAt} by ${submittedBy}`,
      ...(startedAt === undefined ? [] : [`Started: ${startedAt}`]),
      ...(endedAt === undefined ? [] : [`Ended: ${endedAt}`]),
      `Malformed records: ${malformedRecords}`,
      ...(error === undefined ? [] : [`Error: ${error}`]),
      '',
      ...stages.map(
        (stage) => `${stage.label} (${stage.type}): ${stage.recordsRead} records read, ${written(stage)} written`,
      ),
    ],
  };
}

/** The start of a process flow. */
export function describeFlowStart(run: ProcessFlowRunView): ToldRun {
  const told = describeFlowEnd(run);
  return { ...told, event: 'job-start', state: 'started', lines: told.lines.slice(0, 3) };
}

/** The end of a process flow. */
export function describeFlowEnd(run: ProcessFlowRunView): ToldRun {
  const { id, processFlow, version, state, submittedBy, submittedAt, startedAt, endedAt, activities } = run;
  return {
    id,
    event: 'job-end',
    kind: 'process flow',
    flow: processFlow,
    state,
    malformedRecords: 0,
    lines: [
      `Version: ${version}`,
      `Submitted: ${submittedAt} by ${submittedBy}`,
      ...(startedAt === undefined ? [] : [`Started: ${startedAt}`]),
      ...(endedAt === undefined ? [] : [`Ended: ${endedAt}`]),
      '',
      ...activities.map((activity) => {
        const more = [activity.run && `run ${activity.run}`, activity.error].filter(Boolean).join(', ');
        return `${activity.label} (${activity.type}): ${activity.state}${more && `, ${more}`}`;
      }),
    ],
  };
}
