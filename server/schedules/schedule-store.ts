import { runtimePartitions, type ScheduleItem } from '../../contract/runtime-table.ts';
import type { FireView } from '../../contract/schedules.ts';
import { type Attributes, type Item, numberOf, type Table, textOf } from '../configuration/index.ts';

export interface ScheduleStoreProps {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  nowMs(): number;
}

/** One thing that starts a flow once: a time that was due, or a file. */
export interface Fire {
  /** Sorts by time; a schedule has each id once. */
  readonly id: string;
  readonly dueMs: number;
  readonly file?: string;
}

/** How far a schedule is. Whatever a fire starts is decided by the one write that takes it up here. */
export interface ScheduleState {
  /** Trigger that `upToMs` is for; empty while the schedule does not fire. */
  readonly trigger: string;
  /** Times up to this one are decided. */
  readonly upToMs: number;
  /** Decided to start, and perhaps started already: whoever finds it here starts it again under the same key. */
  readonly starting?: Fire;
  readonly waiting: readonly Fire[];
  /** Runs that may still go on. */
  readonly active: readonly string[];
}

/** A state as it is stored; `revision` 0 when it is not yet. */
export interface ScheduleRecord {
  readonly name: string;
  readonly state: ScheduleState;
  readonly revision: number;
}

/** Longer than the longest catch-up window, so that what was decided is never decided again. */
const stateSeconds = 366 * 86_400;
const historySeconds = 90 * 86_400;
const pageSize = 500;

/** States and fires of schedules in the runtime table. */
export class ScheduleStore {
  readonly #props: ScheduleStoreProps;

  constructor(props: ScheduleStoreProps) {
    this.#props = props;
  }

  async list(): Promise<readonly ScheduleRecord[]> {
    const partition = this.#partition('schedules');
    const records: ScheduleRecord[] = [];
    for (let from = ' ', more = true; more; ) {
      const range = { partition, from, to: '\u{10ffff}', limit: pageSize, order: 'ascending' } as const;
      const { items, hasMore } = await this.#props.table.query(range, 'strong');
      records.push(...items.map(decode));
      from = `${items.at(-1)?.key.sort} `;
      more = hasMore && items.length > 0;
    }
    return records;
  }

  /** Undefined when somebody else wrote since `record` was read. Throws `TableError` when that cannot be told. */
  async advance(record: ScheduleRecord, state: ScheduleState): Promise<ScheduleRecord | undefined> {
    const { table } = this.#props;
    const key = { partition: this.#partition('schedules'), sort: record.name };
    const next = { name: record.name, state, revision: record.revision + 1 };
    const condition = record.revision === 0 ? 'absent' : ({ name: 'revision', equals: record.revision } as const);
    const item: ScheduleItem = {
      body: JSON.stringify(state),
      revision: next.revision,
      expiresAt: this.#expires(stateSeconds),
    };
    return (await table.put(key, { ...item }, condition)) === 'written' ? next : undefined;
  }

  /** Writing the same fire again replaces what is told of it. */
  async tell(schedule: string, fire: FireView): Promise<void> {
    const body: Attributes = { body: JSON.stringify(fire), expiresAt: this.#expires(historySeconds) };
    await this.#props.table.put(this.#fireKey(schedule, fire.id), body, 'none');
  }

  /** Newest first. */
  async listFires(schedule: string, limit: number): Promise<readonly FireView[]> {
    const partition = this.#partition('fires');
    const found: FireView[] = [];
    for (let to = `${schedule}#~`; ; ) {
      const range = { partition, from: `${schedule}# `, to, limit: limit + 1, order: 'descending' } as const;
      const { items, hasMore } = await this.#props.table.query(range, 'strong');
      const fresh = items.filter(({ key }) => key.sort !== to);
      found.push(...fresh.map((item) => JSON.parse(textOf(item, 'body')) as FireView));
      const last = fresh.at(-1)?.key.sort;
      if (!hasMore || last === undefined || found.length >= limit) return found.slice(0, limit);
      to = last;
    }
  }

  #fireKey(schedule: string, id: string): Item['key'] {
    return { partition: this.#partition('fires'), sort: `${schedule}#${id}` };
  }

  #expires(seconds: number): number {
    return Math.ceil(this.#props.nowMs() / 1_000) + seconds;
  }

  #partition(kind: 'schedules' | 'fires'): string {
    return `${runtimePartitions[kind]}#${this.#props.clusterName}`;
  }
}

function decode(item: Item): ScheduleRecord {
  const state: unknown = JSON.parse(textOf(item, 'body'));
  return { name: item.key.sort, state: state as ScheduleState, revision: numberOf(item, 'revision') };
}
