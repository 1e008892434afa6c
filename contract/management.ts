/** The management API's words: what clients send to `/api` and get back. */
export const managementPaths = {
  summary: '/api',
  node: '/api/node',
  services: '/api/services',
  users: '/api/users',
  roles: '/api/roles',
  databaseResources: '/api/database-resources',
} as const;

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
