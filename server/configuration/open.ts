import { SpectrumError } from '../foundation/errors.ts';
import { ensureDynamoTable, openDynamoTable, type TableSettings } from './dynamodb.ts';
import type { Fold } from './fold.ts';
import { createFollower, type Follower } from './follower.ts';
import { supportedFormat } from './kinds.ts';
import type { Configuration, ConfigurationCommit, ConfigurationSnapshot, ConfigurationWrite } from './model.ts';
import { formatInForce, newerFormat, proposeWrite } from './rules.ts';
import type { Table } from './table.ts';
import { pause, systemTiming, type Timing } from './timing.ts';
import { createWriter, type Writer } from './writer.ts';

export interface ConfigurationOptions {
  readonly clusterName: string;
  /** Nodes that follow the log now; more nodes ask less often. One when undefined. */
  readonly followers?: (() => number) | undefined;
  /** Told of every failed read; the copy keeps serving and asks again. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
  readonly timing?: Timing | undefined;
  readonly writeDeadlineMs?: number | undefined;
  /** Longest time until the first complete copy. */
  readonly startTimeoutMs?: number | undefined;
}

const defaults = { writeDeadlineMs: 5_000, startTimeoutMs: 30_000 };
const startRetryMs = 250;

/**
 * Opens this node's copy and resolves once it is complete. Rejects with `CONFIGURATION_UNAVAILABLE` when the table
 * cannot be read in time, with `CONFIGURATION_FORMAT` when a newer version wrote it.
 */
export async function openConfiguration(
  options: ConfigurationOptions & { readonly table: TableSettings },
): Promise<Configuration> {
  const table = openDynamoTable(options.table);
  try {
    const configuration = await openConfigurationOn(table, options);
    return { ...configuration, close: () => configuration.close().finally(() => table.close()) };
  } catch (error) {
    table.close();
    throw error;
  }
}

/** Creates the tables that are missing; safe to call again, and from several nodes at once. */
export async function ensureConfigurationTables(...tables: readonly TableSettings[]): Promise<void> {
  await Promise.all(tables.map(ensureDynamoTable));
}

/** As `openConfiguration`, on a table that the caller keeps. */
export async function openConfigurationOn(table: Table, options: ConfigurationOptions): Promise<Configuration> {
  const timing = options.timing ?? systemTiming;
  const log = { table, clusterName: options.clusterName, epoch: 1 };
  const listeners = new Set<(fold: Fold) => void>();
  const onTrouble = options.onTrouble ?? (() => undefined);
  const follower = createFollower({
    log,
    timing,
    followers: options.followers ?? (() => 1),
    loadSnapshot: async () => undefined,
    onFold: (fold) => {
      for (const listener of listeners) tell(listener, fold, onTrouble);
    },
    onTrouble,
  });
  await startWithin(follower, timing, options.startTimeoutMs ?? defaults.startTimeoutMs);
  const format = formatInForce(follower.replica().fold);
  if (format > supportedFormat) {
    follower.close();
    throw newerFormat(format);
  }
  const deadlineMs = options.writeDeadlineMs ?? defaults.writeDeadlineMs;
  const writer = createWriter({ log, follower, timing, deadlineMs });
  return createConfiguration({ follower, writer, timing, listeners });
}

/** What a listener throws is its own trouble, and must not stop the copy. */
function tell(listener: (fold: Fold) => void, fold: Fold, onTrouble: (error: unknown) => void): void {
  try {
    listener(fold);
  } catch (error) {
    onTrouble(error);
  }
}

interface Parts {
  readonly follower: Follower;
  readonly writer: Writer;
  readonly timing: Timing;
  readonly listeners: Set<(fold: Fold) => void>;
}

function createConfiguration(parts: Parts): Configuration {
  const { follower, writer, timing, listeners } = parts;
  const snapshot = () => follower.replica().fold;
  const commit = async (change: ConfigurationWrite): Promise<ConfigurationCommit> => {
    const { id, revision } = await writer.commit(change.idempotencyKey, (fold) => proposeWrite(fold, change));
    return { epoch: snapshot().epoch, revision, id, snapshot: snapshot() };
  };
  return {
    snapshot,
    ageMs: () => Math.max(0, timing.monotonicMs() - follower.replica().completeAtMs),
    onChange(listener: (snapshot: ConfigurationSnapshot) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    commit,
    write: async (change) => (await commit(change)).snapshot,
    waitFor: (revision, timeoutMs) => waitFor(parts, revision, timeoutMs),
    async close() {
      follower.close();
      listeners.clear();
    },
  };
}

async function startWithin(follower: Follower, timing: Timing, timeoutMs: number): Promise<void> {
  const deadlineMs = timing.monotonicMs() + timeoutMs;
  for (;;) {
    try {
      await follower.start();
      return;
    } catch (error) {
      if (timing.monotonicMs() + startRetryMs <= deadlineMs) {
        await pause(timing, startRetryMs);
        continue;
      }
      follower.close();
      const cause = error instanceof Error ? error.message : String(error);
      const sentence = `The configuration database could not be read within ${timeoutMs} ms (${cause}); check its endpoint, table name and credentials`;
      throw new SpectrumError('CONFIGURATION_UNAVAILABLE', sentence, { timeoutMs }, { cause: error });
    }
  }
}

/** One strong read, shared by all who wait, brings this copy up to any revision that a client can have seen. */
async function waitFor(parts: Parts, revision: number, timeoutMs: number): Promise<void> {
  const { follower, timing, listeners } = parts;
  if (follower.replica().fold.revision >= revision) return;
  await new Promise<void>((resolve, reject) => {
    const finish = (error?: SpectrumError) => {
      cancel();
      listeners.delete(check);
      if (error) reject(error);
      else resolve();
    };
    const check = (fold: Fold) => fold.revision >= revision && finish();
    const cancel = timing.after(timeoutMs, () => finish(tooLate(revision, timeoutMs)));
    listeners.add(check);
    follower.catchUp().then(
      () => {
        const { fold, state } = follower.replica();
        if (state === 'current' && fold.revision < revision) finish(beyondHead(revision, fold));
      },
      // The listener still waits for the follower's own polls until the time is over.
      () => undefined,
    );
  });
}

function tooLate(revision: number, timeoutMs: number): SpectrumError {
  const sentence = `This node has not reached configuration revision ${revision} within ${timeoutMs} ms; try again later`;
  return new SpectrumError('CONFIGURATION_UNAVAILABLE', sentence, { revision, timeoutMs });
}

function beyondHead(revision: number, fold: Fold): SpectrumError {
  const sentence = `Revision ${revision} does not exist; the configuration is at ${fold.epoch}.${fold.revision}`;
  return new SpectrumError('REVISION_CONFLICT', sentence, { requested: revision, revision: fold.revision });
}
