import { SpectrumError } from '../foundation/errors.ts';
import { canonicalJson } from './canonical.ts';
import { type CollectionResult, collectGarbage } from './collection.ts';
import { type CompactionOptions, type CompactionResult, compactLog } from './compaction.ts';
import { ensureDynamoTable, openDynamoTable, type TableSettings } from './dynamodb.ts';
import { readEpoch } from './epochs.ts';
import type { Fold } from './fold.ts';
import { assertWritable, type Generation, type GenerationOptions } from './generation.ts';
import { createHomes } from './home.ts';
import { supportedFormat } from './kinds.ts';
import { readBackwards } from './log.ts';
import type { ConfigurationCommit, ConfigurationDatabase, ConfigurationSnapshot, ConfigurationWrite } from './model.ts';
import { rehearse } from './rehearsal.ts';
import { formatInForce, formatSetting, newerFormat, proposeWrite } from './rules.ts';
import { startGeneration, startNextGeneration, startRetryMs } from './start.ts';
import type { Table } from './table.ts';
import { systemTiming, type Timing } from './timing.ts';
import type { Propose } from './writer.ts';

export interface ConfigurationOptions {
  readonly clusterName: string;
  /** Region of this node, where regions share a cluster with one home for writing. */
  readonly region?: string | undefined;
  /** The region that writes as long as no seal has named one; every region, where the table is strong across them. */
  readonly firstHome?: string | undefined;
  /** The table of another region, for writing there; without it writes are refused while that region is the home. */
  readonly tableOfRegion?: ((region: string) => Table | undefined) | undefined;
  /** Nodes that follow the log now; more nodes ask less often. One when undefined. */
  readonly followers?: (() => number) | undefined;
  /** The lowest configuration format that a registered node understands; asked before the format is raised. */
  readonly lowestFormat?: (() => Promise<number>) | undefined;
  /** Told of every failed read; the copy keeps serving and asks again. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
  readonly timing?: Timing | undefined;
  readonly writeDeadlineMs?: number | undefined;
  /** Changes between two snapshots. */
  readonly snapshotInterval?: number | undefined;
  /** Longest time until the first complete copy. */
  readonly startTimeoutMs?: number | undefined;
}

/** A configuration with what the node that opened it does for the others. */
export interface NodeConfiguration extends ConfigurationDatabase {
  /** Moves the payloads of old changes into the archive; their keys stay. Several nodes at once do no harm. */
  compact(options: CompactionOptions): Promise<CompactionResult>;
  /**
   * Removes old snapshots and chunks that nothing names, in the region that writes and nowhere else. Every node must be of
   * a version that says for what it stores a chunk.
   */
  collect(): Promise<CollectionResult>;
}

const defaults = { writeDeadlineMs: 5_000, startTimeoutMs: 30_000, snapshotInterval: 1_000 };
/** How often a node looks for an epoch that was started without a seal it could see; all together below 100 units. */
const epochCheckMs = 5_000;
const longestEpochCheckMs = 60_000;
const epochCheckMsPerFollower = 5;

/**
 * Opens this node's copy and resolves once it is complete. Rejects with `CONFIGURATION_UNAVAILABLE` when the table
 * cannot be read in time, with `CONFIGURATION_FORMAT` when a newer version wrote it.
 */
