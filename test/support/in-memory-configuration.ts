import type {
  AuditEntry,
  Configuration,
  ConfigurationCommit,
  ConfigurationKind,
  ConfigurationObject,
  ConfigurationSnapshot,
  ConfigurationWrite,
} from '../../server/configuration/index.ts';
import { SpectrumError } from '../../server/foundation/errors.ts';

/** A configuration without a table: for tests of the rooms that read one. Checks revisions, not schemas. */
export class InMemoryConfiguration implements Configuration {
  readonly #objects = new Map<string, ConfigurationObject>();
  readonly #listeners = new Set<(snapshot: ConfigurationSnapshot) => void>();
  readonly #history: AuditEntry[] = [];
  #epoch = 1;
  #revision = 0;
  #snapshot: ConfigurationSnapshot | undefined;
  #age = 0;

  snapshot(): ConfigurationSnapshot {
    this.#snapshot ??= this.#takeSnapshot();
    return this.#snapshot;
  }

  #takeSnapshot(): ConfigurationSnapshot {
    const objects = new Map(this.#objects);
    return {
      revision: this.#revision,
      epoch: this.#epoch,
      home: undefined,
      find: <Value>(kind: ConfigurationKind, name: string) =>
        objects.get(`${kind}/${name}`) as ConfigurationObject<Value> | undefined,
      list: <Value>(kind: ConfigurationKind) =>
        [...objects.values()].filter((object) => object.kind === kind) as ConfigurationObject<Value>[],
    };
  }

  ageMs(): number {
    return this.#age;
  }

  setAgeMs(ageMs: number): void {
    this.#age = ageMs;
  }

  onChange(listener: (snapshot: ConfigurationSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async write(change: ConfigurationWrite): Promise<ConfigurationSnapshot> {
    return (await this.commit(change)).snapshot;
  }

  async commit({ kind, name, operation, value, expected, by }: ConfigurationWrite): Promise<ConfigurationCommit> {
    const key = `${kind}/${name}`;
    const current = this.#objects.get(key);
    if (expected !== 'absent' && current === undefined) throw new SpectrumError('UNKNOWN_OBJECT', `no ${key}`);
    if ((expected === 'absent' ? undefined : expected) !== current?.revision) {
      throw new SpectrumError('REVISION_CONFLICT', `${key} is at ${current?.revision}`, { current: current?.value });
    }
    this.#revision += 1;
    if (operation === 'delete') this.#objects.delete(key);
    else this.#objects.set(key, toObject(kind, name, value, this.#revision));
    const text = operation === 'delete' ? undefined : JSON.stringify(value);
    const at = new Date(0).toISOString();
    this.#history.unshift({ revision: this.#revision, operation, kind, name, value: text, by, at });
    this.#snapshot = undefined;
    const snapshot = this.snapshot();
    for (const listener of this.#listeners) listener(snapshot);
    return { epoch: this.#epoch, revision: this.#revision, id: `change-${this.#epoch}.${this.#revision}`, snapshot };
  }

  /** Puts an object whatever its revision. */
  async put(kind: ConfigurationKind, name: string, value: unknown): Promise<void> {
    const expected = this.#objects.get(`${kind}/${name}`)?.revision ?? 'absent';
    await this.commit({ kind, name, operation: 'put', value, expected, by: 'test' });
  }

  /** Starts the next epoch without the newest change, as a forced move may: the next one gets its revision again. */
  forceMove(): void {
    this.#history.shift();
    this.#epoch += 1;
    this.#revision -= 1;
    this.#objects.clear();
    for (const { operation, kind, name, value, revision } of [...this.#history].reverse()) {
      const key = `${kind}/${name}`;
      if (operation === 'delete') this.#objects.delete(key);
      else this.#objects.set(key, toObject(kind as ConfigurationKind, name, JSON.parse(String(value)), revision));
    }
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener(this.snapshot());
  }

  async waitFor(revision: number): Promise<void> {
    if (revision > this.#revision)
      throw new SpectrumError('CONFIGURATION_UNAVAILABLE', `revision ${revision} is ahead`);
  }

  status() {
    const revision = this.#revision;
    return {
      state: 'current',
      epoch: this.#epoch,
      revision,
      ageMs: this.#age,
      home: undefined,
      homeReachable: true,
      readUnits: 0,
      digest: '',
    } as const;
  }

  async *history(beforeRevision = Number.POSITIVE_INFINITY): AsyncGenerator<AuditEntry> {
    yield* this.#history.filter(({ revision }) => revision < beforeRevision);
  }

  async rehearse(): Promise<ReadonlyMap<number, SpectrumError>> {
    return new Map();
  }

  async close(): Promise<void> {}
}

function toObject(kind: ConfigurationKind, name: string, value: unknown, revision: number): ConfigurationObject {
  return { kind, name, value: complete(kind, value), revision };
}

/** The defaults that the real configuration fills in. */
function complete(kind: ConfigurationKind, value: unknown): unknown {
  return kind === 'user' ? { description: '', email: '', enabled: true, roles: [], ...(value as object) } : value;
}
