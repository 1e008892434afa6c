import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Channel, ChannelItem } from './channel.ts';
import type { CheckpointCollector } from './checkpoint.ts';
import type { Output } from './context.ts';
import type { StageMeter } from './counters.ts';
import type { Source, Stage } from './definition.ts';
import type { Row } from './values.ts';

export interface StageTaskProps {
  readonly meter: StageMeter;
  readonly inputs: ReadonlyMap<string, Channel>;
  readonly outputs: ReadonlyMap<string, Channel>;
  readonly collector: CheckpointCollector;
  /** Resolves when the run is not paused. */
  mayGoOn(): void | Promise<void>;
  /** Tells that rows were read, so that a checkpoint can begin in time. */
  noteRead(rows: number): void;
}

/** Messages such as cancel and pause are heard at least so often while a source gives rows without a wait. */
const turnMs = 10;

/** Where the batches of a source go; what else it has to say it writes to its other outputs itself. */
const sourcePort = 'output_port';

/** Moves the rows of one stage: from its channels to it, from it to its channels. */
export class StageTask {
  readonly #props: StageTaskProps;
  /** Time the stage waited for room behind it, which is no work of its own. */
  #waitedMs = 0;

  constructor(props: StageTaskProps) {
    this.#props = props;
  }

  /** The outputs to give to the stage when it is opened. */
  outputs(): ReadonlyMap<string, Output> {
    const { meter, outputs } = this.#props;
    const entries = [...outputs].map(([port, channel]) => {
      const write = (rows: Row[]) => {
        meter.wrote(port, rows.length);
        return this.#counted(channel.push({ kind: 'rows', rows }));
      };
      return [port, { write }] as const;
    });
    return new Map(entries);
  }

  async runSource(source: Source, restored: unknown): Promise<void> {
    const { meter, collector, noteRead } = this.#props;
    let position = restored;
    let barrier = 0;
    let turnStartedMs = performance.now();
    for await (const batch of source.batches()) {
      await this.#props.mayGoOn();
      meter.recordsRead += batch.rows.length;
      position = batch.position;
      await this.#give(batch.rows);
      noteRead(batch.rows.length);
      if (barrier < collector.number) {
        barrier = collector.number;
        await collector.report(meter.stage, barrier, { state: position, counters: meter.read() });
        await this.#passOn(barrier);
      }
      if (performance.now() - turnStartedMs > turnMs) {
        await nextTurn();
        turnStartedMs = performance.now();
      }
    }
    await this.#finish(position);
  }

  async runStage(stage: Stage): Promise<void> {
    const { inputs, meter, collector } = this.#props;
    const gate = new BarrierGate([...inputs.keys()], async (number) => {
      const state = await this.#timed(() => stage.checkpoint?.());
      await collector.report(meter.stage, number, { state, counters: meter.read() });
      await this.#passOn(number);
    });
    await Promise.all([...inputs].map(([port, channel]) => this.#pump(stage, port, channel, gate)));
    await this.#timed(() => stage.finish?.());
    await this.#finish(await stage.checkpoint?.());
  }

  async #pump(stage: Stage, port: string, channel: Channel, gate: BarrierGate): Promise<void> {
    const { meter } = this.#props;
    for (;;) {
      const item = await channel.pull();
      if (item === undefined) break;
      if (item.kind === 'barrier') {
        await gate.arrive(port, item.number);
        continue;
      }
      meter.recordsRead += item.rows.length;
      await this.#timed(() => stage.process(item.rows, port));
    }
    await this.#timed(() => stage.endOfInput?.(port));
    await gate.leave(port);
  }

  async #give(rows: Row[]): Promise<void> {
    const channel = this.#props.outputs.get(sourcePort);
    if (channel === undefined) return;
    this.#props.meter.wrote(sourcePort, rows.length);
    await channel.push({ kind: 'rows', rows });
  }

  async #passOn(number: number): Promise<void> {
    const barrier: ChannelItem = { kind: 'barrier', number };
    await Promise.all([...this.#props.outputs.values()].map((channel) => channel.push(barrier)));
  }

  async #finish(state: unknown): Promise<void> {
    const { meter, collector, outputs } = this.#props;
    meter.isFinished = true;
    await collector.finish(meter.stage, { state: state ?? null, counters: meter.read() });
    for (const channel of outputs.values()) channel.end();
  }

  #timed<Result>(work: () => Result | Promise<Result>): Result | Promise<Result> {
    const startedMs = performance.now();
    const waitedBefore = this.#waitedMs;
    const done = () => {
      this.#props.meter.busyMs += performance.now() - startedMs - (this.#waitedMs - waitedBefore);
    };
    const result = work();
    if (result instanceof Promise) return result.finally(done);
    done();
    return result;
  }

  #counted(waiting: void | Promise<void>): void | Promise<void> {
    if (waiting === undefined) return;
    const startedMs = performance.now();
    return waiting.then(() => {
      this.#waitedMs += performance.now() - startedMs;
    });
  }
}

/** Holds the ports of a stage back until the same barrier, or the end, has come at all of them. */
class BarrierGate {
  readonly #open: Set<string>;
  readonly #arrived = new Map<string, () => void>();
  readonly #onBarrier: (number: number) => Promise<void>;
  #number = 0;

  constructor(ports: readonly string[], onBarrier: (number: number) => Promise<void>) {
    this.#open = new Set(ports);
    this.#onBarrier = onBarrier;
  }

  async arrive(port: string, number: number): Promise<void> {
    this.#number = number;
    const released = new Promise<void>((resolve) => this.#arrived.set(port, resolve));
    await this.#passWhenAllAreHere();
    await released;
  }

  async leave(port: string): Promise<void> {
    this.#open.delete(port);
    await this.#passWhenAllAreHere();
  }

  async #passWhenAllAreHere(): Promise<void> {
    if (this.#arrived.size === 0 || this.#arrived.size < this.#open.size) return;
    const releases = [...this.#arrived.values()];
    this.#arrived.clear();
    await this.#onBarrier(this.#number);
    for (const release of releases) release();
  }
}
