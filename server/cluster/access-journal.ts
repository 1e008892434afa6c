import { type AccessEvent, type AccessItem, runtimePartitions } from '../../contract/runtime-table.ts';
import { type Table, TableError, type Timing, textOf } from '../configuration/index.ts';

export interface AccessJournalOptions {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  /** Unlike any other process's of the cluster. */
  readonly processName: string;
  readonly timing: Timing;
  /** How long events are kept. */
  readonly retainMs: number;
  readonly onTrouble: (error: unknown) => void;
}

/** One event, or several that were the same within a short time. */
export interface AccessRecord extends AccessEvent {
  /** ISO 8601, by the clock of the node: the first time, and the last where there were several. */
  readonly at: string;
  readonly until?: string;
  readonly count: number;
  /** Place in the order of all nodes' records; later ones are greater. */
  readonly place: string;
}

interface AccessQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** Only records before this place. */
  readonly before?: string | undefined;
}

/** Who got in, who did not, and what was refused: the part of the audit log that changes nothing. */
export interface AccessJournal {
  /** Costs nothing but memory: what is alike is counted, and written down soon, a bounded number of times. */
  note(event: AccessEvent): void;
  /** The records of all nodes, newest first. Throws `TableError` when the table does not answer. */
  read(query: AccessQuery): AsyncGenerator<AccessRecord>;
  /** Writes down what is left. */
  close(): Promise<void>;
}

/** The first event of a while is there to be read at once; a process writes no more often than the second says. */
const firstWriteMs = 1_000;
const writeEveryMs = 30_000;
/** Different events of one write; what an attacker invents beyond them is only counted. */
const differentEvents = 100;
const itemsAtATime = 25;

interface Counted {
  readonly event: AccessEvent;
  firstMs: number;
  lastMs: number;
  count: number;
}

export function createAccessJournal(options: AccessJournalOptions): AccessJournal {
  const { table, timing } = options;
  const partition = `${runtimePartitions.access}#${options.clusterName}`;
  let counted = new Map<string, Counted>();
  let cancel: (() => void) | undefined;
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  let sequence = 0;
  let isClosed = false;
  let writing: Promise<void> = Promise.resolve();

  function note(event: AccessEvent): void {
    const nowMs = timing.nowMs();
    count(event, { firstMs: nowMs, lastMs: nowMs }, 1);
    const restMs = writtenAtMs + writeEveryMs - timing.monotonicMs();
    cancel ??= timing.after(Math.max(firstWriteMs, restMs), startWriting);
  }

  function startWriting(): void {
    writing = write();
  }

  function count(event: AccessEvent, { firstMs, lastMs }: Pick<Counted, 'firstMs' | 'lastMs'>, times: number): void {
    const isKnown = counted.has(keyOf(event)) || counted.size < differentEvents;
    const shown = isKnown ? event : { what: event.what, user: others };
    const entry = counted.get(keyOf(shown)) ?? { event: shown, firstMs, lastMs, count: 0 };
    entry.count += times;
    entry.firstMs = Math.min(entry.firstMs, firstMs);
    entry.lastMs = Math.max(entry.lastMs, lastMs);
    counted.set(keyOf(shown), entry);
  }

  async function write(): Promise<void> {
    cancel = undefined;
    const entries = [...counted.values()];
    if (entries.length === 0) return;
    counted = new Map();
    writtenAtMs = timing.monotonicMs();
    try {
      await put(entries);
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      options.onTrouble(error);
      // They are kept, and written with those that come.
      for (const { event, firstMs, lastMs, count: times } of entries) count(event, { firstMs, lastMs }, times);
      if (!isClosed) cancel ??= timing.after(writeEveryMs, startWriting);
    }
  }

  async function put(entries: readonly Counted[]): Promise<void> {
    const nowMs = timing.nowMs();
    const body = entries.map(({ event, firstMs, lastMs, count: times }) => ({
      ...event,
      firstMs,
      lastMs,
      count: times,
    }));
    const item: AccessItem = {
      body: JSON.stringify(body),
      expiresAt: Math.ceil((nowMs + options.retainMs) / 1_000),
    };
    // Time first, so that items lie in the order in which they were written; their events are a little older.
    const sort = `${new Date(nowMs).toISOString()}#${options.processName}#${++sequence}`;
    await table.put({ partition, sort }, { ...item }, 'none');
  }

  async function* read({ fromMs, toMs, before }: AccessQuery): AsyncGenerator<AccessRecord> {
    const from = isoOf(Math.max(fromMs, timing.nowMs() - options.retainMs));
    // An item holds events of the time before it was written.
    let to = before ?? `${isoOf(Math.min(toMs, timing.nowMs()) + latestWriteMs)}~`;
    for (let last: string | undefined, more = true; more && to >= from; ) {
      const page = await table.query({ partition, from, to, limit: itemsAtATime, order: 'descending' }, 'eventual');
      // The end of a range belongs to it: the next page begins with the last item again.
      const items = page.items.filter(({ key }) => key.sort !== last);
      for (const item of items) {
        for (const record of recordsOf(item.key.sort, textOf(item, 'body'))) {
          const atMs = Date.parse(record.at);
          if ((before === undefined || record.place < before) && atMs >= fromMs && atMs < toMs) yield record;
        }
      }
      last = items.at(-1)?.key.sort;
      to = last ?? '';
      more = page.hasMore && last !== undefined;
    }
  }

  return {
    note,
    read,
    async close() {
      cancel?.();
      isClosed = true;
      await writing;
      await write();
    },
  };
}

/** Stands for whoever came too many to be told apart. */
const others = ':others';
/** How much later than its events an item may have been written, an outage of the table included. */
const latestWriteMs = 24 * 3_600_000;

function keyOf({ what, user, host, detail }: AccessEvent): string {
  return JSON.stringify([what, user, host, detail]);
}

/** Newest first. */
function recordsOf(sort: string, body: string): readonly AccessRecord[] {
  const entries = JSON.parse(body) as readonly (AccessEvent & Omit<Counted, 'event'>)[];
  return [...entries]
    .map(({ firstMs, lastMs, ...entry }, index) => ({
      ...entry,
      at: isoOf(firstMs),
      ...(lastMs > firstMs && { until: isoOf(lastMs) }),
      place: `${sort}#${String(index).padStart(3, '0')}`,
    }))
    .reverse();
}

function isoOf(timeMs: number): string {
  return new Date(Math.max(0, Math.min(timeMs, 8.64e15))).toISOString();
}
