import { randomUUID } from 'node:crypto';
import { SpectrumError } from '../foundation/errors.ts';
import { canonicalJson } from './canonical.ts';
import type { ChangeRecord } from './change.ts';
import { writeChunks } from './chunks.ts';
import { Fold } from './fold.ts';
import { afterLastEpoch, beforeFirstEpoch, epochSort, epochsPartition, firstEpoch, revisionOf } from './keys.ts';
import { type Log, putChange, readAllAfter, readLogPage } from './log.ts';
import { loadSnapshot } from './snapshots.ts';
import type { Reading, Table } from './table.ts';

/** The epoch in force: the highest one that was started. */
export async function readEpoch(table: Table, clusterName: string, reading: Reading): Promise<number> {
  const { items } = await table.query(
    {
      partition: epochsPartition(clusterName),
      from: beforeFirstEpoch,
      to: afterLastEpoch,
      limit: 1,
      order: 'descending',
    },
    reading,
  );
  return items[0] ? revisionOf(items[0].key.sort) : firstEpoch;
}

export interface EpochOptions {
  /** Where the new epoch is written. */
  readonly table: Table;
  /** Where the old epoch is written, to close it there; undefined when it cannot be reached. */
  readonly authority: Table | undefined;
  readonly clusterName: string;
  /** The region that writes in the new epoch; every region when undefined. */
  readonly home?: string | undefined;
  readonly by: string;
  readonly reason: string;
  readonly nowMs: number;
  /** Only tells what would happen. */
  readonly dryRun: boolean;
  /** The content to start with, from a backup; the log of the epoch before when undefined. */
  readonly content?: Fold | undefined;
}

export interface EpochPlan {
  readonly fromEpoch: number;
  readonly toEpoch: number;
  /** The last revision that the new epoch contains. */
  readonly revision: number;
  /** Changes seen after a hole, or not in the backup: they are not part of the new epoch. */
  readonly lost: readonly Pick<ChangeRecord, 'revision' | 'kind' | 'name' | 'by' | 'at'>[];
  /** Whether the old epoch was closed for its writers; otherwise they go on until they hear of the new one. */
  readonly sealed: boolean;
}

/**
 * Starts a new epoch from the contiguous prefix of the old one, or from a backup: a forced move, or a restore. The old
 * log is sealed first, but only where its writers decide: a seal put elsewhere could overwrite a change of theirs.
 */
export async function startEpoch(options: EpochOptions): Promise<EpochPlan> {
  const { table, clusterName } = options;
  const fromEpoch = await readEpoch(table, clusterName, 'strong');
  const toEpoch = fromEpoch + 1;
  const oldLog = logOf(options.authority ?? table, clusterName, fromEpoch);
  let { fold, beyond } = await readEverything(oldLog);
  let sealed = fold.nextEpoch !== undefined;
  if (!options.dryRun && !sealed && options.authority)
    ({ fold, beyond, sealed } = await seal(oldLog, fold, toEpoch, options));
  const content = options.content ?? fold;
  const lost = options.content ? await changesSince(oldLog, options.content.revision) : beyond;
  const plan = { fromEpoch, toEpoch, revision: fold.revision, lost, sealed };
  if (options.dryRun) return plan;
  // Revisions go on counting, so that whoever waits for a number never takes an old one for a new one.
  await recordEpoch(options, plan, content.inEpoch(toEpoch, startRevision(plan), options.home));
  return plan;
}

function logOf(table: Table, clusterName: string, epoch: number): Log {
  return { table, authority: () => table, clusterName, epoch };
}

/** The fold of the contiguous prefix, and the changes that stand after a hole. */
async function readEverything(log: Log): Promise<{ fold: Fold; beyond: EpochPlan['lost'] }> {
  let fold = (await loadSnapshot(log, 0, 'strong')) ?? Fold.empty(log.epoch);
  for (;;) {
    const page = await readLogPage(log, fold.revision, 'strong');
    fold = fold.apply(page.changes);
    if (page.stub)
      throw new SpectrumError('CONFIGURATION_UNAVAILABLE', 'No snapshot can be read that covers the log', {});
    if (page.complete) return { fold, beyond: [] };
    if (page.hole) return { fold, beyond: await changesSince(log, fold.revision) };
  }
}

async function changesSince(log: Log, revision: number): Promise<EpochPlan['lost']> {
  const found: ChangeRecord[] = [];
  for await (const change of readAllAfter(log, revision)) if (change.operation !== 'seal') found.push(change);
  return found.map(toLost);
}

function toLost({ revision, kind, name, by, at }: ChangeRecord) {
  return { revision, kind, name, by, at };
}

/** Puts the seal at the head; another writer that is faster moves the head once more. */
async function seal(log: Log, start: Fold, nextEpoch: number, options: EpochOptions) {
  let fold = start;
  for (;;) {
    const change: ChangeRecord = {
      revision: fold.revision + 1,
      id: randomUUID(),
      operation: 'seal',
      kind: 'epoch',
      name: String(nextEpoch),
      value: canonicalJson({ nextEpoch }),
      by: options.by,
      at: new Date(options.nowMs).toISOString(),
      reason: options.reason,
    };
    if ((await putChange(log, change, undefined)) === 'written') fold = fold.apply([change]);
    const newer = await readEverything(log);
    if (newer.fold.nextEpoch !== undefined) return { ...newer, sealed: true };
    // A hole where the seal should stand: what is missing may exist in a region that cannot be reached.
    if (newer.fold.revision === fold.revision) return { ...newer, sealed: false };
    fold = newer.fold;
  }
}

/** At least one: a copy at revision 0 has loaded nothing, and takes no start for newer. */
function startRevision({ revision }: EpochPlan): number {
  return Math.max(1, revision);
}

/** One conditional put starts the epoch and says what it starts with. */
async function recordEpoch(options: EpochOptions, plan: EpochPlan, start: Fold): Promise<void> {
  const { table, clusterName, by, reason, nowMs } = options;
  const { epoch, revision } = start;
  const stored = await writeChunks(table, clusterName, start.encode().join('\n'), { epoch, revision });
  const key = { partition: epochsPartition(clusterName), sort: epochSort(plan.toEpoch) };
  const at = new Date(nowMs).toISOString();
  const attributes = { from: plan.fromEpoch, revision: startRevision(plan), by, reason, at, ...stored };
  if ((await table.put(key, attributes, 'absent')) === 'written') return;
  throw new SpectrumError('REVISION_CONFLICT', `Epoch ${plan.toEpoch} was started by someone else meanwhile`, {
    epoch: plan.toEpoch,
  });
}
