import type { RunState } from '../../contract/runs.ts';
import type { Lease } from '../cluster/index.ts';
import { pause, TableError, type Timing } from '../configuration/index.ts';
import type { Log } from '../foundation/log.ts';
import { completeFiles, discardFiles, type FileTarget } from './file-completion.ts';
import type { RunKeeper, RunWork, StartWork } from './job-worker.ts';
import type { RunProgress, RunRecord } from './run-record.ts';
import type { RunStore } from './run-store.ts';
import type { WorkerOutcome, WorkerTask } from './worker-protocol.ts';

export interface OwnedRunProps {
  readonly store: RunStore;
  readonly lease: Lease;
  readonly epoch: number;
  readonly owner: string;
  readonly startWork: StartWork;
  readonly settings: Omit<WorkerTask, 'order' | 'epoch' | 'restored'>;
  readonly timing: Timing;
  /** Time between two renewals of the lease; a fraction of its duration. */
  readonly renewMs: number;
  readonly log: Log;
}

/** An item of the table holds 400 KiB, the counters included. */
const longestCheckpoint = 250_000;

/** The run belongs to somebody else now: this owner writes nothing more. */
class OwnershipLost extends Error {
  override readonly name = 'OwnershipLost';

  constructor() {
    super('another node has taken the run over');
  }
}

/** One run while this process owns it: the work, the renewals of its lease, and everything that is written of it. */
export class OwnedRun implements RunKeeper {
  readonly #props: OwnedRunProps;
  #record: RunRecord;
  #work: RunWork | undefined;
  #writing: Promise<unknown> = Promise.resolve();
  #isLost = false;
  #isOver = false;

  constructor(record: RunRecord, props: OwnedRunProps) {
    this.#record = record;
    this.#props = props;
  }

  /** Resolves when the run has ended or belongs to somebody else. */
  async execute(): Promise<void> {
    const { log, lease } = this.#props;
    const { id: run, dataflow } = this.#record.order;
    try {
      await this.#settleOrWork();
    } catch (error) {
      if (!(error instanceof OwnershipLost)) log.error({ run, dataflow, err: error }, 'A run could not be owned');
    } finally {
      this.#isOver = true;
      await this.#work?.stop();
      await lease.release();
    }
  }

  /** Lets another node go on at the last checkpoint. */
  async handOver(): Promise<void> {
    await this.#lose();
  }

  /** A checkpoint that cannot be written costs nothing but work: the one before it still holds. */
  async keepCheckpoint(checkpoint: RunProgress['checkpoint']): Promise<void> {
    const { log } = this.#props;
    const run = this.#record.order.id;
    const sizeBytes = Buffer.byteLength(JSON.stringify(checkpoint ?? null));
    if (sizeBytes > longestCheckpoint) return log.warn({ run, sizeBytes }, 'A checkpoint is too large to be kept');
    try {
      await this.#write({ ...(checkpoint && { checkpoint }), counters: this.#work?.counters() ?? [] });
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      log.warn({ run, err: error }, 'A checkpoint could not be written; the run goes on');
    }
  }

  async beginFinishing(targets: RunProgress['targets']): Promise<void> {
    await this.#write({ state: 'finishing', ...(targets && { targets }), counters: this.#work?.counters() ?? [] });
  }

