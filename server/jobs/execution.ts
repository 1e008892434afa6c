import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type OutsideResources,
  type Plan,
  Run,
  type RunCheckpoint,
  type RunOutcome,
  type SecretReader,
  type ServiceAccess,
  type StageCounters,
} from '../dataflow/index.ts';
import type { Log } from '../foundation/log.ts';
import { completeFiles, type FileTarget } from './file-completion.ts';
import type { RunFiles } from './run-files.ts';
import { createUpload } from './upload.ts';

export interface ExecutionProps {
  readonly plan: Plan;
  readonly files: RunFiles;
  readonly services: ServiceAccess;
  readonly secrets: SecretReader;
  readonly outside?: OutsideResources;
  /** A folder of this node for what does not fit into memory. */
  readonly spillRoot: string;
  readonly log: Log;
  readonly restored?: RunCheckpoint;
  readonly checkpointRows?: number;
  readonly checkpointMs?: number;
  onCheckpoint?(checkpoint: RunCheckpoint): Promise<void>;
  /** Settles that the files of this owner, and no other's, get their names; rejects when they may not. */
  beforeCompletion?(targets: readonly FileTarget[]): Promise<void>;
}

/** A job at work on this node: its run, and what it does with the files around it. */
export class Execution {
  readonly #props: ExecutionProps;
  readonly #spillFolder: string;
  readonly #run: Run;

  private constructor(props: ExecutionProps, spillFolder: string) {
    const { plan, files, services, secrets, outside, log, restored, checkpointRows, checkpointMs, onCheckpoint } =
      props;
    this.#props = props;
    this.#spillFolder = spillFolder;
    this.#run = new Run({
      plan,
      resources: { files, services, secrets, ...outside },
      log,
      spillFolder,
      ...(restored && { restored }),
      ...(checkpointRows !== undefined && { checkpointRows }),
      ...(checkpointMs !== undefined && { checkpointMs }),
      ...(onCheckpoint && { onCheckpoint }),
    });
  }

  static async create(props: ExecutionProps): Promise<Execution> {
    return new Execution(props, await mkdtemp(join(props.spillRoot, 'run-')));
  }

  /** Runs to the end. Files have their names when the outcome is `succeeded`, and never otherwise. */
  async execute(): Promise<RunOutcome> {
    try {
      const outcome = await this.#run.execute();
      if (outcome.status !== 'succeeded') return outcome;
      const targets = this.#props.files.targets();
      await this.#props.beforeCompletion?.(targets);
      await completeFiles(targets, createUpload(this.#props.outside));
      return outcome;
    } catch (error) {
      return { status: 'failed', error };
    } finally {
      await rm(this.#spillFolder, { recursive: true, force: true });
    }
  }

  pause(): void {
    this.#run.pause();
  }

  resume(): void {
    this.#run.resume();
  }

  cancel(): void {
    this.#run.cancel();
  }

  counters(): readonly StageCounters[] {
    return this.#run.counters();
  }
}
