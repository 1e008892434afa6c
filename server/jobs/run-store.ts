import { type RunCommand, type RunView, runCommands } from '../../contract/runs.ts';
import { type RunItem, runtimePartitions } from '../../contract/runtime-table.ts';
import { idOfRequest } from '../cluster/index.ts';
import { type Attributes, type Item, numberOf, type Table, TableError, textOf } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { RequestKey } from '../foundation/request-key.ts';
import { type RunOrder, type RunProgress, type RunRecord, toRunView } from './run-record.ts';

export interface RunStoreProps {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  nowMs(): number;
  /** Told of every run that begins, at least once, by its first owner; not again of one that is taken over. */
  started?(run: RunView): Promise<void>;
  /** Told of every run that has ended, at least once, by the last owner or the one after it. */
  ended?(run: RunView): Promise<void>;
}

/** Ended runs are kept so long (design section 7); runs that have not ended do not expire. */
const historySeconds = 90 * 86_400;
/** Runs that were never finished, collected when nobody can still mean them. */
const activeSeconds = 366 * 86_400;
/** An item of DynamoDB holds 400 KiB; the order must leave room for the progress, which has an item of its own. */
const longestOrder = 300_000;
const writeAttempts = 3;
const pageSize = 500;

/** Runs in the runtime table: order and progress of those that go on, and those that have ended. */
export class RunStore {
  readonly #props: RunStoreProps;

  constructor(props: RunStoreProps) {
    this.#props = props;
  }

