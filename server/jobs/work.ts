import {
  compileDataflow,
  type OutsideResources,
  type RunOutcome,
  type SecretReader,
  type ServiceAccess,
  type StageTypes,
} from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { silentLog } from '../foundation/log.ts';
import { Execution } from './execution.ts';
import { completeFiles, type FileTarget } from './file-completion.ts';
import { RunFiles } from './run-files.ts';
import { createUpload } from './upload.ts';
import type { WorkerCommand, WorkerMessage, WorkerOutcome, WorkerQuestion, WorkerTask } from './worker-protocol.ts';

export interface WorkProps {
  readonly task: WorkerTask;
  readonly stageTypes: StageTypes;
  readonly services: ServiceAccess;
  readonly secrets: SecretReader;
  readonly outside?: OutsideResources;
  send(message: WorkerMessage): void;
}

/** How often the node hears how far the run is. */
const countersMs = 500;

/** The worker's side of a run: does the task and talks to the node about it. */
export class Work {
  readonly #props: WorkProps;
  readonly #open = new Map<number, { resolve(): void; reject(error: Error): void }>();
  #questions = 0;
  #execution: Execution | undefined;
  #isPaused = false;
  #isCancelled = false;

  constructor(props: WorkProps) {
    this.#props = props;
  }

  async run(): Promise<void> {
    const { task, send } = this.#props;
    if (task.finish !== undefined) return this.#finish(task.finish);
    const files = new RunFiles({ roots: task.fileRoots, run: task.order.id, epoch: task.epoch });
    const outcome = await this.#execute(files).catch((error: unknown): RunOutcome => ({ status: 'failed', error }));
    const counters = this.#execution?.counters() ?? [];
    // The files stay: this owner may have lost the run, and the next one goes on with what is in them.
    send({ kind: 'outcome', outcome: toOutcome(outcome), counters, targets: files.targets() });
  }

  async #finish(targets: readonly FileTarget[]): Promise<void> {
    const outcome = await completeFiles(targets, createUpload(this.#props.outside)).then(
      (): RunOutcome => ({ status: 'succeeded' }),
      (error: unknown): RunOutcome => ({ status: 'failed', error }),
    );
    this.#props.send({ kind: 'outcome', outcome: toOutcome(outcome), counters: [], targets });
  }

  receive(command: WorkerCommand): void {
    switch (command.kind) {
      case 'pause':
        this.#isPaused = true;
        this.#execution?.pause();
        return;
      case 'resume':
        this.#isPaused = false;
        this.#execution?.resume();
        return;
      case 'cancel':
        this.#isCancelled = true;
        this.#execution?.cancel();
        return;
      case 'settled': {
        const waiting = this.#open.get(command.question);
        this.#open.delete(command.question);
        if (command.error === undefined) waiting?.resolve();
        else waiting?.reject(new Error(command.error));
      }
    }
  }

  async #execute(files: RunFiles): Promise<RunOutcome> {
    const { task, stageTypes, services, secrets, outside, send } = this.#props;
    const { order, restored, checkpointRows, checkpointMs, spillRoot } = task;
    const plan = compileDataflow(order.dataflow, order.document, stageTypes, order.options);
    const execution = await Execution.create({
      plan,
      files,
      services,
      secrets,
      ...(outside && { outside }),
      spillRoot,
      log: silentLog,
      checkpointRows,
      checkpointMs,
      ...(restored && { restored }),
      onCheckpoint: (checkpoint) => this.#ask({ kind: 'checkpoint', checkpoint }),
      beforeCompletion: (targets) => this.#ask({ kind: 'finishing', targets }),
    });
    this.#execution = execution;
    if (this.#isPaused) execution.pause();
    if (this.#isCancelled) execution.cancel();
    const timer = setInterval(() => send({ kind: 'counters', counters: execution.counters() }), countersMs).unref();
    return execution.execute().finally(() => clearInterval(timer));
  }

  #ask(about: WorkerQuestion): Promise<void> {
    const question = ++this.#questions;
    const settled = new Promise<void>((resolve, reject) => this.#open.set(question, { resolve, reject }));
    this.#props.send({ kind: 'question', question, about });
    return settled;
  }
}

function toOutcome(outcome: RunOutcome): WorkerOutcome {
  if (outcome.status !== 'failed') return outcome;
  const { error } = outcome;
  const isKnown = error instanceof SpectrumError || (error instanceof Error && 'code' in error);
  const text = error instanceof Error ? error.message : String(error);
  return { status: 'failed', error: isKnown ? text : `an error of this program: ${text}` };
}
