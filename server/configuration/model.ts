/** What the configuration database stores, as every other room sees it (design section 3). */
export type ConfigurationKind = 'user' | 'role' | 'database-resource' | 'service-default' | 'setting';

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
  find<Value = unknown>(kind: ConfigurationKind, name: string): ConfigurationObject<Value> | undefined;
  list<Value = unknown>(kind: ConfigurationKind): readonly ConfigurationObject<Value>[];
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
  /** Resolves when this copy has reached `revision`; rejects with `CONFIGURATION_UNAVAILABLE` after `timeoutMs`. */
  waitFor(revision: number, timeoutMs: number): Promise<void>;
  close(): Promise<void>;
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
}

/** Value of a `database-resource` (platform reference section 3.1). */
export interface DatabaseResource {
  readonly module: 'addressing' | 'geocoding';
  /** Folder name below the reference-data root. */
  readonly database: string;
  readonly vintage: string;
}

/** Value of a `user`. */
export interface User {
  readonly description: string;
  readonly email: string;
  readonly enabled: boolean;
  readonly roles: readonly string[];
  /** `scrypt$<N>$<r>$<p>$<salt>$<hash>`, base64url; never leaves the server. */
  readonly passwordHash: string;
}
