import { chunkPartitions } from '../../contract/tables.ts';

/** Every key of the configuration table. Revisions are padded so that text order is number order. */

const revisionDigits = 12;
const epochDigits = 6;

/** The epoch that needs no start; every later one has an item that says what it starts with. */
export const firstEpoch = 1;

/** The log of one epoch of one cluster, with its snapshot headers. */
export function logPartition(clusterName: string, epoch: number): string {
  return `cluster#${clusterName}#${pad(epoch, epochDigits)}`;
}

/** The list of a cluster's epochs; the highest one is in force. */
export function epochsPartition(clusterName: string): string {
  return `cluster#${clusterName}`;
}

/** One chunk of a large value or snapshot, named by the digest of its text. */
export function chunkPartition(clusterName: string, digest: string): string {
  return `${chunkPartitions}#${clusterName}#${digest}`;
}

export const chunkSort = 'chunk';

export function changeSort(revision: number): string {
  return `change#${pad(revision, revisionDigits)}`;
}

/** Above every change and below everything that follows them. */
export const afterLastChange = 'change#~';

export function snapshotSort(revision: number): string {
  return `snapshot#${pad(revision, revisionDigits)}`;
}

export const beforeFirstSnapshot = 'snapshot#';
export const afterLastSnapshot = 'snapshot#~';

/** How far the log is compacted: a hint where to go on. */
export const compactionSort = 'compaction';

export function epochSort(epoch: number): string {
  return `epoch#${pad(epoch, epochDigits)}`;
}

export const beforeFirstEpoch = 'epoch#';
export const afterLastEpoch = 'epoch#~';

/** Revision of a change or snapshot key. */
export function revisionOf(sort: string): number {
  return Number(sort.slice(sort.indexOf('#') + 1));
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
