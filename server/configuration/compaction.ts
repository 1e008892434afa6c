import type { Archive } from './archive.ts';
import { type ChangeRecord, decodeEntry, encodeStub } from './change.ts';
import { changeSort, compactionSort, logPartition } from './keys.ts';
import { type Log, readLogPage } from './log.ts';
import { findKeptSnapshots, listSnapshots } from './snapshots.ts';
import { numberOf } from './table.ts';

export interface CompactionOptions {
  /** Payloads go here before they leave the table. */
  readonly archive: Archive;
  readonly nowMs: number;
  /** Changes younger than this stay in the table for the audit trail. */
  readonly retainMs: number;
}

export interface CompactionResult {
  /** Changes that became stubs in this run. */
  readonly compacted: number;
  /** Everything up to this revision is a stub. */
  readonly revision: number;
}

/**
 * Replaces old changes by stubs, which keep the key and the id: a delayed writer must still collide. Goes no further
 * than the older of the two newest snapshots that verify, so that one damaged snapshot costs nothing. Running it twice, or on two
 * nodes at once, does no harm.
 */
export async function compactLog(log: Log, options: CompactionOptions): Promise<CompactionResult> {
  const table = log.authority();
  const partition = logPartition(log.clusterName, log.epoch);
  const markKey = { partition, sort: compactionSort };
  const start = await readCompacted(log);
  const newer = (await listSnapshots(log, table, 'strong')).filter(({ revision }) => revision > start);
  const limit = newer.length < 2 ? 0 : ((await findKeptSnapshots(log))[1]?.revision ?? 0);
  let revision = start;
  while (revision < limit) {
    const page = await readLogPage(log, revision, 'strong');
    const changes = page.changes.filter((change) => change.revision <= limit && isOldEnough(change, options));
    if (changes.length > 0) await options.archive.store(log.clusterName, log.epoch, changes);
    for (const change of changes) await replaceByStub(log, change);
    revision += changes.length;
    // Another run has been here, or what follows is too young.
    if (page.stub && changes.length === 0) revision = await skipStubs(log, revision, limit);
    else if (changes.length < page.changes.length || changes.length === 0) break;
  }
  if (revision > start) await table.put(markKey, { revision }, 'none');
  return { compacted: revision - start, revision };
}

/** Up to this revision the log is known to be stubs. */
export async function readCompacted(log: Log): Promise<number> {
  const key = { partition: logPartition(log.clusterName, log.epoch), sort: compactionSort };
  const mark = await log.authority().get(key, 'strong');
  return mark ? numberOf(mark, 'revision') : 0;
}

function isOldEnough(change: ChangeRecord, { nowMs, retainMs }: CompactionOptions): boolean {
  return nowMs - Date.parse(change.at) >= retainMs;
}

async function replaceByStub(log: Log, change: ChangeRecord): Promise<void> {
  const key = { partition: logPartition(log.clusterName, log.epoch), sort: changeSort(change.revision) };
  await log.authority().put(key, encodeStub(change.id), { name: 'id', equals: change.id });
}

async function skipStubs(log: Log, afterRevision: number, limit: number): Promise<number> {
  let revision = afterRevision;
  for (; revision < limit; revision++) {
    const key = { partition: logPartition(log.clusterName, log.epoch), sort: changeSort(revision + 1) };
    const item = await log.authority().get(key, 'strong');
    if (!item || decodeEntry(item).kind !== 'stub') break;
  }
  return revision;
}
