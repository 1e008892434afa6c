/** What a run of a job is doing, or how it ended. */
const runStates = ['queued', 'running', 'paused', 'finishing', 'succeeded', 'failed', 'cancelled'] as const;

export type RunState = (typeof runStates)[number];

/** What an operator may ask of a run that has not ended. */
export const runCommands = ['pause', 'resume', 'cancel'] as const;

export type RunCommand = (typeof runCommands)[number];

/** Asks for a run of the exposed version of a job. */
export interface RunRequest {
  readonly dataflow: string;
  /** Dataflow options by name. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Other files for sources and sinks, by label of the stage. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Rows of one stage so far. */
interface RunStageView {
  readonly stage: string;
  readonly label: string;
  readonly type: string;
  readonly recordsRead: number;
  readonly recordsWritten: Readonly<Record<string, number>>;
  readonly malformedRecords: number;
  readonly busyMs: number;
  readonly isFinished: boolean;
}

/** One run of a job. Times are ISO 8601, UTC. */
export interface RunView {
  readonly id: string;
  readonly dataflow: string;
  readonly version: number;
  readonly state: RunState;
  readonly submittedBy: string;
  readonly submittedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The node process at work, or the last one that was. */
  readonly owner?: string;
  /** How many owners the run has had; more than one after a take-over. */
  readonly epoch: number;
  readonly stages: readonly RunStageView[];
  /** One sentence: why the run failed. */
  readonly error?: string;
}

/** A run with what it worked with. */
export interface RunReport {
  readonly run: RunView;
  /** From its start to its end, or to now; absent before it starts. */
  readonly durationMs?: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** Of sources and sinks, in the order of the document. */
  readonly files: readonly { readonly label: string; readonly type: string; readonly file: string }[];
  /** `<database>/<vintage>` by name of the database resource. */
  readonly databases: Readonly<Record<string, string>>;
  /** Of all sources. */
  readonly recordsRead: number;
  /** Of all sinks. */
  readonly recordsWritten: number;
  readonly malformedRecords: number;
}
