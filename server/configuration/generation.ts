import { SpectrumError } from '../foundation/errors.ts';
import type { Fold } from './fold.ts';
import { createFollower, type Follower } from './follower.ts';
import type { Homes } from './home.ts';
import type { Log } from './log.ts';
import { listSnapshots, loadSnapshot, writeSnapshot } from './snapshots.ts';
import type { Table } from './table.ts';
import type { Timing } from './timing.ts';
import { createWriter, type Writer } from './writer.ts';

/** What follows and writes one epoch; a new epoch gets a new one. */
export interface Generation {
  readonly log: Log;
  readonly follower: Follower;
  readonly writer: Writer;
}

export interface GenerationOptions {
  readonly table: Table;
  readonly clusterName: string;
  readonly homes: Homes;
  readonly timing: Timing;
  readonly writeDeadlineMs: number;
  readonly snapshotInterval: number;
  readonly followers: () => number;
  readonly onFold: (fold: Fold) => void;
  readonly onTrouble: (error: unknown) => void;
}

export function createGeneration(options: GenerationOptions, epoch: number): Generation {
  const { table, clusterName, homes, timing } = options;
  const log: Log = {
    table,
    clusterName,
    epoch,
    authority: () => homes.authorityOf(follower.replica().fold) ?? table,
  };
  const follower = createFollower({
    log,
    timing,
    followers: options.followers,
    loadSnapshot: (afterRevision, reading) => loadSnapshot(log, afterRevision, reading),
    onFold: options.onFold,
    onTrouble: options.onTrouble,
  });
  const snapshots = createSnapshotKeeper(options, log);
  const writer = createWriter({
    log,
    follower,
    timing,
    deadlineMs: options.writeDeadlineMs,
    authoritySilentMs: () => homes.silentMs(follower.replica().fold),
    onCommitted: () => snapshots.consider(follower.replica().fold),
  });
  return { log, follower, writer };
}

/** Refuses a write on a log that is closed, or that only another region may write and cannot be reached from here. */
export function assertWritable(options: GenerationOptions, fold: Fold): void {
  if (fold.nextEpoch !== undefined) {
    const sentence = `The configuration goes on in epoch ${fold.nextEpoch}, which this node has not loaded yet; try again`;
    throw new SpectrumError('CONFIGURATION_SEALED', sentence, { nextEpoch: fold.nextEpoch });
  }
  if (options.homes.authorityOf(fold)) return;
  const home = options.homes.nameOf(fold);
  const sentence = `Configuration is written in region ${home}; this node has no way there, send the change to that region`;
  throw new SpectrumError('CONFIGURATION_SEALED', sentence, { home });
}

/** The node whose commit passes the interval writes the snapshot, aside from the write that it answers. */
function createSnapshotKeeper(options: GenerationOptions, log: Log) {
  let known = 0;
  let isBusy = false;
  return {
    consider(fold: Fold): void {
      if (isBusy || fold.revision - known < options.snapshotInterval) return;
      isBusy = true;
      keep(fold)
        .catch(options.onTrouble)
        .finally(() => {
          isBusy = false;
        });
    },
  };
  async function keep(fold: Fold): Promise<void> {
    const [newest] = await listSnapshots(log, log.authority(), 'strong');
    known = newest?.revision ?? 0;
    if (fold.revision - known < options.snapshotInterval) return;
    await writeSnapshot(log, fold);
    known = fold.revision;
  }
}
