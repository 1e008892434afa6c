import type { ConfigurationKind, ObjectValue } from './kinds.ts';
import type { AccessEvent } from './runtime-table.ts';

/** The management API's words: what clients send to `/api/v1` and get back. */
const root = '/api/v1';

export const managementPaths = {
  summary: root,
  openApi: `${root}/openapi.json`,
  kinds: `${root}/kinds`,
  node: `${root}/node`,
  nodes: `${root}/nodes`,
  cluster: `${root}/cluster`,
  services: `${root}/services`,
  auditLog: `${root}/audit-log`,
  runs: `${root}/runs`,
  schedules: `${root}/schedules`,
  notificationTest: `${root}/notification-test`,
  processFlowRuns: `${root}/process-flow-runs`,
  processFlowCheck: `${root}/process-flow-check`,
  processFlowSchema: `${root}/process-flow-schema`,
  stages: `${root}/stages`,
  dataflows: `${root}/dataflows`,
  dataflowCheck: `${root}/dataflow-check`,
  dataflowImport: `${root}/dataflow-import`,
  configuration: `${root}/configuration`,
  configurationImport: `${root}/configuration/import`,
  users: `${root}/users`,
  roles: `${root}/roles`,
  databaseResources: `${root}/database-resources`,
} as const;

/** Path of a collection, named as in the table of kinds. */
export function collectionPath(collection: string): string {
  return `${root}/${collection}`;
}

/** Seals and opens the hidden fields of a configuration file. */
export const passphraseHeader = 'spectrum-passphrase';

/** An object as answers carry it; fields that never leave the server are absent. */
export type ManagedObject<Kind extends ConfigurationKind> = Partial<ObjectValue<Kind>> & {
  readonly name: string;
  /** `<epoch>.<revision>` of the change that last wrote it; quoted, it is the entity tag. */
  readonly revision: string;
};

export interface NodeSummary {
  readonly name: string;
  readonly cluster: string;
  readonly version: string;
  readonly processId: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly ready: boolean;
  readonly reasons: readonly string[];
  /** `<epoch>.<revision>` of this node's copy. */
  readonly configurationRevision: string;
  readonly configurationAgeMs: number;
  readonly databases: readonly DatabaseSummary[];
}

/** A database resource as it is on one node. */
export interface DatabaseSummary {
  readonly name: string;
  readonly module: string;
  readonly database: string;
  /** The vintage in use; undefined when none could be opened yet. */
  readonly vintage?: string;
  /** The vintage that the configuration asks for but this node has not opened; `problem` says why. */
  readonly pendingVintage?: string;
  readonly problem?: string;
}

/** A node of the list of nodes. */
export interface NodeView {
  readonly name: string;
  readonly address: string;
  readonly version: string;
  readonly group: string;
  /** `<epoch>.<revision>` of its copy when it last told. */
  readonly revision: string;
  /** Changes that its copy was behind the answering node's; nodes tell every few seconds. */
  readonly lag: number;
  readonly load: number;
  readonly clockOffsetMs?: number;
  readonly clockBoundMs?: number;
}

/** The cluster as the answering node sees it. */
export interface ClusterView {
  readonly cluster: string;
  readonly node: string;
  readonly state: string;
  readonly revision: string;
  readonly ageMs: number;
  /** The region that writes; absent where every region may. */
  readonly home?: string;
  /** SHA-256 of the copy: equal on every node at the same revision. */
  readonly digest: string;
  readonly format: number;
  readonly nodes: number;
  readonly largestLag: number;
  readonly versions: readonly string[];
}

/** One field that a change gave another value; of `hidden` ones only that they changed is told. */
interface FieldChange {
  readonly field: string;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly hidden?: true;
}

/** One change of one object. */
export interface HistoryView {
  readonly revision: string;
  readonly operation: 'put' | 'delete' | 'seal';
  readonly by: string;
  readonly at: string;
  readonly reason?: string;
  /** Absent where the change before is no longer kept. */
  readonly changes?: readonly FieldChange[];
}

/** The kind of the entries of the audit log that changed nothing: who was let in, and who was not. */
export const accessKind = 'access';

/** One entry of the audit log. */
export interface AuditView {
  /** Of the change; absent where nothing was changed. */
  readonly revision?: string;
  readonly at: string;
  /** The last time, of events that were alike within half a minute; `count` says how many. */
  readonly until?: string;
  readonly count?: number;
  readonly by: string;
  readonly operation: 'put' | 'delete' | 'seal' | AccessEvent['what'];
  readonly kind: string;
  readonly name: string;
  readonly reason?: string;
  /** Computer that the request came from, of events that changed nothing. */
  readonly host?: string;
  readonly value?: unknown;
}

/** What an import does, or would do, to one object. */
export interface ImportStepView {
  readonly operation: 'create' | 'change' | 'remove';
  readonly kind: ConfigurationKind;
  readonly name: string;
  readonly changes: readonly FieldChange[];
  readonly needsPassword?: true;
  /** Why the step would be refused, or was. */
  readonly problem?: string;
  /** Of the change that carried it out. */
  readonly revision?: string;
}
