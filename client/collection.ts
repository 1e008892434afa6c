import { type ConfigurationKind, kinds, type ObjectValue } from '../contract/kinds.ts';
import { collectionPath, type HistoryView, type ManagedObject } from '../contract/management.ts';
import { ManagementError } from './management-error.ts';
import type { Transport } from './transport.ts';

/** Fields as they are sent: defaults and what stays may be left out; a user has a `password` instead of its hash. */
export type SentValue<Kind extends ConfigurationKind> = Partial<Omit<ObjectValue<Kind>, 'passwordHash'>> &
  (Kind extends 'user' ? { readonly password?: string } : object);

/** An object and the tag that an update of it names. */
export interface Found<Kind extends ConfigurationKind> {
  readonly value: ManagedObject<Kind>;
  readonly etag: string;
}

/** What a change expects: the object as it was read, or as it is, whatever it is. */
export type Expected = { readonly etag: string } | 'any';

export interface ListQuery {
  /** Such as `enabled=true` or `name=us*`; all must hold. */
  readonly filter?: readonly string[];
  /** Fields by commas, `-` before one for descending. */
  readonly sort?: string;
  /** Objects fetched at a time; 500 when absent. */
  readonly pageSize?: number;
}

export interface ChangeOptions {
  /** Why, for the audit log. */
  readonly reason?: string;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

const usualPageSize = 500;
const longestContest = 8;

/** The objects of one kind. */
export class Collection<Kind extends ConfigurationKind> {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, kind: Kind) {
    this.#transport = transport;
    this.#path = collectionPath(kinds[kind].collection);
  }

  /** Every object that the query wants, fetched page by page. */
  async *list({ pageSize = usualPageSize, filter, sort }: ListQuery = {}): AsyncGenerator<ManagedObject<Kind>> {
    let cursor: string | undefined;
    do {
      const query = { filter, sort, limit: pageSize, cursor };
      const page: Page<ManagedObject<Kind>> = await this.#transport.readJson({ path: this.#path, query });
      yield* page.items;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  async get(name: string): Promise<Found<Kind>> {
    return this.#read(await this.#transport.send({ path: this.#pathOf(name) }));
  }

  /** As `get`; undefined when there is no such object. */
  async find(name: string): Promise<Found<Kind> | undefined> {
    return this.get(name).catch((error: unknown) => {
      if (error instanceof ManagementError && error.code === 'UNKNOWN_OBJECT') return undefined;
      throw error;
    });
  }

  async create(name: string, value: SentValue<Kind>, { reason }: ChangeOptions = {}): Promise<Found<Kind>> {
    const body = { ...value, name };
    return this.#read(await this.#transport.send({ method: 'POST', path: this.#path, body, query: { reason } }));
  }

  async put(
    name: string,
    value: SentValue<Kind>,
    expected: Expected,
    { reason }: ChangeOptions = {},
  ): Promise<Found<Kind>> {
    const headers = precondition(expected);
    const path = this.#pathOf(name);
    return this.#read(await this.#transport.send({ method: 'PUT', path, body: value, headers, query: { reason } }));
  }

  /** Reads, changes and writes, again from the start when another change came between. */
  async change(
    name: string,
    edit: (value: ManagedObject<Kind>) => SentValue<Kind>,
    options: ChangeOptions = {},
  ): Promise<Found<Kind>> {
    for (let attempt = 1; ; attempt++) {
      const { value, etag } = await this.get(name);
      try {
        return await this.put(name, edit(value), { etag }, options);
      } catch (error) {
        const isContested = error instanceof ManagementError && error.code === 'REVISION_CONFLICT';
        if (!isContested || attempt === longestContest) throw error;
      }
    }
  }

  async delete(name: string, expected: Expected, { reason }: ChangeOptions = {}): Promise<void> {
    const headers = precondition(expected);
    await this.#transport.send({ method: 'DELETE', path: this.#pathOf(name), headers, query: { reason } });
  }

  /** Who changed it, when, and what: newest first. */
  async *history(name: string, pageSize = usualPageSize): AsyncGenerator<HistoryView> {
    let before: string | undefined;
    do {
      const path = `${this.#pathOf(name)}/history`;
      const page: Page<HistoryView> = await this.#transport.readJson({ path, query: { limit: pageSize, before } });
      yield* page.items;
      before = page.next;
    } while (before !== undefined);
  }

  /** Gives it the value it had at a revision; one that is gone comes back. */
  async restore(name: string, revision: string, { reason }: ChangeOptions = {}): Promise<Found<Kind>> {
    const found = await this.find(name);
    const headers = found === undefined ? { 'if-none-match': '*' } : precondition(found);
    const path = `${this.#pathOf(name)}/restore`;
    const request = { method: 'POST', path, body: { revision }, headers, query: { reason } } as const;
    return this.#read(await this.#transport.send(request));
  }

  async #read(answer: Response): Promise<Found<Kind>> {
    return { value: (await answer.json()) as ManagedObject<Kind>, etag: answer.headers.get('etag') ?? '' };
  }

  #pathOf(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}

function precondition(expected: Expected): Record<string, string> {
  return { 'if-match': expected === 'any' ? '*' : expected.etag };
}
