import { type ChangeRecord, type ChunkedValue, decodeEntry, encodeChange, type LogEntry } from './change.ts';
import { inlineValueBytes, readChunks, writeChunks } from './chunks.ts';
import { afterLastChange, changeSort, logPartition, revisionOf } from './keys.ts';
import { optionalTextOf, type Reading, type Table } from './table.ts';

/** What one page of the log after a revision showed. */
export interface LogPage {
  readonly changes: readonly ChangeRecord[];
  readonly stub: boolean;
  readonly hole: boolean;
  readonly complete: boolean;
  readonly readUnits: number;
}

/** Changes on one page: all that stand beyond a snapshot, unless their values fill DynamoDB's page of 1 MB. */
const pageItems = 1_000;

/** The change log of one epoch of one cluster, as items of the table. */
export interface Log {
  /** Near this node: eventual reads. */
  readonly table: Table;
  /** Where writes are decided: strong reads and puts. The same table unless another region is the home. */
  readonly authority: () => Table;
  readonly clusterName: string;
  readonly epoch: number;
}

export async function readLogPage(log: Log, afterRevision: number, reading: Reading): Promise<LogPage> {
  const page = await tableFor(log, reading).query(
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
    end = await takeEntry(tableFor(log, reading), log, decodeEntry(item), afterRevision + changes.length + 1, changes);
    if (end) break;
  }
  const { readUnits } = page;
  return { changes, stub: end === 'stub', hole: end === 'hole', complete: !end && !page.hasMore, readUnits };
}

/** Tries to store a change at its revision; the value goes to chunks first where it is large. */
export async function putChange(log: Log, change: ChangeRecord, chunked: ChunkedValue | undefined) {
  return log.authority().put(keyOf(log, change.revision), encodeChange(change, chunked), 'absent');
}

/** Stores the value of a change aside where it is large; a change that tries another revision stores it for that one. */
export async function storeLargeValue(
  log: Log,
  { value, revision }: Pick<ChangeRecord, 'value' | 'revision'>,
): Promise<ChunkedValue | undefined> {
  if (value === undefined || Buffer.byteLength(value) <= inlineValueBytes) return undefined;
  return writeChunks(log.authority(), log.clusterName, value, { epoch: log.epoch, revision });
}

/** Id of the change at a revision, by a strong read; undefined when there is none. */
export async function readChangeId(log: Log, revision: number): Promise<string | undefined> {
  const item = await log.authority().get(keyOf(log, revision), 'strong');
  return item && optionalTextOf(item, 'id');
}

/** Changes from newest to oldest, below `beforeRevision`; compacted ones are left out, their payload is in the archive. */
export async function* readBackwards(log: Log, beforeRevision: number): AsyncGenerator<ChangeRecord> {
  for (let to = beforeRevision - 1; to > 0; ) {
    const page = await log.table.query(
      {
        partition: logPartition(log.clusterName, log.epoch),
        from: changeSort(1),
        to: changeSort(to),
        limit: pageItems,
        order: 'descending',
      },
      'eventual',
    );
    for (const item of page.items) {
      const entry = decodeEntry(item);
      to = revisionOf(item.key.sort) - 1;
      const change = entry.kind === 'stub' ? undefined : await withValue(log.table, log.clusterName, entry);
      if (change) yield change;
    }
    if (!page.hasMore) return;
  }
}

/** Every change after a revision, holes or not; compacted ones are left out. */
export async function* readAllAfter(log: Log, revision: number): AsyncGenerator<ChangeRecord> {
  for (let from = revision + 1, more = true; more; ) {
    const page = await log.authority().query(
      {
        partition: logPartition(log.clusterName, log.epoch),
        from: changeSort(from),
        to: afterLastChange,
        limit: pageItems,
        order: 'ascending',
      },
      'strong',
    );
    for (const item of page.items) {
      const entry = decodeEntry(item);
      from = revisionOf(item.key.sort) + 1;
      if (entry.kind !== 'stub') yield entry.change;
    }
    more = page.hasMore;
  }
}

function tableFor(log: Log, reading: Reading): Table {
  return reading === 'strong' ? log.authority() : log.table;
}

function keyOf(log: Log, revision: number) {
  return { partition: logPartition(log.clusterName, log.epoch), sort: changeSort(revision) };
}

async function takeEntry(table: Table, log: Log, entry: LogEntry, expected: number, changes: ChangeRecord[]) {
  const revision = entry.kind === 'stub' ? entry.revision : entry.change.revision;
  if (revision !== expected) return 'hole';
  if (entry.kind === 'stub') return 'stub';
  const change = await withValue(table, log.clusterName, entry);
  // A chunk that another region has not received yet is waited for like a missing change.
  if (!change) return 'hole';
  changes.push(change);
  return undefined;
}

async function withValue(
  table: Table,
  clusterName: string,
  entry: Exclude<LogEntry, { kind: 'stub' }>,
): Promise<ChangeRecord | undefined> {
  if (entry.kind === 'change') return entry.change;
  const value = await readChunks(table, clusterName, entry);
  return value === undefined ? undefined : { ...entry.change, value };
}
