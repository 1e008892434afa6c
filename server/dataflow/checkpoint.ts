import type { StageCounters } from './counters.ts';

/** Where a run was at a moment: everything before it is durable, everything behind it may be done again. Plain JSON. */
export interface Checkpoint {
  readonly stages: Readonly<Record<string, StageCheckpoint>>;
}

interface StageCheckpoint {
  /** What the stage said it keeps, or the position of a source. */
  readonly state: unknown;
  readonly counters: StageCounters;
}

/**
 * Collects one checkpoint at a time: sources put a barrier behind the rows they gave, every stage passes it on when it
 * has worked on everything before it, and the checkpoint is whole when every stage has said what it keeps at the
 * barrier (the algorithm of Chandy and Lamport, with channels that are empty at the barrier).
 */
export class CheckpointCollector {
  /** Stages that end say once what they keep; it holds for every later checkpoint. */
  readonly #finished = new Map<string, StageCheckpoint>();
  readonly #onWhole: (checkpoint: Checkpoint) => Promise<void>;
  readonly #stages: ReadonlySet<string>;
  #number = 0;
  #reported: Map<string, StageCheckpoint> | undefined;

  constructor(stages: readonly string[], onWhole: (checkpoint: Checkpoint) => Promise<void>) {
    this.#stages = new Set(stages);
    this.#onWhole = onWhole;
  }

  /** Number of the barrier that sources should have given by now. */
  get number(): number {
    return this.#number;
  }

  /** Asks for a checkpoint, unless one is under way. */
  begin(): void {
    if (this.#reported !== undefined) return;
    this.#number++;
    this.#reported = new Map();
  }

  async report(stage: string, number: number, checkpoint: StageCheckpoint): Promise<void> {
    if (number !== this.#number || this.#reported === undefined) return;
    this.#reported.set(stage, checkpoint);
    await this.#completeWhenWhole();
  }

  async finish(stage: string, checkpoint: StageCheckpoint): Promise<void> {
    this.#finished.set(stage, checkpoint);
    await this.#completeWhenWhole();
  }

  async #completeWhenWhole(): Promise<void> {
    const stages = new Map([...this.#finished, ...(this.#reported ?? [])]);
    // When every stage has ended there is nothing left to go on with.
    if (this.#reported === undefined || stages.size < this.#stages.size || this.#finished.size === this.#stages.size)
      return;
    this.#reported = undefined;
    await this.#onWhole({ stages: Object.fromEntries(stages) });
  }
}
