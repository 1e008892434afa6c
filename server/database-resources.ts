import { join } from 'node:path';
import type { DatabaseSummary } from '../contract/management.ts';
import type { Configuration, ConfigurationSnapshot, DatabaseResource } from './configuration/index.ts';
import { SpectrumError } from './foundation/errors.ts';
import type { Log } from './foundation/log.ts';
import type { DatabaseLease } from './http/index.ts';
import type { Catalogue } from './reference-data/index.ts';

export interface DatabaseResourcesProps {
  readonly configuration: Configuration;
  readonly catalogue: Catalogue;
  /** Folder that holds `<database>/<vintage>/`. */
  readonly referenceData: string;
  readonly log: Log;
}

/** A vintage that could not be opened is tried again so often: the files may still be on their way. */
const retryMs = 10_000;

/** Keeps the open vintages equal to the database resources of the configuration. */
export class DatabaseResources {
  readonly #props: DatabaseResourcesProps;
  readonly #wanted = new Map<string, string>();
  /** Resource that answers for a module when a request names none. */
  readonly #defaults = new Map<string, string>();
  readonly #stopWatching: () => void;
  readonly #retry: NodeJS.Timeout;
  #whenUsable: (() => void) | undefined;

  constructor(props: DatabaseResourcesProps) {
    this.#props = props;
    this.#stopWatching = props.configuration.onChange((snapshot) => void this.#follow(snapshot));
    this.#retry = setInterval(() => void this.#retryPending(), retryMs).unref();
  }

  /**
   * Opens what the configuration asks for now. Resolves with whether the node can serve: every resource was tried and
   * at least one is open, or there is none. One mistyped resource must not keep new nodes out of the cluster.
   */
  async open(): Promise<boolean> {
    await this.#follow(this.#props.configuration.snapshot());
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

  /** Databases for one call of a service of `module`. */
  lease(module: string): DatabaseLease {
    const lease = this.#props.catalogue.lease();
    return {
      database: (resourceName, option) => lease.database(this.#resolve(resourceName, module, option)),
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
    await this.#props.catalogue.close();
  }

  #resolve(resourceName: string, module: string, option: string): string {
    if (resourceName !== '') {
      if (this.#wanted.has(resourceName)) return resourceName;
      const allowed = [...this.#wanted.keys()];
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
      'No database resource is defined; define one with PUT /api/database-resources/<name>',
      { module },
    );
  }

  async #follow(snapshot: ConfigurationSnapshot): Promise<void> {
    const resources = snapshot.list<DatabaseResource>('database-resource');
    const names = new Set(resources.map(({ name }) => name));
    for (const name of this.#wanted.keys()) {
      if (names.has(name)) continue;
      this.#wanted.delete(name);
      this.#props.catalogue.remove(name);
    }
    this.#chooseDefaults(resources);
    await Promise.all(
      resources.map(async ({ name, value: { database, vintage } }) => {
        const folder = join(this.#props.referenceData, database, vintage);
        if (this.#wanted.get(name) === folder) return;
        this.#wanted.set(name, folder);
        await this.#switch(name, folder);
      }),
    );
  }

  /** The first resource of a module by name; services without a module's own resource share any there is. */
  #chooseDefaults(resources: readonly { readonly name: string; readonly value: DatabaseResource }[]): void {
    this.#defaults.clear();
    const byName = [...resources].sort((left, right) => (left.name < right.name ? -1 : 1));
    for (const { name, value } of byName) {
      for (const module of [value.module, '']) if (!this.#defaults.has(module)) this.#defaults.set(module, name);
    }
  }

  async #retryPending(): Promise<void> {
    const failed = this.#props.catalogue.status().filter(({ pending }) => pending?.error !== undefined);
    for (const { resource } of failed) {
      const folder = this.#wanted.get(resource);
      if (folder !== undefined) await this.#switch(resource, folder);
    }
  }

  async #switch(resource: string, folder: string): Promise<void> {
    const { catalogue, log } = this.#props;
    try {
      await catalogue.switchTo(resource, folder);
      log.info({ resource, folder }, 'A database vintage answers');
      this.#whenUsable?.();
      this.#whenUsable = undefined;
    } catch (error) {
      log.error({ resource, folder, err: error }, 'A database vintage could not be opened; the node tries again');
    }
  }
}
