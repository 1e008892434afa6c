import { errorCodes } from '../../contract/errors.ts';
import type { Activity } from '../../contract/process-flows.ts';
import type { RunRequest, RunView } from '../../contract/runs.ts';
import type { Lease } from '../cluster/index.ts';
import { pause, TableError, type Timing } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { Log } from '../foundation/log.ts';
import { fillVariables, placeVariables } from './document.ts';
import type { FlowRun, FlowRunRecord, FlowRunStore } from './flow-run-store.ts';
import type { ActivityWork, Program } from './program.ts';
import { type ActivityProgress, findNextSteps, matchesCode, type Progress } from './progress.ts';

/** What a process flow asks of the room that runs jobs. */
export interface FlowJobs {
  submit(request: RunRequest, by: string, key: string): Promise<Pick<RunView, 'id'>>;
  get(id: string): Promise<Pick<RunView, 'state' | 'endedAt' | 'error'>>;
  cancel(id: string): Promise<void>;
}

export interface OwnedFlowProps {
  readonly store: FlowRunStore;
  readonly jobs: FlowJobs;
  readonly work: ActivityWork;
  readonly lease: Lease;
  readonly epoch: number;
  readonly owner: string;
  readonly leaseMs: number;
  readonly timing: Timing;
  readonly log: Log;
}

const pollMs = 1_000;
const returnCodes: Readonly<Record<string, number>> = { succeeded: 0, failed: 1, cancelled: 2 };

/** One run of a process flow while this process owns it. Every step is written before anything of it is done. */
export class OwnedFlow {
  readonly #props: OwnedFlowProps;
  readonly #programs = new Map<string, { readonly program: Program; ended?: ActivityProgress }>();
  #record: FlowRunRecord;
  #isLeaving = false;
  #nextRenewalMs = 0;

  constructor(record: FlowRunRecord, props: OwnedFlowProps) {
    this.#record = record;
    this.#props = props;
  }

