import { choice, flag, integer, map, optional, preset, record, required, text } from '../server/foundation/fields.ts';

/** What a run that is due does while an earlier one of the same schedule goes on. */
const overlapPolicies = ['skip', 'queue', 'allow'] as const;

const localTime = (description: string) =>
  text(`${description}, in the time zone of the trigger`, {
    maximum: 19,
    pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/,
    allowed: 'a local time such as 2027-03-31T02:30',
  });

const trigger = record('What starts the flow', {
  kind: required(choice('How it is started', ['once', 'cron', 'interval', 'control-file'])),
  timeZone: preset(text('IANA name of the time zone', { maximum: 60, minimum: 1 }), 'UTC'),
  at: optional(localTime('Of once: when')),
  pattern: optional(
    text('Of cron: minute, hour, day of month, month and day of week, seconds before them if wanted', {
      maximum: 200,
      minimum: 9,
    }),
  ),
  every: optional(integer('Of interval: how many units', 1, 1_000)),
  unit: optional(choice('Of interval', ['minutes', 'hours', 'days', 'weeks', 'months'])),
  start: optional(localTime('Of interval: the first time; of cron: not before')),
  end: optional(localTime('Of interval and cron: not after')),
  file: optional(
    text('Of control-file: path below the folder for files of jobs; * and ? in its last part', {
      maximum: 500,
      minimum: 1,
    }),
  ),
});

/** Value of the kind `schedule` (platform reference section 4.3). */
export const scheduleSchema = record('When a flow runs', {
  description: preset(text('What it is for', { maximum: 500 }), ''),
  flowKind: required(choice('What runs', ['dataflow', 'process-flow'])),
  flow: required(text('Name of the flow', { maximum: 200, minimum: 1 })),
  enabled: preset(flag('A disabled schedule does not fire'), true),
  trigger: required(trigger),
  options: preset(map('Dataflow options by name', text('Value')), {}),
  files: preset(map('Other files, by label of the stage; of a process flow by activity|label', text('Path')), {}),
  overlap: preset(choice('What happens while an earlier run of the schedule goes on', overlapPolicies), 'skip'),
  catchUpMinutes: preset(integer('How late a time may still fire when no node could fire it', 1, 10_080), 60),
  region: optional(text('The region that fires it, where regions share a cluster', { maximum: 40, minimum: 1 })),
});

/**
 * What became of a time that a schedule was due: `started` a run; `waiting` for an earlier run; `skipped` because of one,
 * or because the schedule was disabled meanwhile; `missed` when no node could fire within the catch-up window; `failed`
 * when the flow could not be started.
 */
type FireState = 'started' | 'waiting' | 'skipped' | 'missed' | 'failed';

/** One time that a schedule was due, or one file that started it. Times are ISO 8601, UTC. */
export interface FireView {
  readonly id: string;
  readonly dueAt: string;
  readonly state: FireState;
  /** By the clock of the node. */
  readonly firedAt: string;
  /** The node process, or the user of a run that was asked for by hand. */
  readonly by: string;
  /** The run of the dataflow or process flow. */
  readonly run?: string;
  /** The control file. */
  readonly file?: string;
  /** Of `missed`: times from `dueAt` up to this one were missed. */
  readonly until?: string;
  /** One sentence: why nothing was started. */
  readonly error?: string;
}

/** When a schedule will fire, and what became of the times before. */
export interface FiresView {
  /** The next times; none of a disabled schedule or one of control files. */
  readonly next: readonly string[];
  /** Newest first. */
  readonly items: readonly FireView[];
}
