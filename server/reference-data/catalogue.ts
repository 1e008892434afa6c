import { SpectrumError } from '../foundation/errors.ts';
import type { AddressDatabase } from './address-database.ts';
import { type OpenOptions, openAddressDatabase, verifyVintage } from './vintage.ts';

/** One database resource as this node sees it. */
export interface CatalogueStatus {
  readonly resource: string;
  /** The folder that answers now; undefined before the first one has opened. */
  readonly open: { readonly folder: string; readonly database: string; readonly vintage: string } | undefined;
  /** What the configuration asks for and is not open yet. */
  readonly pending: { readonly folder: string; readonly error: string | undefined } | undefined;
}

/** The vintages one request works with: the first use of a resource decides, and nothing closes before `release`. */
export interface VintageLease {
  /** Throws `DATABASE_UNAVAILABLE` when the resource is not open on this node. */
  database(resource: string): AddressDatabase;
  /** Idempotent. */
  release(): void;
}

export interface SwitchOptions {
  /** Compare every file with its SHA-256 first. By default a replacement is verified so, a first opening is not. */
  readonly verify?: boolean;
}

interface OpenVintage {
  readonly folder: string;
  readonly database: AddressDatabase;
  leases: number;
  isRetired: boolean;
}

interface Entry {
  current: OpenVintage | undefined;
  pending: { readonly folder: string; error: string | undefined } | undefined;
}

type OpenDatabase = (folder: string, options?: OpenOptions) => Promise<AddressDatabase>;

/**
 * Which vintage answers for which database resource. A new vintage takes over between two leases once it has opened and
 * verified; one that fails leaves the old in place; the old closes when its last lease is released.
 */
export class Catalogue {
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new Set<Promise<void>>();
  /** What to do once a retired vintage has closed. */
  readonly #onDone = new Map<OpenVintage, () => void>();

  constructor(
    readonly openOptions: OpenOptions = {},
    readonly open: OpenDatabase = openAddressDatabase,
    readonly verify: (folder: string) => Promise<unknown> = verifyVintage,
  ) {}

  /**
   * Resolves when `folder` answers for `resource`; rejects with the reason when it cannot, the old one staying. A later
   * call for the same resource supersedes this one, which then resolves without effect.
   */
  async switchTo(resource: string, folder: string, options: SwitchOptions = {}): Promise<void> {
    const entry = this.#entries.get(resource) ?? { current: undefined, pending: undefined };
    this.#entries.set(resource, entry);
    if (entry.current?.folder === folder) {
      entry.pending = undefined;
      return;
    }
    const pending = { folder, error: undefined as string | undefined };
    entry.pending = pending;
    try {
      if (options.verify ?? entry.current !== undefined) await this.verify(folder);
      const database = await this.open(folder, this.openOptions);
      const isWanted = entry.pending === pending && this.#entries.get(resource) === entry;
      if (!isWanted) return await database.close();
      this.#retire(entry.current);
      entry.current = { folder, database, leases: 0, isRetired: false };
      entry.pending = undefined;
    } catch (error) {
      pending.error = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /** Forgets a resource; leases on it go on. */
  remove(resource: string): void {
    this.#retire(this.#entries.get(resource)?.current);
    this.#entries.delete(resource);
  }

  lease(): VintageLease {
    const taken = new Map<string, OpenVintage>();
    return {
      database: (resource) => {
        const known = taken.get(resource);
        if (known) return known.database;
        const vintage = this.#getOpen(resource);
        vintage.leases += 1;
        taken.set(resource, vintage);
        return vintage.database;
      },
      release: () => {
        for (const vintage of taken.values()) {
          vintage.leases -= 1;
          this.#closeWhenDone(vintage);
        }
        taken.clear();
      },
    };
  }

  status(): readonly CatalogueStatus[] {
    return [...this.#entries].map(([resource, { current, pending }]) => ({
      resource,
      open: current && {
        folder: current.folder,
        database: current.database.manifest.database,
        vintage: current.database.manifest.vintage,
      },
      pending: pending && { ...pending },
    }));
  }

  /** Resolves when every database is closed, so after the last lease is released. */
  async close(): Promise<void> {
    for (const resource of [...this.#entries.keys()]) this.remove(resource);
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #getOpen(resource: string): OpenVintage {
    const entry = this.#entries.get(resource);
    if (entry?.current) return entry.current;
    const reason = entry?.pending?.error ?? (entry ? 'it is still being opened' : 'this node does not know it');
    throw new SpectrumError('DATABASE_UNAVAILABLE', `The database ${resource} is not open on this node: ${reason}`, {
      resource,
      reason,
    });
  }

  #retire(vintage: OpenVintage | undefined): void {
    if (!vintage || vintage.isRetired) return;
    vintage.isRetired = true;
    const { promise, resolve } = newSignal();
    this.#closing.add(promise);
    promise.finally(() => this.#closing.delete(promise));
    this.#onDone.set(vintage, resolve);
    this.#closeWhenDone(vintage);
  }

  #closeWhenDone(vintage: OpenVintage): void {
    const done = this.#onDone.get(vintage);
    if (!vintage.isRetired || vintage.leases > 0 || !done) return;
    this.#onDone.delete(vintage);
    // A handle that cannot be closed any more has nothing left to lose.
    vintage.database.close().then(done, done);
  }
}

function newSignal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