  /** Resolves when the run has ended or is somebody else's. */
  async execute(): Promise<void> {
    const { log, lease } = this.#props;
    try {
      await this.#begin();
      while (this.#isOwned() && (await this.#stepOrWait())) await this.#renew();
    } catch (error) {
      if (!(error instanceof TableError))
        log.error({ err: error, run: this.#record.run.id }, 'A process flow stands still');
    } finally {
      for (const { program } of this.#programs.values()) program.stop();
      await lease.release();
    }
  }

  /** Lets another node go on. A program that runs is stopped, and its activity fails. */
  leave(): void {
    this.#isLeaving = true;
  }

  #isOwned(): boolean {
    return !this.#isLeaving && this.#props.lease.token() === this.#props.epoch;
  }

  async #renew(): Promise<void> {
    const { timing, leaseMs, lease } = this.#props;
    if (timing.monotonicMs() < this.#nextRenewalMs) return;
    this.#nextRenewalMs = timing.monotonicMs() + leaseMs / 6;
    await lease.attempt();
  }

  async #begin(): Promise<void> {
    const { owner, epoch } = this.#props;
    const { run } = this.#record;
    if (run.endedAt === undefined) {
      await this.#write({ state: 'running', owner, epoch, startedAt: run.startedAt ?? this.#now() });
    }
  }

  /** While the table is away nothing is decided; what runs runs on. */
  async #stepOrWait(): Promise<boolean> {
    try {
      return await this.#step();
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      await pause(this.#props.timing, pollMs);
      return true;
    }
  }

  /** Whether there is more to do. */
  async #step(): Promise<boolean> {
    const { store, timing } = this.#props;
    const { run } = this.#record;
    if (run.endedAt !== undefined) {
      await store.archive(this.#record);
      this.#props.log.info({ run: run.id, processFlow: run.processFlow, state: run.state }, 'A process flow has ended');
      return false;
    }
    const isCancelled = await store.isCancelled(run.id);
    if (isCancelled) await this.#cancelRunning();
    const looked = await this.#lookAtRunning(run.progress);
    const progress = isCancelled ? skipWaiting(looked) : looked;
    const { start, skip, outcome } = findNextSteps(run.document, progress);
    if (outcome !== undefined) {
      await this.#write({ progress, state: isCancelled ? 'cancelled' : outcome, endedAt: this.#now() });
      return true;
    }
    const begun = Object.fromEntries(start.map((id) => [id, this.#toBegun(id)]));
    const skipped = Object.fromEntries(skip.map((id) => [id, { state: 'skipped' as const }]));
    const next = { ...progress, ...begun, ...skipped };
    if (JSON.stringify(next) === JSON.stringify(run.progress)) await pause(timing, pollMs);
    // What is not written down may be another owner's to begin.
    else if (await this.#write({ progress: next })) for (const id of start) await this.#startProgram(id);
    return true;
  }

  #toBegun(id: string): ActivityProgress {
    const at = this.#now();
    if (this.#activity(id).type === 'success') return { state: 'succeeded', returnCode: 0, startedAt: at, endedAt: at };
    return { state: 'running', startedAt: at, epoch: this.#props.epoch };
  }

  async #lookAtRunning(progress: Progress): Promise<Progress> {
    const looked = Object.entries(progress).map(async ([id, known]) => {
      if (known.state !== 'running') return [id, known] as const;
      const isJob = this.#activity(id).type === 'job';
      return [id, isJob ? await this.#lookAtJob(id, known) : this.#lookAtProgram(id, known)] as const;
    });
    return Object.fromEntries(await Promise.all(looked));
  }

  /** A job that has no id yet is submitted, again perhaps: the key makes it the same one. */
  async #lookAtJob(id: string, known: ActivityProgress): Promise<ActivityProgress> {
    const { jobs } = this.#props;
    try {
      if (known.run === undefined) return { ...known, run: await this.#submit(id) };
      const { state, endedAt, error } = await jobs.get(known.run);
      if (endedAt === undefined) return known;
      const ended = state === 'succeeded' || state === 'cancelled' ? state : 'failed';
      return {
        ...known,
        state: ended,
        returnCode: returnCodes[ended] ?? 1,
        endedAt,
        ...(error !== undefined && { error }),
      };
    } catch (error) {
      if (!(error instanceof SpectrumError) || errorCodes[error.code].status >= 500) throw error;
      return { ...known, state: 'failed', returnCode: 1, endedAt: this.#now(), error: error.message };
    }
  }

  async #submit(id: string): Promise<string> {
    const { run } = this.#record;
    const { dataflow = '', options, files } = this.#activity(id);
    const prefix = `${id}|`;
    const others = Object.entries(run.files).filter(([name]) => name.startsWith(prefix));
    const fill = (values: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fillVariables(value, run.variables)]));
    const overrides = Object.fromEntries(others.map(([name, path]) => [name.slice(prefix.length), path]));
    const request = { dataflow, options: fill(options), files: { ...fill(files), ...overrides } };
    const by = `process flow ${run.processFlow}`;
    return (await this.#props.jobs.submit(request, by, `process-flow/${run.id}/${id}`)).id;
  }

  /** One that another owner began may have done its work or not: it is not begun again. */
  #lookAtProgram(id: string, known: ActivityProgress): ActivityProgress {
    const own = this.#programs.get(id);
    if (own !== undefined) return own.ended ?? known;
    const error = 'its node died or was stopped; whether its work was finished is not known';
    return { ...known, state: 'failed', endedAt: this.#now(), error };
  }

  async #startProgram(id: string): Promise<void> {
    const activity = this.#activity(id);
    if (activity.type === 'job' || activity.type === 'success') return;
    const begun: ActivityProgress = this.#record.run.progress[id] ?? { state: 'running' };
    const fail = (error: string): ActivityProgress => ({ ...begun, state: 'failed', endedAt: this.#now(), error });
    try {
      const program = await this.#startWork(activity.type, activity);
      const entry: { readonly program: Program; ended?: ActivityProgress } = { program };
      this.#programs.set(id, entry);
      void program.ended.then(({ code, error }) => {
        const isGood = code !== undefined && matchesCode(activity.successCodes, code);
        const end = { ...begun, state: isGood ? ('succeeded' as const) : ('failed' as const), endedAt: this.#now() };
        const told = isGood ? undefined : error;
        entry.ended = {
          ...end,
          ...(code !== undefined && { returnCode: code }),
          ...(told !== undefined && { error: told }),
        };
      });
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      const never: Program = { ended: new Promise(() => undefined), stop: () => undefined };
      this.#programs.set(id, { program: never, ended: fail(error.message) });
    }
  }

  async #startWork(type: 'run-program' | 'execute-sql' | 'clear-cache', activity: Activity): Promise<Program> {
    const { work } = this.#props;
    const { variables } = this.#record.run;
    switch (type) {
      case 'run-program':
        return work.startProgram(
          activity,
          activity.arguments.map((word) => fillVariables(word, variables)),
        );
      case 'execute-sql': {
        const { connection = '', sql = '' } = activity;
        return work.startStatement({ connection, ...placeVariables(sql, variables) });
      }
      case 'clear-cache':
        await work.clearCache(activity.cache ?? '');
        return { ended: Promise.resolve({ code: 0 }), stop: () => undefined };
    }
  }

  async #cancelRunning(): Promise<void> {
    const { jobs } = this.#props;
    for (const [id, { state, run, endedAt }] of Object.entries(this.#record.run.progress)) {
      if (state !== 'running' || endedAt !== undefined) continue;
      this.#programs.get(id)?.program.stop();
      // It may have ended meanwhile.
      if (run !== undefined) await jobs.cancel(run).catch(ignoreRefusal);
    }
  }

  #activity(id: string): Activity {
    const activity = this.#record.run.document.activities.find((one) => one.id === id);
    if (activity === undefined) throw new Error(`the run has no activity ${id}`);
    return activity;
  }

  #now(): string {
    return new Date(this.#props.timing.nowMs()).toISOString();
  }

  /** Whether it is written: what another owner wrote meanwhile is not undone. */
  async #write(change: Partial<FlowRun>): Promise<boolean> {
    const written = this.#isOwned()
      ? await this.#props.store.advance(this.#record, { ...this.#record.run, ...change })
      : undefined;
    if (written === undefined) this.#isLeaving = true;
    else this.#record = written;
    return written !== undefined;
  }
}

function skipWaiting(progress: Progress): Progress {
  const entries = Object.entries(progress).map(([id, known]) => [
    id,
    known.state === 'waiting' ? { ...known, state: 'skipped' as const } : known,
  ]);
  return Object.fromEntries(entries);
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof SpectrumError)) throw error;
}
