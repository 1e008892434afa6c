import {
  choice,
  integer,
  list,
  map,
  optional,
  preset,
  record,
  required,
  text,
  type ValueOf,
} from '../server/foundation/fields.ts';

const name = (description: string) =>
  text(description, {
    maximum: 64,
    minimum: 1,
    pattern: /^[A-Za-z][\w-]*$/,
    allowed: 'letters, digits, _ and -, beginning with a letter',
  });

const codes = (description: string) =>
  list(
    description,
    text('A return code such as 3, or a range such as 1-5', {
      maximum: 21,
      minimum: 1,
      pattern: /^-?\d{1,9}(-\d{1,9})?$/,
      allowed: 'a whole number, or a range such as 1-5',
    }),
    50,
  );

const activity = record('One step', {
  id: required(name('Name of the activity, the only one of that name')),
  label: optional(text('What people call it', { maximum: 200, minimum: 1 })),
  type: required(choice('What it does', ['job', 'run-program', 'execute-sql', 'clear-cache', 'success'])),
  input: preset(
    choice('With several transitions to it: begins with the first one taken, or needs all', ['first', 'all']),
    'first',
  ),
  output: preset(
    choice('With several transitions from it: takes the first that holds, or all', ['all', 'first']),
    'all',
  ),
  dataflow: optional(text('Of job: the dataflow, whose exposed version runs', { maximum: 200, minimum: 1 })),
  options: preset(map('Of job: dataflow options by name', text('Value')), {}),
  files: preset(map('Of job: other files, by label of the stage', text('Path')), {}),
  connection: optional(text('Of execute-sql: the connection of the configuration', { maximum: 200, minimum: 1 })),
  sql: optional(
    text('Of execute-sql: one statement; variables are bound as its parameters', { maximum: 100_000, minimum: 1 }),
  ),
  cache: optional(
    text('Of clear-cache: the cache that a Generate Cache makes', {
      maximum: 100,
      minimum: 1,
      pattern: /^[A-Za-z0-9][\w. -]*$/,
      allowed: 'letters, digits, spaces, dots, underscores and hyphens, beginning with a letter or digit',
    }),
  ),
  program: optional(text('Of run-program: name of a program that the nodes allow', { maximum: 1_000, minimum: 1 })),
  arguments: preset(list('Of run-program', text('Argument'), 200), []),
  environment: preset(map('Of run-program: environment variables', text('Value')), {}),
  folder: optional(
    text('Of run-program: the folder it runs in, below that for files of jobs; that one when absent', {
      maximum: 1_000,
      minimum: 1,
    }),
  ),
  timeoutSeconds: preset(integer('Of run-program: it is stopped after this', 1, 86_400), 3_600),
  successCodes: preset(codes('Of run-program: return codes that mean success'), ['0']),
});

const transition = record('A way from one activity to another', {
  from: required(name('Activity that has ended')),
  to: required(name('Activity that may begin')),
  when: preset(
    choice('simple: it succeeded; conditional: its outcome or return code is named; otherwise: no other way is taken', [
      'simple',
      'conditional',
      'otherwise',
    ]),
    'simple',
  ),
  outcomes: preset(list('Of conditional', choice('An outcome', ['succeeded', 'failed', 'cancelled']), 3), []),
  returnCodes: preset(codes('Of conditional'), []),
});

/** The document of a process flow (platform reference section 8.4). */
export const processFlowSchema = record('A process flow', {
  activities: required(list('What is done', activity, 200, 'id')),
  transitions: preset(list('In which order', transition, 1_000), []),
  variables: preset(map('Default by name; options, files and arguments name it as in a template', text('Value')), {}),
});

export type ProcessFlowDocument = ValueOf<typeof processFlowSchema>;
export type Activity = ProcessFlowDocument['activities'][number];
export type Transition = ProcessFlowDocument['transitions'][number];

/** Asks for a run of the exposed version of a process flow. */
export interface ProcessFlowRequest {
  readonly processFlow: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Other files, by `<activity>|<label of the stage>`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** `skipped` activities were on no way that was taken. */
export type ActivityState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';

export interface ActivityView {
  readonly id: string;
  readonly label: string;
  readonly type: Activity['type'];
  readonly state: ActivityState;
  /** Of a job. */
  readonly run?: string;
  /** 0 of a job that succeeded, 1 of one that failed, 2 of one that was cancelled; of a program its exit code. */
  readonly returnCode?: number;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly error?: string;
}

/** One run of a process flow. Times are ISO 8601, UTC. */
export interface ProcessFlowRunView {
  readonly id: string;
  readonly processFlow: string;
  readonly version: number;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly submittedBy: string;
  readonly submittedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The node process at work, or the last one that was. */
  readonly owner?: string;
  /** How many owners the run has had. */
  readonly epoch: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly activities: readonly ActivityView[];
  readonly error?: string;
}

/** Something wrong with a process flow, and where. */
export interface ProcessFlowProblem {
  readonly activity?: string;
  readonly sentence: string;
}