export async function openConfiguration(
  options: ConfigurationOptions & { readonly table: TableSettings },
): Promise<NodeConfiguration> {
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
export async function openConfigurationOn(table: Table, options: ConfigurationOptions): Promise<NodeConfiguration> {
  const timing = options.timing ?? systemTiming;
  const onTrouble = options.onTrouble ?? (() => undefined);
  const listeners = new Set<(fold: Fold) => void>();
  const tell = (fold: Fold) => {
    for (const listener of listeners) tellOne(listener, fold, onTrouble);
  };
  const { region, firstHome, tableOfRegion = () => undefined } = options;
  const generationOptions: GenerationOptions = {
    table,
    clusterName: options.clusterName,
    homes: createHomes({ table, region, firstHome, tableOfRegion, timing }),
    timing,
    writeDeadlineMs: options.writeDeadlineMs ?? defaults.writeDeadlineMs,
    snapshotInterval: options.snapshotInterval ?? defaults.snapshotInterval,
    followers: options.followers ?? (() => 1),
    // Until a generation is the one in force, what it loads is nobody's business.
    onFold: (fold) => fold.epoch === parts.generation?.log.epoch && tell(fold),
    onTrouble,
  };
  const parts: Parts = { generation: undefined, options, generationOptions, timing, listeners };
  parts.generation = await startGeneration(generationOptions, options.startTimeoutMs ?? defaults.startTimeoutMs);
  const format = formatInForce(foldOf(parts));
  if (format > supportedFormat) {
    parts.generation.follower.close();
    throw newerFormat(format);
  }
  const watch = watchEpochs(parts, tell);
  return createConfiguration(parts, watch);
}

interface Parts {
  /** Undefined only during the start. */
  generation: Generation | undefined;
  readonly options: ConfigurationOptions;
  readonly generationOptions: GenerationOptions;
  readonly timing: Timing;
  readonly listeners: Set<(fold: Fold) => void>;
}

/** What a listener throws is its own trouble, and must not stop the copy. */
function tellOne(listener: (fold: Fold) => void, fold: Fold, onTrouble: (error: unknown) => void): void {
  try {
    listener(fold);
  } catch (error) {
    onTrouble(error);
  }
}

function inForce(parts: Parts): Generation {
  if (!parts.generation)
    throw new SpectrumError('CONFIGURATION_UNAVAILABLE', 'The configuration is not loaded yet', {});
  return parts.generation;
}

function foldOf(parts: Parts): Fold {
  return inForce(parts).follower.replica().fold;
}

interface EpochWatch {
  lookNow(): void;
  stop(): void;
}

/** Looks for a newer epoch now and then, and moves on to it once it is loaded; until then the old copy serves. */
function watchEpochs(parts: Parts, tell: (fold: Fold) => void): EpochWatch {
  const { timing, generationOptions } = parts;
  let cancel: () => void = () => undefined;
  let isClosed = false;
  let troubles = 0;
  let isLooking = false;
  const look = async () => {
    isLooking = true;
    try {
      const { table, clusterName } = generationOptions;
      const [epoch] = await Promise.all([readEpoch(table, clusterName, 'eventual'), askHome()]);
      if (epoch > inForce(parts).log.epoch) await moveOn(epoch);
      troubles = 0;
    } catch (error) {
      troubles++;
      generationOptions.onTrouble(error);
    }
    isLooking = false;
    schedule();
  };
  /** Whether a home in another region answers is known without a write that would have to wait for it. */
  const askHome = async () => {
    const { table, clusterName, homes, onTrouble } = generationOptions;
    const authority = homes.authorityOf(foldOf(parts));
    if (!authority || authority === table) return;
    const wasReachable = homes.isReachable(foldOf(parts));
    await readEpoch(authority, clusterName, 'eventual').catch((error) => wasReachable && onTrouble(error));
  };
  const moveOn = async (epoch: number) => {
    const next = await startNextGeneration(generationOptions, epoch, epochCheckMs);
    if (isClosed) return next.follower.close();
    const old = parts.generation;
    parts.generation = next;
    old?.follower.close();
    tell(next.follower.replica().fold);
  };
  const schedule = () => {
    const isSealed = foldOf(parts).nextEpoch !== undefined;
    const restMs = Math.max(epochCheckMs, generationOptions.followers() * epochCheckMsPerFollower);
    const delayMs = Math.min((isSealed ? startRetryMs : restMs) * 2 ** troubles, longestEpochCheckMs);
    if (!isClosed) cancel = timing.after(delayMs * (0.85 + 0.3 * timing.random()), () => void look());
  };
  const onFold = (fold: Fold) => {
    // A second look beside the first would load the epoch twice, and the slower copy would replace the faster one.
    if (fold.nextEpoch === undefined || isLooking) return;
    cancel();
    schedule();
  };
  parts.listeners.add(onFold);
  schedule();
  return {
    lookNow() {
      if (isLooking || isClosed) return;
      cancel();
      void look();
    },
    stop() {
      isClosed = true;
      cancel();
    },
  };
}

function createConfiguration(parts: Parts, watch: EpochWatch): NodeConfiguration {
  const { timing, listeners, generationOptions } = parts;
  const { homes } = generationOptions;
  const snapshot = () => foldOf(parts);
  const ageMs = () => Math.max(0, timing.monotonicMs() - inForce(parts).follower.replica().completeAtMs);
  const propose = async (id: string | undefined, proposal: Propose): Promise<ConfigurationCommit> => {
    const { writer, log } = inForce(parts);
    const committed = await writer.commit(id, (fold) => {
      assertWritable(generationOptions, fold);
      return proposal(fold);
    });
    return { ...committed, epoch: log.epoch, snapshot: snapshot() };
  };
  const commit = async (change: ConfigurationWrite): Promise<ConfigurationCommit> => {
    const lowestFormat = await formatLimit(parts.options, change);
    const committed = await propose(change.idempotencyKey, (fold) => proposeWrite(fold, change, lowestFormat));
    assertSameChange(foldOf(parts), change);
    return committed;
  };
  return {
    snapshot,
    ageMs,
    status() {
      const { follower } = inForce(parts);
      const { state, fold } = follower.replica();
      const { epoch, revision } = fold;
      const home = homes.nameOf(fold);
      const homeReachable = homes.isReachable(fold);
      const told = { state, epoch, revision, home, homeReachable, ageMs: ageMs(), readUnits: follower.readUnits() };
      return {
        ...told,
        // Worked out only for those who look at it.
        get digest() {
          return fold.digest();
        },
      };
    },
    onChange(listener: (snapshot: ConfigurationSnapshot) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    commit,
    write: async (change) => (await commit(change)).snapshot,
    async waitFor(revision, timeoutMs, epoch = 0) {
      if (epoch > inForce(parts).log.epoch) await reachEpoch(parts, watch, { epoch, revision }, timeoutMs);
      // What a later epoch holds is newer than everything in the one before.
      if (epoch === 0 || epoch >= inForce(parts).log.epoch) await waitFor(parts, revision, timeoutMs);
    },
    rehearse: (changes) => rehearse(snapshot(), changes, supportedFormat),
    history: (beforeRevision) => readBackwards(inForce(parts).log, beforeRevision ?? snapshot().revision + 1),
    moveHome: (home, by, reason) =>
      propose(undefined, () => {
        return { operation: 'seal', kind: 'home', name: home, value: canonicalJson({ home }), by, reason };
      }),
    compact: (options) => compactLog(inForce(parts).log, options),
    async collect() {
      const { log } = inForce(parts);
      // A delete beside the region that writes would compete with its writers.
      return log.authority() === log.table ? collectGarbage(log) : { snapshots: 0, chunks: 0 };
    },
    async close() {
      watch.stop();
      inForce(parts).follower.close();
      listeners.clear();
    },
  };
}

/** A key that stands for another object's change answers nothing: the caller has used it twice. */
function assertSameChange(fold: Fold, { kind, name, idempotencyKey }: ConfigurationWrite): void {
  const done = idempotencyKey === undefined ? undefined : fold.findRemembered(idempotencyKey);
  if (!done || (done.kind === kind && done.name === name)) return;
  const sentence = `Idempotency key ${idempotencyKey} was used for ${done.kind} ${JSON.stringify(done.name)}; send a fresh one`;
  throw new SpectrumError('IDEMPOTENCY_KEY_REUSED', sentence, { idempotencyKey });
}

/** Asked of the registered nodes only where it matters: when the format is about to be raised. */
async function formatLimit(options: ConfigurationOptions, change: ConfigurationWrite): Promise<number> {
  if (change.kind !== 'setting' || change.name !== formatSetting || !options.lowestFormat) return supportedFormat;
  return options.lowestFormat();
}

interface SeenRevision {
  readonly epoch: number;
  readonly revision: number;
}

/** Waits until this node has changed over to an epoch that a client has seen on another one. */
async function reachEpoch(parts: Parts, watch: EpochWatch, seen: SeenRevision, timeoutMs: number): Promise<void> {
  const { timing, listeners, generationOptions } = parts;
  const { table, clusterName } = generationOptions;
  const newest = await readEpoch(table, clusterName, 'strong').catch(() => seen.epoch);
  if (newest < seen.epoch) throw beyondHead(`${seen.epoch}.${seen.revision}`, foldOf(parts));
  await new Promise<void>((resolve, reject) => {
    const check = (fold: Fold) => {
      if (fold.epoch < seen.epoch) return;
      cancel();
      listeners.delete(check);
      resolve();
    };
    const cancel = timing.after(timeoutMs, () => {
      listeners.delete(check);
      reject(tooLate(`${seen.epoch}.${seen.revision}`, timeoutMs));
    });
    listeners.add(check);
    check(foldOf(parts));
    watch.lookNow();
  });
}

/** One strong read, shared by all who wait, brings this copy up to any revision that a client can have seen. */
async function waitFor(parts: Parts, revision: number, timeoutMs: number): Promise<void> {
  const { timing, listeners } = parts;
  const { follower } = inForce(parts);
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

function tooLate(revision: number | string, timeoutMs: number): SpectrumError {
  const sentence = `This node has not reached configuration revision ${revision} within ${timeoutMs} ms; try again later`;
  return new SpectrumError('CONFIGURATION_UNAVAILABLE', sentence, { revision, timeoutMs });
}

function beyondHead(revision: number | string, fold: Fold): SpectrumError {
  const sentence = `Revision ${revision} does not exist; the configuration is at ${fold.epoch}.${fold.revision}`;
  return new SpectrumError('REVISION_CONFLICT', sentence, { requested: revision, revision: fold.revision });
}
