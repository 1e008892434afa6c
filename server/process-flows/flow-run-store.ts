import type { ProcessFlowDocument, ProcessFlowRunView } from '../../contract/process-flows.ts';
import { runtimePartitions } from '../../contract/runtime-table.ts';
import { idOfRequest } from '../cluster/index.ts';
import { type Attributes, type Item, numberOf, type Table, TableError, textOf } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { RequestKey } from '../foundation/request-key.ts';
import type { Progress } from './progress.ts';

/** A run of a process flow: what it works with, settled when it is submitted, and how far it is. */
export interface FlowRun extends Omit<ProcessFlowRunView, 'activities'> {
  readonly document: ProcessFlowDocument;
  /** Other files, by `<activity>|<label>`. */
  readonly files: Readonly<Record<string, string>>;
  readonly progress: Progress;
}

/** What never changes in a run. It has an item of its own: nodes read the others all the time, to see what goes on. */
type FlowOrder = Pick<FlowRun, 'document' | 'files' | 'variables'>;

/** A run as it is stored. */
export interface FlowRunRecord {
  readonly run: FlowRun;
  /** Changes with every write. */
  readonly revision: number;
}

export interface FlowRunStoreProps {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  nowMs(): number;
  /** Told of every run that begins, at least once. */
  started?(run: ProcessFlowRunView): Promise<void>;
  /** Told of every run that has ended, at least once. */
  ended(run: ProcessFlowRunView): Promise<void>;
}

const historySeconds = 90 * 86_400;
const activeSeconds = 366 * 86_400;
/** An item of DynamoDB holds 400 KiB. */
const longestOrder = 300_000;
const pageSize = 500;

/** Runs of process flows in the runtime table: those that go on and those that have ended. */
export class FlowRunStore {
  readonly #props: FlowRunStoreProps;

  constructor(props: FlowRunStoreProps) {
    this.#props = props;
  }

