import type {
  Activity,
  ActivityState,
  ActivityView,
  ProcessFlowDocument,
  Transition,
} from '../../contract/process-flows.ts';

/** How far one activity is, in what is stored. */
export type ActivityProgress = Pick<
  ActivityView,
  'state' | 'run' | 'returnCode' | 'startedAt' | 'endedAt' | 'error'
> & {
  /** Lease epoch of the owner that began it. */
  readonly epoch?: number;
};

export type Progress = Readonly<Record<string, ActivityProgress>>;

/** What follows from how far the activities are. */
export interface NextSteps {
  /** May begin now. */
  readonly start: readonly string[];
  /** On no way that can still be taken. */
  readonly skip: readonly string[];
  /** How the flow ends; undefined while something runs or may begin. */
  readonly outcome?: 'succeeded' | 'failed';
}

const open: ReadonlySet<ActivityState> = new Set(['waiting', 'running']);

export function toProgress({ activities }: ProcessFlowDocument): Progress {
  return Object.fromEntries(activities.map(({ id }) => [id, { state: 'waiting' }]));
}

/**
 * The steps that a document and the ends of its activities lead to. A failed activity with no way for its end fails the
 * flow once nothing runs any more, unless an activity `success` was reached.
 */
export function findNextSteps(document: ProcessFlowDocument, progress: Progress): NextSteps {
  const stateOf = (id: string) => progress[id]?.state ?? 'waiting';
  const waiting = document.activities.filter(({ id }) => stateOf(id) === 'waiting');
  const decisions = waiting.map((activity) => [activity.id, decide(document, progress, activity)] as const);
  const start = decisions.filter(([, decision]) => decision === 'start').map(([id]) => id);
  const skip = decisions.filter(([, decision]) => decision === 'skip').map(([id]) => id);
  const isOver = start.length + skip.length === 0 && !document.activities.some(({ id }) => open.has(stateOf(id)));
  return { start, skip, ...(isOver && { outcome: outcomeOf(document, progress) }) };
}

function decide(document: ProcessFlowDocument, progress: Progress, { id, input }: Activity): 'start' | 'skip' | 'wait' {
  const ways = document.transitions.filter(({ to }) => to === id).map((way) => isTaken(document, progress, way));
  if (ways.length === 0) return 'start';
  if (input === 'first') {
    if (ways.includes(true)) return 'start';
    return ways.includes(undefined) ? 'wait' : 'skip';
  }
  if (ways.includes(false)) return 'skip';
  return ways.includes(undefined) ? 'wait' : 'start';
}

/** Undefined while that is not known. */
function isTaken(document: ProcessFlowDocument, progress: Progress, way: Transition): boolean | undefined {
  const ended = progress[way.from];
  if (ended === undefined || open.has(ended.state)) return undefined;
  if (ended.state === 'skipped') return false;
  const activity = document.activities.find(({ id }) => id === way.from);
  return takenFrom(document, ended, activity).includes(way);
}

function takenFrom(
  { transitions }: ProcessFlowDocument,
  ended: ActivityProgress,
  activity: Activity | undefined,
): readonly Transition[] {
  const ways = transitions.filter(({ from }) => from === activity?.id);
  const holding = ways.filter((way) => way.when !== 'otherwise' && holds(way, ended));
  const taken = holding.length > 0 ? holding : ways.filter(({ when }) => when === 'otherwise');
  return activity?.output === 'first' ? taken.slice(0, 1) : taken;
}

function holds({ when, outcomes, returnCodes }: Transition, { state, returnCode }: ActivityProgress): boolean {
  if (when === 'simple') return state === 'succeeded';
  const isNamed = (outcomes as readonly string[]).includes(state);
  return isNamed || (returnCode !== undefined && matchesCode(returnCodes, returnCode));
}

/** Whether a code is one of these, or in one of these ranges. */
export function matchesCode(codes: readonly string[], code: number): boolean {
  return codes.some((text) => {
    const [, from, to] = /^(-?\d+)(?:-(\d+))?$/.exec(text) ?? [];
    return code >= Number(from) && code <= Number(to ?? from);
  });
}

function outcomeOf(document: ProcessFlowDocument, progress: Progress): 'succeeded' | 'failed' {
  const { activities } = document;
  if (activities.some(({ id, type }) => type === 'success' && progress[id]?.state === 'succeeded')) return 'succeeded';
  const isUnhandled = (activity: Activity) => {
    const ended = progress[activity.id];
    if (ended === undefined || ended.state === 'succeeded' || ended.state === 'skipped') return false;
    return takenFrom(document, ended, activity).length === 0;
  };
  return activities.some(isUnhandled) ? 'failed' : 'succeeded';
}
