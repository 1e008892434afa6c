import { decodeEntry } from './change.ts';
import { type ChunkPurpose, isBefore, purposeAttribute, purposeOf } from './chunks.ts';
import { readCompacted } from './compaction.ts';
import { readEpoch } from './epochs.ts';
import {
  afterLastChange,
  afterLastEpoch,
  afterLastSnapshot,
  beforeFirstEpoch,
  beforeFirstSnapshot,
  changeSort,
  chunkPartition,
  epochsPartition,
  firstEpoch,
  logPartition,
  snapshotSort,
} from './keys.ts';
import type { Log } from './log.ts';
import { decodeHeader, findKeptSnapshots } from './snapshots.ts';
import type { Item, Key, Range } from './table.ts';

export interface CollectionResult {
  /** Snapshots whose headers were emptied. */
  readonly snapshots: number;
  /** Chunks that nothing names any more, and that have left the table. */
  readonly chunks: number;
}

const pageItems = 200;
/** Stands in a header whose snapshot has gone: no text has it for a digest, so the header verifies for nobody. */
const collectedDigest = 'collected';

/**
 * Removes snapshots older than the two newest that verify, and chunks that nothing names: of these snapshots, of
 * compacted changes, and of writers that died or lost. A chunk goes only when the log has two snapshots beyond the place
 * that it was stored for, so that whatever was to name it does so by now or never will, and only as it was seen: a writer
 * that means to use it has given it a later purpose. Several nodes at once, or one that stops in the middle, do no harm.
 */
export async function collectGarbage(log: Log): Promise<CollectionResult> {
  const older = (await findKeptSnapshots(log))[1];
  if (!older) return { snapshots: 0, chunks: 0 };
  const snapshots = await emptySnapshotsBefore(log, older.revision);
  // Only now: what names a chunk later gives it a later purpose first.
  const named = await listNamedChunks(log);
  const limit = { epoch: log.epoch, revision: older.revision };
  return { snapshots, chunks: await sweep(log, named, limit) };
}

async function emptySnapshotsBefore(log: Log, revision: number): Promise<number> {
  const partition = logPartition(log.clusterName, log.epoch);
  let emptied = 0;
  for await (const { key, attributes } of readRange(log, {
    partition,
    from: beforeFirstSnapshot,
    to: snapshotSort(revision - 1),
  })) {
    const { digest } = attributes;
    if (digest === collectedDigest) continue;
    const condition = { name: 'digest', equals: String(digest) };
    const outcome = await log.authority().put(key, { digest: collectedDigest, chunks: [] }, condition);
    if (outcome === 'written') emptied++;
  }
  return emptied;
}

/** Of every epoch, since a node may still serve from one that is over. */
async function listNamedChunks(log: Log): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  const take = (chunks: readonly string[]) => {
    for (const chunk of chunks) named.add(chunk);
  };
  const newest = await readEpoch(log.authority(), log.clusterName, 'strong');
  for (let epoch = firstEpoch; epoch <= newest; epoch++) {
    const of = { ...log, epoch };
    const partition = logPartition(log.clusterName, epoch);
    const changes = { partition, from: changeSort((await readCompacted(of)) + 1), to: afterLastChange };
    for await (const item of readRange(log, changes)) {
      const entry = decodeEntry(item);
      if (entry.kind === 'chunked') take(entry.chunks);
    }
    const headers = { partition, from: beforeFirstSnapshot, to: afterLastSnapshot };
    for await (const item of readRange(log, headers)) take(decodeHeader(item).chunks);
  }
  const starts = { partition: epochsPartition(log.clusterName), from: beforeFirstEpoch, to: afterLastEpoch };
  for await (const item of readRange(log, starts)) take(decodeHeader(item).chunks);
  return named;
}

async function sweep(log: Log, named: ReadonlySet<string>, limit: ChunkPurpose): Promise<number> {
  const table = log.authority();
  const partitionPrefix = chunkPartition(log.clusterName, '');
  let collected = 0;
  let after: Key | undefined;
  do {
    const page = await table.scan({ partitionPrefix, attribute: purposeAttribute, after });
    for (const item of page.items) {
      const purpose = purposeOf(item);
      const isNeeded = named.has(item.key.partition.slice(partitionPrefix.length));
      if (isNeeded || !purpose || isBefore(limit, purpose)) continue;
      const condition = { name: purposeAttribute, equals: String(item.attributes[purposeAttribute]) };
      if ((await table.delete(item.key, condition)) === 'written') collected++;
    }
    after = page.next;
  } while (after);
  return collected;
}

async function* readRange(log: Log, range: Pick<Range, 'partition' | 'from' | 'to'>): AsyncGenerator<Item> {
  for (let { from } = range, more = true; more; ) {
    const page = await log.authority().query({ ...range, from, limit: pageItems, order: 'ascending' }, 'strong');
    for (const item of page.items) {
      yield item;
      from = `${item.key.sort} `;
    }
    more = page.hasMore;
  }
}