  /** The run, or the one that was submitted under the key before. Throws `INVALID_REQUEST` for one that is too large. */
  async submit(wanted: FlowRun, key?: RequestKey): Promise<FlowRunRecord> {
    const id = key === undefined ? wanted.id : await idOfRequest(this.#props, 'flow', key, wanted.id);
    // The request before may have come no further than its key, or the order: then its run is made now.
    const earlier = id === wanted.id ? undefined : await this.find(id);
    if (earlier !== undefined) return earlier;
    const record = { run: { ...wanted, id }, revision: 1 };
    const order = this.#toOrder(record.run, activeSeconds);
    if (Buffer.byteLength(order.body) > longestOrder) {
      const sentence = `process flow ${wanted.processFlow} is too large; a run holds ${longestOrder} characters`;
      throw new SpectrumError('INVALID_REQUEST', sentence, { processFlow: wanted.processFlow });
    }
    const { table } = this.#props;
    const isFirst = (await table.put(this.#key('flowOrders', id), order, 'absent')) === 'written';
    await table.put(this.#key('flowRuns', id), this.#toItem(record, activeSeconds), 'absent');
    return (isFirst ? undefined : await this.find(id)) ?? record;
  }

  /** Undefined when there is none, or no longer. */
  async find(id: string): Promise<FlowRunRecord | undefined> {
    const active = await this.#props.table.get(this.#key('flowRuns', id), 'strong');
    // A request that hung may have ordered a run again after its end: what has ended stays so.
    const isUntouched = active === undefined || numberOf(active, 'revision') === 1;
    const ended = isUntouched ? await this.#props.table.get(this.#key('flowHistory', id), 'strong') : undefined;
    const item = ended ?? active;
    const order = item && (await this.#props.table.get(this.#key('flowOrders', id), 'strong'));
    return item && order && decode(order, item);
  }

  /** Ids of runs that have not ended, oldest first. */
  async listActive(): Promise<readonly string[]> {
    return [...(await this.#listIds('flowRuns', Number.POSITIVE_INFINITY))].reverse();
  }

  /** Newest first, those that go on before those that have ended. */
  async list(limit: number): Promise<readonly FlowRunRecord[]> {
    const active = await this.#listIds('flowRuns', limit);
    const ended = await this.#listIds('flowHistory', limit);
    const ids = [...new Set([...active, ...ended])].slice(0, limit);
    const records = await Promise.all(ids.map((id) => this.find(id)));
    return records.filter((record) => record !== undefined);
  }

  /** Undefined when somebody else wrote since `record` was read. Throws `TableError` when that cannot be told. */
  async advance(record: FlowRunRecord, run: FlowRun): Promise<FlowRunRecord | undefined> {
    if (record.run.startedAt === undefined && run.startedAt !== undefined && run.endedAt === undefined)
      await this.#props.started?.(toView(run));
    const next = { run, revision: record.revision + 1 };
    const condition = { name: 'revision', equals: record.revision } as const;
    const key = this.#key('flowRuns', run.id);
    const item = this.#toItem(next, activeSeconds);
    const written = await this.#props.table.put(key, item, condition).catch(async (error: unknown) => {
      if (!(error instanceof TableError)) throw error;
      // The answer may be lost, and not the write.
      const standing = await this.#props.table.get(key, 'strong');
      if (standing !== undefined && numberOf(standing, 'revision') === record.revision) throw error;
      return standing !== undefined && textOf(standing, 'body') === item.body ? 'written' : 'refused';
    });
    return written === 'written' ? next : undefined;
  }

  /** Moves a run that has ended to the history. Doing it again does no harm. */
  async archive(record: FlowRunRecord): Promise<void> {
    const { id } = record.run;
    await this.#props.ended(toView(record.run));
    await this.#props.table.put(this.#key('flowHistory', id), this.#toItem(record, historySeconds), 'none');
    await this.#props.table.put(this.#key('flowOrders', id), this.#toOrder(record.run, historySeconds), 'none');
    await this.#props.table.delete(this.#key('flowRuns', id), 'none');
    await this.#props.table.delete(this.#key('runCommands', id), 'none');
  }

  async cancel(id: string): Promise<void> {
    const body = { command: 'cancel', expiresAt: this.#expires(activeSeconds) };
    await this.#props.table.put(this.#key('runCommands', id), body, 'none');
  }

  async isCancelled(id: string): Promise<boolean> {
    return (await this.#props.table.get(this.#key('runCommands', id), 'strong')) !== undefined;
  }

  /** Newest first; a page of the table ends at its size, not at what is there. */
  async #listIds(kind: 'flowRuns' | 'flowHistory', limit: number): Promise<readonly string[]> {
    const { partition } = this.#key(kind, '');
    const ids: string[] = [];
    for (let to = '~'; ids.length < limit; ) {
      const range = { partition, from: ' ', to, limit: pageSize, order: 'descending' } as const;
      const { items, hasMore } = await this.#props.table.query(range, 'strong');
      const fresh = items.map(({ key }) => key.sort).filter((id) => id !== to);
      ids.push(...fresh);
      const last = fresh.at(-1);
      if (!hasMore || last === undefined) break;
      to = last;
    }
    return ids.slice(0, limit);
  }

  #toOrder({ document, files, variables }: FlowRun, seconds: number) {
    const order: FlowOrder = { document, files, variables };
    return { body: JSON.stringify(order), expiresAt: this.#expires(seconds) } satisfies Attributes;
  }

  #toItem({ run, revision }: FlowRunRecord, seconds: number) {
    const { document: _, files: __, variables: ___, ...rest } = run;
    return { body: JSON.stringify(rest), revision, expiresAt: this.#expires(seconds) } satisfies Attributes;
  }

  #expires(seconds: number): number {
    return Math.ceil(this.#props.nowMs() / 1_000) + seconds;
  }

  #key(kind: 'flowRuns' | 'flowOrders' | 'flowHistory' | 'runCommands', sort: string): Item['key'] {
    return { partition: `${runtimePartitions[kind]}#${this.#props.clusterName}`, sort };
  }
}

function decode(order: Item, item: Item): FlowRunRecord {
  const run = { ...JSON.parse(textOf(order, 'body')), ...JSON.parse(textOf(item, 'body')) } as FlowRun;
  return { run, revision: numberOf(item, 'revision') };
}

export function toView({ document, files: _, progress, ...run }: FlowRun): ProcessFlowRunView {
  const activities = document.activities.map(({ id, label = id, type }) => {
    const { epoch: __, ...known } = progress[id] ?? { state: 'waiting' as const };
    return { id, label, type, ...known };
  });
  return { ...run, activities };
}