  /** Throws `INVALID_REQUEST` when the dataflow is too large to be kept with its run, `IDEMPOTENCY_KEY_REUSED`. */
  async submit(wanted: RunOrder, key?: RequestKey): Promise<RunRecord> {
    const id = key === undefined ? wanted.id : await idOfRequest(this.#props, 'job', key, wanted.id);
    // The request before may have come no further than its key: then its run is made now, under the same id.
    const earlier = id === wanted.id ? undefined : await this.find(id);
    if (earlier !== undefined) return earlier;
    const order = { ...wanted, id };
    const text = JSON.stringify(order);
    if (Buffer.byteLength(text) > longestOrder) {
      throw new SpectrumError(
        'INVALID_REQUEST',
        `dataflow: ${order.dataflow} has ${text.length} characters; a run holds at most ${longestOrder}`,
      );
    }
    const progress: RunProgress = { state: 'queued', epoch: 0, counters: [] };
    const { table } = this.#props;
    // Whoever sends the same request at this moment orders the same run, and the order that stands first is the one.
    const orderItem = { body: text, expiresAt: this.#expires(activeSeconds) };
    const isFirst = (await table.put(this.#key('runOrders', order.id), orderItem, 'absent')) === 'written';
    await table.put(this.#key('runs', order.id), this.#toItem(progress, 1, activeSeconds), 'absent');
    return (isFirst ? undefined : await this.find(order.id)) ?? { order, progress, revision: 1 };
  }

  /** Ids of the runs that have not ended, oldest first. */
  async listActive(): Promise<readonly string[]> {
    return (await this.#listIds('runs', Number.POSITIVE_INFINITY)).sort();
  }

  /** A run that goes on or has ended; undefined when there is none, or no longer. */
  async find(id: string): Promise<RunRecord | undefined> {
    const { table } = this.#props;
    const active = await table.get(this.#key('runs', id), 'strong');
    // A request that hung may have ordered a run again after its end: what has ended stays so.
    const isUntouched = active === undefined || numberOf(active, 'revision') === 1;
    const ended = isUntouched ? await table.get(this.#key('runHistory', id), 'strong') : undefined;
    const item = ended ?? active;
    const order = item && (await table.get(this.#key('runOrders', id), 'strong'));
    if (item === undefined || order === undefined) return undefined;
    const progress = JSON.parse(textOf(item, 'body')) as RunProgress;
    return { order: JSON.parse(textOf(order, 'body')) as RunOrder, progress, revision: numberOf(item, 'revision') };
  }

  /** Runs, newest first, those that go on before those that have ended. */
  async list(limit: number): Promise<readonly RunRecord[]> {
    const active = await this.#listIds('runs', limit);
    const ended = await this.#listIds('runHistory', limit);
    const ids = [...new Set([...active, ...ended])].slice(0, limit);
    const records = await Promise.all(ids.map((id) => this.find(id)));
    return records.filter((record) => record !== undefined);
  }

  /**
   * Writes progress unless somebody else did since `record` was read: undefined then. A put whose answer was lost is
   * sent again, and known by what it wrote when it is refused. Throws `TableError` when the table stays away.
   */
  async advance(record: RunRecord, progress: RunProgress): Promise<RunRecord | undefined> {
    const revision = record.revision + 1;
    if (record.progress.startedAt === undefined && progress.startedAt !== undefined && progress.endedAt === undefined) {
      await this.#props.started?.(toRunView({ ...record, progress }));
    }
    const key = this.#key('runs', record.order.id);
    const item = this.#toItem(progress, revision, activeSeconds);
    const condition = { name: 'revision', equals: record.revision } as const;
    for (let attempt = 1; ; attempt++) {
      try {
        const written = await this.#props.table.put(key, item, condition);
        if (written === 'written' || (await this.#isOwn(key, item))) return { ...record, progress, revision };
        return undefined;
      } catch (error) {
        if (!(error instanceof TableError) || attempt === writeAttempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
      }
    }
  }

  /** Moves a run that has ended to the history. Doing it again does no harm. */
  async archive(record: RunRecord): Promise<void> {
    const { table, ended } = this.#props;
    const { order, progress, revision } = record;
    // Before the run leaves those that go on: until then another node does all of this again.
    await ended?.(toRunView(record));
    const { id } = order;
    const { checkpoint: _, targets: __, ...kept } = progress;
    await table.put(this.#key('runHistory', id), this.#toItem(kept, revision, historySeconds), 'none');
    const text = { body: JSON.stringify(order), expiresAt: this.#expires(historySeconds) };
    await table.put(this.#key('runOrders', id), text, 'none');
    await table.delete(this.#key('runs', id), 'none');
    await table.delete(this.#key('runCommands', id), 'none');
  }

  /** What an operator wants of the run; the owner looks for it. A run that is to be cancelled stays so. */
  async command(id: string, command: RunCommand): Promise<void> {
    if ((await this.findCommand(id)) === 'cancel') return;
    await this.#props.table.put(
      this.#key('runCommands', id),
      { command, expiresAt: this.#expires(activeSeconds) },
      'none',
    );
  }

  async findCommand(id: string): Promise<RunCommand | undefined> {
    const item = await this.#props.table.get(this.#key('runCommands', id), 'strong');
    const text = item && textOf(item, 'command');
    return runCommands.find((command) => command === text);
  }

  async #isOwn(key: Item['key'], item: RunItem): Promise<boolean> {
    const standing = await this.#props.table.get(key, 'strong');
    return (
      standing !== undefined &&
      textOf(standing, 'body') === item.body &&
      numberOf(standing, 'revision') === item.revision
    );
  }

  #toItem(progress: RunProgress, revision: number, seconds: number): RunItem & Attributes {
    return { body: JSON.stringify(progress), revision, expiresAt: this.#expires(seconds) };
  }

  #expires(seconds: number): number {
    return Math.ceil(this.#props.nowMs() / 1_000) + seconds;
  }

  /** Newest first; a page of the table ends at its size, not at what is there. */
  async #listIds(kind: PartitionName, limit: number): Promise<string[]> {
    const { partition } = this.#key(kind, '');
    const ids: string[] = [];
    for (let to = '~'; ; ) {
      const range = { partition, from: ' ', to, limit: pageSize, order: 'descending' } as const;
      const { items, hasMore } = await this.#props.table.query(range, 'strong');
      ids.push(...items.map(({ key }) => key.sort).filter((id) => id !== to));
      const last = items.at(-1)?.key.sort;
      if (!hasMore || last === undefined || ids.length >= limit) return ids.slice(0, limit);
      to = last;
    }
  }

  #key(kind: PartitionName, sort: string): Item['key'] {
    return { partition: `${runtimePartitions[kind]}#${this.#props.clusterName}`, sort };
  }
}

type PartitionName = 'runs' | 'runOrders' | 'runHistory' | 'runCommands';