  async #settleOrWork(): Promise<void> {
    const { progress } = this.#record;
    const { epoch, owner, timing } = this.#props;
    if (progress.endedAt !== undefined) return await this.#props.store.archive(this.#record);
    if (progress.state === 'finishing') return await this.#finishForAnother();
    const startedAt = progress.startedAt ?? new Date(timing.nowMs()).toISOString();
    const command = await this.#props.store.findCommand(this.#record.order.id);
    if (command === 'cancel') return await this.#end({ status: 'cancelled' }, progress.counters, []);
    const isPaused = command === 'pause' || (progress.state === 'paused' && command === undefined);
    const state: RunState = isPaused ? 'paused' : 'running';
    await this.#write({ state, owner, epoch, startedAt });
    // Whoever told this node to leave meanwhile found no work to stop.
    if (this.#isLost) throw new OwnershipLost();
    const { order } = this.#record;
    const { checkpoint } = this.#record.progress;
    const task = { ...this.#props.settings, order, epoch, ...(checkpoint && { restored: checkpoint }) };
    this.#work = this.#props.startWork(task, this);
    if (state === 'paused') this.#work.pause();
    void this.#watch(this.#work);
    const outcome = await this.#work.outcome;
    if (this.#isLost) throw new OwnershipLost();
    await this.#end(outcome, this.#work.counters(), this.#work.targets());
  }

  /** The owner before had done everything but give the files their names. */
  async #finishForAnother(): Promise<void> {
    const { targets = [], counters } = this.#record.progress;
    if (targets.some(({ upload }) => upload !== undefined)) return await this.#finishByWork(targets, counters);
    const outcome = await completeFiles(targets).then(
      (): WorkerOutcome => ({ status: 'succeeded' }),
      (error: unknown): WorkerOutcome => ({ status: 'failed', error: (error as Error).message }),
    );
    await this.#end(outcome, counters, targets);
  }

  /** The programs that reach file servers are those of the worker. */
  async #finishByWork(targets: readonly FileTarget[], counters: RunProgress['counters']): Promise<void> {
    const { startWork, settings, epoch } = this.#props;
    this.#work = startWork({ ...settings, order: this.#record.order, epoch, finish: targets }, this);
    void this.#watch(this.#work);
    const outcome = await this.#work.outcome;
    if (this.#isLost) throw new OwnershipLost();
    await this.#end(outcome, counters, targets);
  }

  async #end(outcome: WorkerOutcome, counters: RunProgress['counters'], targets: readonly FileTarget[]): Promise<void> {
    const { store, timing, log } = this.#props;
    const endedAt = new Date(timing.nowMs()).toISOString();
    const error = outcome.status === 'failed' ? { error: outcome.error } : {};
    await this.#write({ state: outcome.status, endedAt, counters, ...error });
    // Only now: until the end is written, another owner may still go on with what is in the files.
    await discardFiles(targets, this.#record.order.id, this.#props.epoch);
    await store.archive(this.#record);
    log.info({ run: this.#record.order.id, dataflow: this.#record.order.dataflow, ...outcome }, 'A run has ended');
  }

  /** Renews the lease, follows commands, and tells how far the run is, until it is over. */
  async #watch(work: RunWork): Promise<void> {
    const { timing, renewMs, lease, epoch, log } = this.#props;
    while (!this.#isOver && !this.#isLost) {
      await pause(timing, renewMs);
      if ((await lease.attempt()) !== epoch) {
        log.warn({ run: this.#record.order.id, epoch }, 'The lease of a run was lost; another node goes on with it');
        return await this.#lose();
      }
      await this.#follow(work).catch((error: unknown) =>
        log.debug({ err: error }, 'The progress of a run could not be told'),
      );
    }
  }

  async #follow(work: RunWork): Promise<void> {
    const { store } = this.#props;
    const { state } = this.#record.progress;
    const command = await store.findCommand(this.#record.order.id);
    if (this.#isOver || state === 'finishing') return;
    if (command === 'cancel') return work.cancel();
    const wanted = command === 'pause' ? 'paused' : 'running';
    if (wanted !== state) wanted === 'paused' ? work.pause() : work.resume();
    await this.#write({ state: wanted, counters: work.counters() });
  }

  /** Nothing more is done, so that nothing is done beside the next owner. */
  async #lose(): Promise<void> {
    this.#isLost = true;
    await this.#work?.stop();
  }

  /** Writes follow each other: each names the revision that the one before it made. */
  async #write(change: Partial<RunProgress>): Promise<void> {
    const write = this.#writing.then(async () => {
      const { lease, epoch, store } = this.#props;
      if (this.#isLost || lease.token() !== epoch) throw new OwnershipLost();
      // What ends a run, or begins to, is not undone by a progress that was on its way.
      const { endedAt, state: known } = this.#record.progress;
      const isLate = endedAt !== undefined || (known === 'finishing' && change.endedAt === undefined);
      if (isLate) return;
      const written = await store.advance(this.#record, { ...this.#record.progress, ...change, epoch });
      if (written === undefined) {
        await this.#lose();
        throw new OwnershipLost();
      }
      this.#record = written;
    });
    this.#writing = write.catch(() => undefined);
    await write;
  }
}
