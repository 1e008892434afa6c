/**
 * Items of the runtime table. Every item has the two keys and `expiresAt`, seconds since 1970, after which it counts
 * as gone whether or not the table has collected it. Durations are milliseconds; clocks of two machines are never
 * compared.
 */
export const runtimePartitions = {
  /** `node#<cluster>`: a `NodeItem` for each node that lives. */
  nodes: 'node',
  /** `clock#<cluster>`: a `ClockItem` for each node, written by the time-sync Lambda. */
  clocks: 'clock',
  /** `watch#<cluster>`: a `WatchItem` for each unhealthy node and one for the last stop, by the node-health Lambda. */
  watch: 'watch',
  /** `lease#<cluster>`: a `LeaseItem` for each lease. */
  leases: 'lease',
  /** `run#<cluster>`: a `RunItem` for each run of a job that has not ended. */
  runs: 'run',
  /** `run-history#<cluster>`: a `RunItem` for each run that has. */
  runHistory: 'run-history',
  /** `run-order#<cluster>`: what each run works with, as JSON in `body`. */
  runOrders: 'run-order',
  /** `run-command#<cluster>`: what an operator wants of a run, in `command`. */
  runCommands: 'run-command',
  /** `run-key#<cluster>`: which run a request with an idempotency key has made, in `run`. */
  runKeys: 'run-key',
  /** `schedule#<cluster>`: a `ScheduleItem` for each schedule that has been looked at. */
  schedules: 'schedule',
  /** `fire#<cluster>`: what became of each time that a schedule was due, as JSON in `body`. */
  fires: 'fire',
  /** `flow-run#<cluster>`: a `RunItem` for each run of a process flow that has not ended. */
  flowRuns: 'flow-run',
  /** `flow-order#<cluster>`: what each run of a process flow works with, as JSON in `body`. */
  flowOrders: 'flow-order',
  /** `flow-history#<cluster>`: a `RunItem` for each run of a process flow that has. */
  flowHistory: 'flow-history',
  /** `mail#<cluster>`: each mail that waits to be sent, as JSON in `body`. */
  mails: 'mail',
  /** `login#<cluster>`: a `LoginItem` for each user whose last logins failed. */
  logins: 'login',
  /** `access#<cluster>`: an `AccessItem` for each time that a process wrote down who was let in and who was not. */
  access: 'access',
  /** `session#<cluster>`: a `SessionItem` for each session and process that it was used on. */
  sessions: 'session',
} as const;

/** A node's registration, renewed by the node itself. Sort key: its name. */
export interface NodeItem {
  /** `<host>:<port>` under which the other nodes reach it. */
  readonly address: string;
  readonly version: string;
  /** Node group; empty for nodes that run every service. */
  readonly group: string;
  /** `<epoch>.<revision>` of its copy of the configuration. */
  readonly revision: string;
  /** The newest configuration format that the node understands. */
  readonly format: number;
  /** Share of the machine's processors that the node uses, 0 to 1. */
  readonly load: number;
  /** The latest result of the clock check that the node has read; absent where nobody checks. */
  readonly clockOffsetMs?: number;
  readonly clockBoundMs?: number;
  /** Changes with every renewal; whoever waits watches it, not a clock. */
  readonly counter: number;
  readonly expiresAt: number;
}

/** Failed logins of one user since the last good one, counted over all nodes. Sort key: the user's name. */
export interface LoginItem {
  readonly failures: number;
  /** By the clock of the node that saw the last failure; waits are short, so clocks a second apart do little harm. */
  readonly lastFailureAtMs: number;
  /** Epoch and revision of the user object that the failures concern: a changed user begins anew. */
  readonly userEpoch: number;
  readonly userRevision: number;
  readonly expiresAt: number;
}

/** What is told of access beside the changes of the configuration; ends of tokens are such changes. */
export const accessActs = ['log-in', 'log-in-failed', 'lock', 'issue-token', 'refuse'] as const;

export interface AccessEvent {
  readonly what: (typeof accessActs)[number];
  /** Name of the user; `:unknown` where there is no such user, whose name might be a mistyped password. */
  readonly user: string;
  /** Computer that the request came from. */
  readonly host?: string;
  /** Why, or which permission was missing. */
  readonly detail?: string;
}

/** Events of one process, alike ones counted, as JSON in `body`. Sort key: `<time written>#<process>#<count>`. */
export interface AccessItem {
  readonly body: string;
  readonly expiresAt: number;
}

/** The last use of a session on one process. Sort key: `<session>#<process>`. */
export interface SessionItem {
  /** By the clock of the node. */
  readonly usedAtMs: number;
  readonly expiresAt: number;
}

/** `within` and `beyond` are proven; `undecided` means that the others do not agree or are too few. */
export type ClockVerdict = 'within' | 'beyond' | 'undecided';

/** The latest check of one node's clock. Sort key: the node's name. A node that reads `beyond` takes no leases. */
export interface ClockItem {
  readonly verdict: ClockVerdict;
  /** Node's clock minus the checking Lambda's. */
  readonly offsetMs: number;
  /** The true offset differs by at most this much. */
  readonly boundMs: number;
  /** By the checking Lambda's clock. */
  readonly checkedAtMs: number;
  readonly expiresAt: number;
}

/** Sort key `node#<address>`: consecutive bad checks. Sort key `stop`: the last node that was stopped. */
export interface WatchItem {
  readonly badChecks?: number;
  readonly stoppedAtMs?: number;
  readonly expiresAt: number;
}

/** Sort key: name of the lease. The owner writes `epoch` with all it does, as the fencing token. */
export interface LeaseItem {
  readonly owner: string;
  readonly epoch: number;
  readonly counter: number;
  readonly durationMs: number;
  readonly expiresAt: number;
}

/** How far a run is. Sort key: its id, which begins with the time it was submitted. */
export interface RunItem {
  /** Progress as JSON, fenced by the epoch of the run's lease. */
  readonly body: string;
  /** Counts writes; every write names the one it replaces. */
  readonly revision: number;
  readonly expiresAt: number;
}

/** How far the times of a schedule are decided. Sort key: its name. */
export interface ScheduleItem {
  /** As JSON. */
  readonly body: string;
  /** Counts writes; every write names the one it replaces. */
  readonly revision: number;
  readonly expiresAt: number;
}
