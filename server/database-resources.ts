import { basename, dirname, join } from 'node:path';
import type { DatabaseSummary } from '../contract/management.ts';
import type {
  Configuration,
  ConfigurationObject,
  ConfigurationSnapshot,
  DatabaseResource,
} from './configuration/index.ts';
import { DatabaseUses, type DatabaseUsesProps } from './database-uses.ts';
import { SpectrumError } from './foundation/errors.ts';
import type { DatabaseLease } from './http/index.ts';
import { type Catalogue, listSealedVintages } from './reference-data/index.ts';

export interface DatabaseResourcesProps extends DatabaseUsesProps {
  readonly configuration: Configuration;
  readonly catalogue: Catalogue;
  /** Folder that holds `<database>/<vintage>/`. */
  readonly referenceData: string;
}

type ResourceObject = ConfigurationObject<DatabaseResource>;

/** A vintage that could not be opened is tried again so often: the files may still be on their way. */
const retryMs = 10_000;

/** Stands for the newest vintage until a node has written down which that is. */
const latest = 'latest';

/** Keeps the open vintages equal to the database resources of the configuration. */
export class DatabaseResources {
  readonly #props: DatabaseResourcesProps;
  readonly #uses: DatabaseUses;
  readonly #wanted = new Map<string, string>();
  /** Resource that answers for a module when a request names none. */
  readonly #defaults = new Map<string, string>();
  #names: ReadonlySet<string> = new Set();
  readonly #stopWatching: () => void;
  readonly #retry: NodeJS.Timeout;
  #whenUsable: (() => void) | undefined;
  /** What opens with the node opens unverified, so that a start takes no minutes; what comes later is verified. */
  #isStarted = false;

  constructor(props: DatabaseResourcesProps) {
    this.#props = props;
    this.#uses = new DatabaseUses(props);
    this.#stopWatching = props.configuration.onChange((snapshot) => void this.#follow(snapshot));
    this.#retry = setInterval(() => void this.#retryPending(), retryMs).unref();
  }

  /**
   * Opens what the configuration asks for now. Resolves with whether the node can serve: every resource was tried and
   * at least one is open, or there is none. One mistyped resource must not keep new nodes out of the cluster.
   */
  async open(): Promise<boolean> {
    await this.#follow(this.#props.configuration.snapshot());
    this.#isStarted = true;
    return this.#isUsable();
  }

  /** Calls `tell` once, when a later attempt has made the node able to serve. */
  onceUsable(tell: () => void): void {
    this.#whenUsable = tell;
  }

