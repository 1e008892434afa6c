import { SpectrumError } from '../foundation/errors.ts';
import type { Log } from '../foundation/log.ts';
import { Channel } from './channel.ts';
import { type Checkpoint, CheckpointCollector } from './checkpoint.ts';
import type { Plan, PlannedStage } from './compile.ts';
import type { MalformedRecord, StageContext } from './context.ts';
import { type StageCounters, StageMeter } from './counters.ts';
import { isSource, type Source, type Stage } from './definition.ts';
import type { ChannelDocument } from './document.ts';
import type { StageResources } from './resources.ts';
import { StageTask } from './stage-task.ts';

export interface RunProps {
  readonly plan: Plan;
  readonly resources: StageResources;
  readonly log: Log;
  /** An empty folder of this run alone. */
  readonly spillFolder: string;
  /** Where an earlier owner of the run was; only for plans that can resume. */
  readonly restored?: Checkpoint;
  /** Rows read between two checkpoints, at least. */
  readonly checkpointRows?: number;
  /** Time between two checkpoints, at least; none when absent. */
  readonly checkpointMs?: number;
  /** Keeps a checkpoint; the run goes on meanwhile. A rejection fails the run. */
  onCheckpoint?(checkpoint: Checkpoint): Promise<void>;
  /** Told of every malformed record that the policy lets pass. */
  onMalformed?(stage: string, record: MalformedRecord): void;
}

export type RunOutcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'cancelled' };

/** One execution of a plan. */
export class Run {
  readonly #props: RunProps;
  readonly #meters: ReadonlyMap<string, StageMeter>;
  readonly #channels: ReadonlyMap<ChannelDocument, Channel>;
  readonly #collector: CheckpointCollector;
  readonly #abort = new AbortController();
  readonly #opened: (Stage | Source)[] = [];
  #pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  #outcome: RunOutcome | undefined;
  #malformed = 0;
  #readSinceCheckpoint = 0;
  #checkpointAtMs = performance.now();

  constructor(props: RunProps) {
    const { plan, onCheckpoint } = props;
    this.#props = props;
    this.#meters = new Map(plan.stages.map(({ stage }) => [stage.id, createMeter(stage, props.restored)]));
    this.#channels = new Map(plan.document.channels.map((channel) => [channel, new Channel()]));
    this.#malformed = [...this.#meters.values()].reduce((sum, { malformedRecords }) => sum + malformedRecords, 0);
    const keep = async (checkpoint: Checkpoint) => onCheckpoint?.(checkpoint);
    this.#collector = new CheckpointCollector([...this.#meters.keys()], keep);
  }

  /** Runs to the end; resolves, whatever comes, when every stage has closed. Call it once. */
  async execute(): Promise<RunOutcome> {
    const tasks = this.#props.plan.stages.map((planned) =>
      this.#runStage(planned).catch((error: unknown) => this.#end({ status: 'failed', error })),
    );
    await Promise.all(tasks);
    for (const stage of this.#opened) await this.#close(stage);
    return this.#outcome ?? { status: 'succeeded' };
  }

  /** Ends the run as soon as every stage has noticed; nothing more is read or written. */
  cancel(): void {
    this.#end({ status: 'cancelled' });
  }

  /** Sources give no more rows until `resume`; what is under way goes on. */
  pause(): void {
    if (this.#pause !== undefined || this.#outcome !== undefined) return;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#pause = { over, end };
  }

  resume(): void {
    this.#pause?.end();
    this.#pause = undefined;
  }

  /** What every stage has done so far, in the order of the plan. */
  counters(): readonly StageCounters[] {
    return [...this.#meters.values()].map((meter) => meter.read());
  }

  async #runStage(planned: PlannedStage): Promise<void> {
    const meter = this.#meters.get(planned.stage.id) as StageMeter;
    const channelsOf = (ports: ReadonlyMap<string, ChannelDocument>) =>
      new Map([...ports].map(([port, channel]) => [port, this.#channels.get(channel) as Channel]));
    const task = new StageTask({
      meter,
      inputs: channelsOf(planned.inputs),
      outputs: channelsOf(planned.outputs),
      collector: this.#collector,
      mayGoOn: () => this.#pause?.over,
      noteRead: (rows) => this.#noteRead(rows),
    });
    const context = this.#contextOf(planned, meter, task);
    const stage = await planned.plan.open(context);
    this.#opened.push(stage);
    this.#abort.signal.throwIfAborted();
    if (isSource(stage)) await task.runSource(stage, context.restored);
    else await task.runStage(stage);
  }

  #contextOf({ stage }: PlannedStage, meter: StageMeter, task: StageTask): StageContext {
    const { log, resources, restored, spillFolder } = this.#props;
    return {
      stage: stage.id,
      label: stage.label ?? stage.id,
      instances: stage.instances,
      outputs: task.outputs(),
      signal: this.#abort.signal,
      log,
      restored: restored?.stages[stage.id]?.state ?? undefined,
      spillFolder,
      malformed: (record) => this.#noteMalformed(stage.id, meter, record),
      resources,
    };
  }

  #noteRead(rows: number): void {
    const { plan, checkpointRows, checkpointMs = 0, onCheckpoint } = this.#props;
    this.#readSinceCheckpoint += rows;
    if (!plan.canResume || onCheckpoint === undefined || checkpointRows === undefined) return;
    const nowMs = performance.now();
    if (this.#readSinceCheckpoint < checkpointRows || nowMs - this.#checkpointAtMs < checkpointMs) return;
    this.#readSinceCheckpoint = 0;
    this.#checkpointAtMs = nowMs;
    this.#collector.begin();
  }

  #noteMalformed(stage: string, meter: StageMeter, record: MalformedRecord): void {
    const { stopAt } = this.#props.plan.document.malformed;
    meter.malformedRecords++;
    this.#malformed++;
    this.#props.onMalformed?.(stage, record);
    if (stopAt === 0 || this.#malformed < stopAt) return;
    throw new SpectrumError(
      'MALFORMED_RECORDS',
      `stage ${stage}: ${record.place}: ${record.reason}; the run stops at ${stopAt} malformed record${stopAt > 1 ? 's' : ''}`,
      { stage, place: record.place, stopAt },
    );
  }

  #end(outcome: RunOutcome): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    const reason =
      outcome.status === 'failed' ? outcome.error : new SpectrumError('RUN_CANCELLED', 'The run was cancelled');
    this.#abort.abort(reason);
    for (const channel of this.#channels.values()) channel.fail(reason);
    this.resume();
  }

  async #close(stage: Stage | Source): Promise<void> {
    try {
      await stage.close?.();
    } catch (error) {
      this.#end({ status: 'failed', error });
    }
  }
}

function createMeter(stage: PlannedStage['stage'], restored: Checkpoint | undefined): StageMeter {
  const meter = new StageMeter(stage.id, stage.label ?? stage.id, stage.type);
  const earlier = restored?.stages[stage.id];
  if (earlier !== undefined) meter.restore(earlier.counters);
  return meter;
}
