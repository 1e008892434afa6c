import { type RunCommand, runCommands } from '../../contract/runs.ts';
import { type RunItem, runtimePartitions } from '../../contract/runtime-table.ts';
import { type Attributes, type Item, numberOf, type Table, textOf } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { RunOrder, RunProgress, RunRecord } from './run-record.ts';

export interface RunStoreProps {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  nowMs(): number;
}

/** Ended runs are kept so long (design section 7); runs that have not ended do not expire. */
const historySeconds = 90 * 86_400;
/** Runs that were never finished, collected when nobody can still mean them. */
const activeSeconds = 366 * 86_400;
/** An item of DynamoDB holds 400 KiB; the order must leave room for the progress, which has an item of its own. */
const longestOrder = 300_000;

/** Runs in the runtime table: order and progress of those that go on, and those that have ended. */
export class RunStore {
  readonly #props: RunStoreProps;

  constructor(props: RunStoreProps) {
    this.#props = props;
  }

  /** Throws `INVALID_REQUEST` when the dataflow is too large to be kept with its run. */
  async submit(order: RunOrder): Promise<RunRecord> {
    const text = JSON.stringify(order);
    if (Buffer.byteLength(text) > longestOrder) {
      throw new SpectrumError(
        'INVALID_REQUEST',
        `dataflow: ${order.dataflow} has ${text.length} characters; a run holds at most ${longestOrder}`,
      );
    }
    const progress: RunProgress = { state: 'queued', epoch: 0, counters: [] };
    const { table } = this.#props;
    await table.put(this.#key('runOrders', order.id), { body: text, expiresAt: this.#expires(activeSeconds) }, 'none');
    await table.put(this.#key('runs', order.id), this.#toItem(progress, 1, activeSeconds), 'absent');
    return { order, progress, revision: 1 };
  }

  /** Ids of the runs that have not ended, oldest first. */
  async listActive(): Promise<readonly string[]> {
    const { items } = await this.#query('runs', 'ascending', 1_000);
    return items.map(({ key }) => key.sort);
  }

  /** A run that goes on or has ended; undefined when there is none, or no longer. */
  async find(id: string): Promise<RunRecord | undefined> {
    const { table } = this.#props;
    const item =
      (await table.get(this.#key('runs', id), 'strong')) ?? (await table.get(this.#key('runHistory', id), 'strong'));
    const order = item && (await table.get(this.#key('runOrders', id), 'strong'));
    if (item === undefined || order === undefined) return undefined;
    const progress = JSON.parse(textOf(item, 'body')) as RunProgress;
    return { order: JSON.parse(textOf(order, 'body')) as RunOrder, progress, revision: numberOf(item, 'revision') };
  }

  /** Runs, newest first, those that go on before those that have ended. */
  async list(limit: number): Promise<readonly RunRecord[]> {
    const active = (await this.#query('runs', 'descending', limit)).items;
    const ended = (await this.#query('runHistory', 'descending', limit)).items;
    const ids = [...new Set([...active, ...ended].map(({ key }) => key.sort))].slice(0, limit);
    const records = await Promise.all(ids.map((id) => this.find(id)));
    return records.filter((record) => record !== undefined);
  }

  /** Writes progress unless somebody else did since `record` was read: undefined then. An ended run moves to history. */
  async advance(record: RunRecord, progress: RunProgress): Promise<RunRecord | undefined> {
    const { table } = this.#props;
    const revision = record.revision + 1;
    const key = this.#key('runs', record.order.id);
    const item = this.#toItem(progress, revision, activeSeconds);
    const written = await table.put(key, item, { name: 'revision', equals: record.revision });
    if (written === 'refused' && !(await this.#isOwn(record, progress, revision))) return undefined;
    return { ...record, progress, revision };
  }

  /** Moves a run that has ended to the history. Doing it again does no harm. */
  async archive({ order, progress, revision }: RunRecord): Promise<void> {
    const { table } = this.#props;
    const { id } = order;
    await table.put(this.#key('runHistory', id), this.#toItem(progress, revision, historySeconds), 'none');
    const text = { body: JSON.stringify(order), expiresAt: this.#expires(historySeconds) };
    await table.put(this.#key('runOrders', id), text, 'none');
    await table.delete(this.#key('runs', id), 'none');
    await table.delete(this.#key('runCommands', id), 'none');
  }

  /** What an operator wants of the run; the owner looks for it. */
  async command(id: string, command: RunCommand): Promise<void> {
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

  /** A put whose answer was lost is refused when it is repeated: it is known by what it wrote. */
  async #isOwn(record: RunRecord, progress: RunProgress, revision: number): Promise<boolean> {
    const standing = await this.find(record.order.id);
    return standing?.revision === revision && JSON.stringify(standing.progress) === JSON.stringify(progress);
  }

  #toItem(progress: RunProgress, revision: number, seconds: number): RunItem & Attributes {
    return { body: JSON.stringify(progress), revision, expiresAt: this.#expires(seconds) };
  }

  #expires(seconds: number): number {
    return Math.ceil(this.#props.nowMs() / 1_000) + seconds;
  }

  #query(kind: PartitionName, order: 'ascending' | 'descending', limit: number) {
    const { partition } = this.#key(kind, '');
    return this.#props.table.query({ partition, from: ' ', to: '~', limit, order }, 'strong');
  }

  #key(kind: PartitionName, sort: string): Item['key'] {
    return { partition: `${runtimePartitions[kind]}#${this.#props.clusterName}`, sort };
  }
}

type PartitionName = 'runs' | 'runOrders' | 'runHistory' | 'runCommands';
