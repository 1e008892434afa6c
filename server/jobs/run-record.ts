import type { RunState, RunView } from '../../contract/runs.ts';
import type { RunCheckpoint, StageCounters } from '../dataflow/index.ts';
import type { FileTarget } from './file-completion.ts';

/** What a run works with, settled when it is submitted and the same for every owner. */
export interface RunOrder {
  readonly id: string;
  readonly dataflow: string;
  readonly version: number;
  /** The document of that version, with the files of this run. */
  readonly document: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  readonly submittedBy: string;
  readonly submittedAt: string;
  /** `<database>/<vintage>` by name of the database resource. */
  readonly databases: Readonly<Record<string, string>>;
  /** Resource that answers for a module where no option names one; `''` for modules without one of their own. */
  readonly defaultDatabases: Readonly<Record<string, string>>;
  /** Connections that the document names, by name: where they lead, and references of their secrets. */
  readonly connections?: Readonly<Record<string, StoredConnection>>;
  /** File servers that the document names, likewise. */
  readonly fileServers?: Readonly<Record<string, StoredFileServer>>;
  /** Options saved for services, by service. */
  readonly savedOptions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Value of the kind `connection`. */
export interface StoredConnection {
  readonly type: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secret?: string;
}

/** Value of the kind `file-server`. */
export interface StoredFileServer {
  readonly type: string;
  readonly host: string;
  readonly port?: number;
  readonly user: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secret?: string;
}

/** How far a run is. */
export interface RunProgress {
  readonly state: RunState;
  readonly owner?: string;
  /** Lease epoch of the owner; whatever it writes is fenced by it. */
  readonly epoch: number;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly checkpoint?: RunCheckpoint;
  readonly counters: readonly StageCounters[];
  /** What remains to get its name, once the run may only finish. */
  readonly targets?: readonly FileTarget[];
  readonly error?: string;
}

/** A run as it is stored. */
export interface RunRecord {
  readonly order: RunOrder;
  readonly progress: RunProgress;
  /** Changes with every write. */
  readonly revision: number;
}

export function toRunView({ order, progress }: RunRecord): RunView {
  const { id, dataflow, version, submittedBy, submittedAt } = order;
  const { state, owner, epoch, startedAt, endedAt, counters, error } = progress;
  return {
    id,
    dataflow,
    version,
    state,
    submittedBy,
    submittedAt,
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(owner !== undefined && { owner }),
    epoch,
    stages: counters,
    ...(error !== undefined && { error }),
  };
}
