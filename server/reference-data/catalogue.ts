import { SpectrumError } from '../foundation/errors.ts';
import type { AddressDatabase, ReadCounts } from './address-database.ts';
import { type OpenOptions, openAddressDatabase, verifyVintage } from './vintage.ts';

/** One database resource as this node sees it. */
export interface CatalogueStatus {
  readonly resource: string;
  /** The folder that answers now; undefined before the first one has opened. */
  readonly open:
    | {
        readonly folder: string;
        readonly database: string;
        readonly vintage: string;
        /** Of the folder, which several resources may share. */
        readonly reads: ReadCounts | undefined;
      }
    | undefined;
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

/** An open folder, shared by all resources that name it: one set of handles, one block cache. */
interface OpenVintage {
  readonly folder: string;
  readonly database: AddressDatabase;
  /** Resources that it answers for now; without any it closes after its last lease. */
  resources: number;
  leases: number;
}

interface Entry {
  current: OpenVintage | undefined;
  pending: { readonly folder: string; error: string | undefined } | undefined;
}

type OpenDatabase = (folder: string, options?: OpenOptions) => Promise<AddressDatabase>;

/**
 * Which vintage answers for which database resource. A new vintage takes over between two leases once it has opened and
 * verified, at once when another resource has it open; one that fails leaves the old in place; the old closes when its
 * last lease is released.
 */
export class Catalogue {
  readonly #entries = new Map<string, Entry>();
  readonly #open = new Map<string, OpenVintage>();
  readonly #closing = new Set<Promise<void>>();
  /** A sealed vintage never changes: what was verified here once is only opened when it comes back. */
  readonly #verified = new Set<string>();
  #onClosed: () => void = () => undefined;

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
    const known = this.#open.get(folder);
    if (known) return this.#attach(entry, known);
    const pending = { folder, error: undefined as string | undefined };
    entry.pending = pending;
    try {
      if (options.verify ?? entry.current !== undefined) await this.#verifyOnce(folder);
      const database = await this.open(folder, this.openOptions);
      const isWanted = entry.pending === pending && this.#entries.get(resource) === entry;
      const other = this.#open.get(folder);
      if (!isWanted || other) await database.close();
      if (isWanted) this.#attach(entry, other ?? { folder, database, resources: 0, leases: 0 });
    } catch (error) {
      pending.error = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /** Forgets a resource; leases on it go on. */
  remove(resource: string): void {
    const current = this.#entries.get(resource)?.current;
    this.#entries.delete(resource);
    if (current) this.#detach(current);
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
        reads: current.database.reads,
      },
      pending: pending && { ...pending },
    }));
  }

  /** Resolves when every database is closed, so after the last lease is released. */
  async close(): Promise<void> {
    for (const resource of [...this.#entries.keys()]) this.remove(resource);
    const allReturned = new Promise<void>((resolve) => {
      this.#onClosed = resolve;
    });
    if (this.#open.size > 0) await allReturned;
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #getOpen(resource: string): OpenVintage {
    const entry = this.#entries.get(resource);
    if (entry?.current) return entry.current;
    const unopened = entry?.pending?.error === undefined ? 'it is still being opened' : 'it could not be opened there';
    // Why it could not names folders of the server: that is for the log and for those who manage databases.
    const reason = entry ? unopened : 'this node does not know it';
    throw new SpectrumError('DATABASE_UNAVAILABLE', `The database ${resource} is not open on this node: ${reason}`, {
      resource,
      reason,
    });
  }

  async #verifyOnce(folder: string): Promise<void> {
    if (this.#verified.has(folder)) return;
    await this.verify(folder);
    this.#verified.add(folder);
  }

  /** Synchronous, so that no request can begin between the old and the new. */
  #attach(entry: Entry, vintage: OpenVintage): void {
    const before = entry.current;
    vintage.resources += 1;
    this.#open.set(vintage.folder, vintage);
    entry.current = vintage;
    entry.pending = undefined;
    if (before) this.#detach(before);
  }

  #detach(vintage: OpenVintage): void {
    vintage.resources -= 1;
    this.#closeWhenDone(vintage);
  }

  #closeWhenDone(vintage: OpenVintage): void {
    if (vintage.resources > 0 || vintage.leases > 0 || !this.#open.delete(vintage.folder)) return;
    // A handle that cannot be closed any more has nothing left to lose.
    const closed = vintage.database.close().catch(() => undefined);
    const done = closed.finally(() => this.#closing.delete(done));
    this.#closing.add(done);
    if (this.#open.size === 0) this.#onClosed();
  }
}
