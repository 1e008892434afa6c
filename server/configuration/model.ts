import type { ConfigurationKind, ObjectValue } from '../../contract/kinds.ts';
import type { SpectrumError } from '../foundation/errors.ts';

export type { ConfigurationKind } from '../../contract/kinds.ts';
export { type Permission, permissions } from '../../contract/permissions.ts';

export interface ConfigurationObject<Value = unknown> {
  readonly kind: ConfigurationKind;
  readonly name: string;
  readonly value: Value;
  /** Revision of the change that last wrote it. */
  readonly revision: number;
}

/** One immutable state of the whole configuration: the fold of changes 1 to `revision`. */
export interface ConfigurationSnapshot {
  readonly revision: number;
  /** Counts forced moves and restores: revisions compare only within one epoch. */
  readonly epoch: number;
  /** The one region that may write; every region when undefined. */
  readonly home: string | undefined;
  find<Value = unknown>(kind: ConfigurationKind, name: string): ConfigurationObject<Value> | undefined;
  list<Value = unknown>(kind: ConfigurationKind): readonly ConfigurationObject<Value>[];
}

/** What a committed change is known by; `epoch.revision` is its version on the wire. */
export interface ConfigurationCommit {
  readonly epoch: number;
  readonly revision: number;
  readonly id: string;
  /** A copy that has the change, and perhaps later ones. */
  readonly snapshot: ConfigurationSnapshot;
}

/** This node's continuously synchronised copy. */
export interface Configuration {
  snapshot(): ConfigurationSnapshot;
  /** Milliseconds since the copy was last known to be complete. */
  ageMs(): number;
  /** Called after each applied batch of changes, in order; returns the function that ends it. */
  onChange(listener: (snapshot: ConfigurationSnapshot) => void): () => void;
  /** Commits one change or throws `REVISION_CONFLICT`, `INVALID_OBJECT`, `OUTCOME_UNKNOWN`, …; resolves once applied here. */
  write(change: ConfigurationWrite): Promise<ConfigurationSnapshot>;
  /** As `write`, and tells which revision the change got. */
  commit(change: ConfigurationWrite): Promise<ConfigurationCommit>;
  /**
   * Resolves when this copy has reached `revision`, of any epoch when none is named; a copy of a later epoch has.
   * Rejects with `REVISION_CONFLICT` where there is no such revision, with `CONFIGURATION_UNAVAILABLE` after `timeoutMs`.
   */
  waitFor(revision: number, timeoutMs: number, epoch?: number): Promise<void>;
  status(): ConfigurationStatus;
  /** The changes below a revision (all when undefined), newest first, as far as they are not compacted. */
  history(beforeRevision?: number): AsyncIterable<AuditEntry>;
  /** Which of these changes would be refused, made in this order, and why: by index; writes nothing. */
  rehearse(changes: readonly ConfigurationWrite[]): Promise<ReadonlyMap<number, SpectrumError>>;
  close(): Promise<void>;
}

/** One entry of the audit trail. */
export interface AuditEntry {
  readonly revision: number;
  readonly operation: 'put' | 'delete' | 'seal';
  readonly kind: string;
  readonly name: string;
  /** Canonical JSON with hidden fields; present it with `hideSecrets`. */
  readonly value?: string | undefined;
  readonly by: string;
  readonly at: string;
  readonly reason?: string | undefined;
}

/** A configuration with what only its operators need. */
export interface ConfigurationDatabase extends Configuration {
  /** Ends writing in the home region of now; the region named goes on. A planned move: nothing is lost. */
  moveHome(home: string, by: string, reason: string): Promise<ConfigurationCommit>;
}

interface ConfigurationStatus {
  readonly state: 'empty' | 'current' | 'gapped' | 'stubbed' | 'stale' | 'closed';
  readonly epoch: number;
  readonly revision: number;
  readonly ageMs: number;
  /** The region that writes; undefined where every region does. */
  readonly home: string | undefined;
  /** False while changes are refused because the home is another region that does not answer. */
  readonly homeReachable: boolean;
  /** Read request units that following has cost so far. */
  readonly readUnits: number;
  /** SHA-256 of the copy: equal on every node at the same epoch and revision. */
  readonly digest: string;
}

export interface ConfigurationWrite {
  readonly kind: ConfigurationKind;
  readonly name: string;
  readonly operation: 'put' | 'delete';
  readonly value?: unknown;
  /** User name for the audit trail. */
  readonly by: string;
  readonly reason?: string;
  /** `absent` creates; a number is the revision of the object the caller has seen. */
  readonly expected: 'absent' | number;
  /** A resent key is answered, not repeated. */
  readonly idempotencyKey?: string;
  /** The user `by` gives nobody a permission that he himself lacks; whatever programs give, when absent. */
  readonly grants?: 'own-permissions';
}

export type AccessControl = ObjectValue<'access-control'>;
export type NodeGroup = ObjectValue<'node-group'>;
export type DatabaseResource = ObjectValue<'database-resource'>;
export type Role = ObjectValue<'role'>;
/** A key that tokens are sealed with; the highest number seals new ones. */
export type TokenKey = ObjectValue<'token-key'>;
/** Named by the token's id: a token that was logged off. */
export type TokenRevocation = ObjectValue<'token-revocation'>;
export type User = ObjectValue<'user'>;