  #isUsable(): boolean {
    const status = this.#props.catalogue.status();
    return status.length === 0 || status.some(({ open }) => open !== undefined);
  }

  /** Databases for one call of a service of `module`; whatever changes meanwhile, the call keeps what it took first. */
  lease(module: string): DatabaseLease {
    const lease = this.#props.catalogue.lease();
    const taken = new Map<string, string>();
    return {
      database: (resourceName, option) => {
        const resource = taken.get(resourceName) ?? this.#resolve(resourceName, module, option);
        taken.set(resourceName, resource);
        return lease.database(resource);
      },
      release: () => lease.release(),
    };
  }

  summary(): readonly DatabaseSummary[] {
    const snapshot = this.#props.configuration.snapshot();
    return this.#props.catalogue.status().map(({ resource, open, pending }) => {
      const defined = snapshot.find<DatabaseResource>('database-resource', resource)?.value;
      return {
        name: resource,
        module: defined?.module ?? '',
        database: open?.database ?? defined?.database ?? '',
        ...(open && { vintage: open.vintage }),
        ...(pending && defined && { pendingVintage: defined.vintage }),
        ...(pending?.error !== undefined && { problem: pending.error }),
      };
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#retry);
    this.#stopWatching();
    this.#uses.close();
    await this.#props.catalogue.close();
  }

  #resolve(resourceName: string, module: string, option: string): string {
    if (resourceName !== '') {
      if (this.#names.has(resourceName)) return resourceName;
      const allowed = [...this.#names];
      throw new SpectrumError(
        'INVALID_OPTION',
        `${option}: there is no database resource ${JSON.stringify(resourceName.slice(0, 100))}; use ${allowed.join(', ') || 'none, as none is defined'}`,
        { option, given: resourceName, allowed },
      );
    }
    const byDefault = this.#defaults.get(module) ?? this.#defaults.get('');
    if (byDefault !== undefined) return byDefault;
    throw new SpectrumError(
      'DATABASE_UNAVAILABLE',
      'No database resource is defined; define one with PUT /api/v1/database-resources/<name>',
      { module },
    );
  }

  async #follow(snapshot: ConfigurationSnapshot): Promise<void> {
    const resources = snapshot.list<DatabaseResource>('database-resource');
    this.#names = new Set(resources.map(({ name }) => name));
    for (const name of [...this.#wanted.keys()].filter((known) => !this.#names.has(known))) {
      this.#wanted.delete(name);
      this.#props.catalogue.remove(name);
    }
    this.#chooseDefaults(resources);
    // No wait before the switches: a vintage that is open already answers from this very revision on.
    const switches = resources.map((resource) => this.#apply(resource));
    await Promise.all(switches);
    await this.#tellUses();
  }

  async #apply(resource: ResourceObject): Promise<void> {
    const { name, value } = resource;
    if (value.vintage === latest) return await this.#nameLatest(resource);
    const folder = join(this.#props.referenceData, value.database, value.vintage);
    if (this.#wanted.get(name) === folder) return;
    this.#wanted.set(name, folder);
    await this.#switch(name, folder);
  }

  /**
   * Writes the newest vintage's name into the resource. Every node tries, the revision lets one succeed, and all of them
   * follow what that one wrote: nodes that see different folders still answer from one vintage.
   */
  async #nameLatest({ name, value, revision }: ResourceObject): Promise<void> {
    const { configuration, referenceData, log } = this.#props;
    try {
      const [newest] = await listSealedVintages(join(referenceData, value.database));
      if (!newest) return log.error({ resource: name }, 'There is no vintage that could be the latest');
      await configuration.commit({
        kind: 'database-resource',
        name,
        operation: 'put',
        value: { ...value, vintage: newest.vintage },
        by: 'system',
        reason: `the latest vintage is ${newest.vintage}`,
        expected: revision,
      });
    } catch (error) {
      if (error instanceof SpectrumError && error.code === 'REVISION_CONFLICT') return;
      log.error({ resource: name, err: error }, 'The latest vintage could not be written down; the node tries again');
    }
  }

  /** The first resource of a module by name; services without a module's own resource share any there is. */
  #chooseDefaults(resources: readonly ResourceObject[]): void {
    this.#defaults.clear();
    const byName = [...resources].sort((left, right) => (left.name < right.name ? -1 : 1));
    for (const { name, value } of byName) {
      for (const module of [value.module, '']) if (!this.#defaults.has(module)) this.#defaults.set(module, name);
    }
  }

  async #retryPending(): Promise<void> {
    const { catalogue, configuration } = this.#props;
    for (const { resource } of catalogue.status().filter(({ pending }) => pending?.error !== undefined)) {
      const folder = this.#wanted.get(resource);
      if (folder !== undefined) await this.#switch(resource, folder);
    }
    const resources = configuration.snapshot().list<DatabaseResource>('database-resource');
    for (const resource of resources.filter(({ value }) => value.vintage === latest)) await this.#nameLatest(resource);
  }

  async #switch(resource: string, folder: string): Promise<void> {
    const { catalogue, log } = this.#props;
    try {
      await catalogue.switchTo(resource, folder, { verify: this.#isStarted });
      log.info({ resource, folder }, 'A database vintage answers');
      this.#whenUsable?.();
      this.#whenUsable = undefined;
    } catch (error) {
      log.error({ resource, folder, err: error }, 'A database vintage could not be opened; the node tries again');
    }
  }

  /** What is open and what is asked for, by database. */
  async #tellUses(): Promise<void> {
    const { configuration, catalogue } = this.#props;
    const asked = configuration.snapshot().list<DatabaseResource>('database-resource');
    const used = new Map<string, Set<string>>();
    const add = (database: string, vintage: string) =>
      used.set(database, (used.get(database) ?? new Set()).add(vintage));
    for (const { value } of asked) if (value.vintage !== latest) add(value.database, value.vintage);
    for (const { open } of catalogue.status()) if (open) add(basename(dirname(open.folder)), basename(open.folder));
    await this.#uses.tell(new Map([...used].map(([database, vintages]) => [database, [...vintages].sort()])));
  }
}
