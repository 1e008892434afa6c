import type { ChunkedValue } from './change.ts';
import { readChunks, writeChunks } from './chunks.ts';
import { Fold } from './fold.ts';
import {
  afterLastSnapshot,
  beforeFirstSnapshot,
  epochSort,
  epochsPartition,
  logPartition,
  revisionOf,
  snapshotSort,
} from './keys.ts';
import type { Log } from './log.ts';
import { type Item, numberOf, type Reading, type Table, textOf } from './table.ts';

/** A stored snapshot: its revision and where its text lies. */
export interface SnapshotHeader extends ChunkedValue {
  readonly revision: number;
}

/** Headers tried before a start gives up on snapshots and reads the log from its beginning. */
const headersTried = 5;
const keptSnapshots = 2;

/** Stores the fold: chunks first, the header last, so that a header promises a complete snapshot. */
export async function writeSnapshot(log: Log, fold: Fold): Promise<void> {
  const table = log.authority();
  const { epoch, revision } = fold;
  const { digest, chunks } = await writeChunks(table, log.clusterName, fold.encode().join('\n'), { epoch, revision });
  const key = { partition: logPartition(log.clusterName, log.epoch), sort: snapshotSort(revision) };
  await table.put(key, { digest, chunks }, 'absent');
}

/** The newest snapshot that verifies completely, beyond `afterRevision`; else the one before, and so on. */
export async function loadSnapshot(log: Log, afterRevision: number, reading: Reading): Promise<Fold | undefined> {
  const table = reading === 'strong' ? log.authority() : log.table;
  for (const header of [...(await listSnapshots(log, table, reading)), ...(await epochStart(log, table, reading))]) {
    if (header.revision <= afterRevision) return undefined;
    const text = await readChunks(table, log.clusterName, header);
    if (text !== undefined) return Fold.decode(text.split('\n'));
  }
  return undefined;
}

/** What an epoch starts with stands in the item that started it. */
async function epochStart(log: Log, table: Table, reading: Reading): Promise<SnapshotHeader[]> {
  const key = { partition: epochsPartition(log.clusterName), sort: epochSort(log.epoch) };
  const item = await table.get(key, reading);
  return item ? [{ ...decodeHeader(item), revision: numberOf(item, 'revision') }] : [];
}

/** The two newest snapshots that verify completely, newest first: a start needs none that is older. */
export async function findKeptSnapshots(log: Log): Promise<readonly SnapshotHeader[]> {
  const table = log.authority();
  const kept: SnapshotHeader[] = [];
  for (const header of await listSnapshots(log, table, 'strong')) {
    if (kept.length === keptSnapshots) break;
    if ((await readChunks(table, log.clusterName, header)) !== undefined) kept.push(header);
  }
  return kept;
}

/** The newest headers, newest first. */
export async function listSnapshots(log: Log, table: Table, reading: Reading): Promise<SnapshotHeader[]> {
  const { items } = await table.query(
    {
      partition: logPartition(log.clusterName, log.epoch),
      from: beforeFirstSnapshot,
      to: afterLastSnapshot,
      limit: headersTried,
      order: 'descending',
    },
    reading,
  );
  return items.map(decodeHeader);
}

export function decodeHeader(item: Item): SnapshotHeader {
  const { chunks } = item.attributes;
  return {
    revision: revisionOf(item.key.sort),
    digest: textOf(item, 'digest'),
    chunks: Array.isArray(chunks) ? chunks : [],
  };
}
