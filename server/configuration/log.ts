import { digestText } from './canonical.ts';
import { type ChangeRecord, type ChunkedValue, decodeEntry, encodeChange, type LogEntry } from './change.ts';
import { inlineValueBytes, readParts, writeChunks } from './chunks.ts';
import { afterLastChange, changeSort, logPartition } from './keys.ts';
import { type Item, optionalTextOf, type Reading, type Table } from './table.ts';

/** What one page of the log after a revision showed. */
export interface LogPage {
  readonly changes: readonly ChangeRecord[];
  readonly stub: boolean;
  readonly hole: boolean;
  readonly complete: boolean;
  readonly readUnits: number;
}

/** Changes on one page; with inline values they stay near DynamoDB's 1 MB page. */
const pageItems = 500;

/** The change log of one epoch of one cluster, as items of the table. */
export interface Log {
  readonly table: Table;
  readonly clusterName: string;
  readonly epoch: number;
}

export async function readLogPage(log: Log, afterRevision: number, reading: Reading): Promise<LogPage> {
  const page = await log.table.query(
    {
      partition: logPartition(log.clusterName, log.epoch),
      from: changeSort(afterRevision + 1),
      to: afterLastChange,
      limit: pageItems,
      order: 'ascending',
    },
    reading,
  );
  const changes: ChangeRecord[] = [];
  let end: 'stub' | 'hole' | undefined;
  for (const item of page.items) {
    const entry = decodeEntry(item);
    end = await takeEntry(log, entry, afterRevision + changes.length + 1, changes);
    if (end) break;
  }
  const { readUnits } = page;
  return { changes, stub: end === 'stub', hole: end === 'hole', complete: !end && !page.hasMore, readUnits };
}

/** Tries to store a change at its revision; the value goes to chunks first where it is large. */
export async function putChange(log: Log, change: ChangeRecord, chunked: ChunkedValue | undefined) {
  return log.table.put(keyOf(log, change.revision), encodeChange(change, chunked), 'absent');
}

export async function storeLargeValue(log: Log, value: string | undefined): Promise<ChunkedValue | undefined> {
  if (value === undefined || Buffer.byteLength(value) <= inlineValueBytes) return undefined;
  return writeChunks(log.table, log.clusterName, value);
}

/** Id of the change at a revision, by a strong read; undefined when there is none. */
export async function readChangeId(log: Log, revision: number): Promise<string | undefined> {
  const item = await log.table.get(keyOf(log, revision), 'strong');
  return item && optionalTextOf(item, 'id');
}

/** The change at a revision with its value; undefined when absent, compacted, or its chunks are not there yet. */
export async function readChange(log: Log, item: Item): Promise<ChangeRecord | undefined> {
  return withValue(log, decodeEntry(item));
}

function keyOf(log: Log, revision: number) {
  return { partition: logPartition(log.clusterName, log.epoch), sort: changeSort(revision) };
}

async function takeEntry(log: Log, entry: LogEntry, expected: number, changes: ChangeRecord[]) {
  const revision = entry.kind === 'stub' ? entry.revision : entry.change.revision;
  if (revision !== expected) return 'hole';
  if (entry.kind === 'stub') return 'stub';
  const change = await withValue(log, entry);
  // A chunk that another region has not received yet is waited for like a missing change.
  if (!change) return 'hole';
  changes.push(change);
  return undefined;
}

async function withValue(log: Log, entry: LogEntry): Promise<ChangeRecord | undefined> {
  if (entry.kind === 'stub') return undefined;
  if (entry.kind === 'change') return entry.change;
  const parts = await readParts(log.table, log.clusterName, entry.chunks);
  const value = parts?.join('');
  return value !== undefined && digestText(value) === entry.digest ? { ...entry.change, value } : undefined;
}
