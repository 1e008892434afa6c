import type { TypedField } from '../foundation/fields.ts';
import type { RecordField } from '../foundation/schema.ts';
import type { StageContext } from './context.ts';
import type { Layout } from './layout.ts';
import type { Problem } from './problem.ts';
import type { Row } from './values.ts';

/** What a stage type is: everything the catalogue, forms and checks need, and nothing that runs. */
export interface StageDefinition<Settings = unknown> {
  /** Type key in documents, such as `ConditionalRouter`. */
  readonly name: string;
  /** Name on the palette, such as `Conditional Router`. */
  readonly label: string;
  /** Where it stands on the palette. */
  readonly group: 'sources' | 'control' | 'data' | 'services' | 'sinks';
  readonly description: string;
  readonly inputs: PortRule;
  readonly outputs: PortRule;
  readonly settings: RecordField & TypedField<Settings>;
}

export interface PortRule {
  /** Ports that every stage of the type has. */
  readonly fixed: readonly PortDefinition[];
  /** How many more ports there may be, named by the channels and settings of a stage. */
  readonly variable?: { readonly minimum: number; readonly maximum: number };
}

interface PortDefinition {
  readonly name: string;
  readonly description: string;
  /** Whether the port may stay without a channel. */
  readonly isOptional?: boolean;
}

/** A stage type with its behaviour. */
export interface StageType<Settings = unknown> {
  readonly definition: StageDefinition<Settings>;
  /** Works out what a stage of these settings does with these layouts. Never throws for what a user wrote. */
  plan(request: PlanRequest<Settings>): StagePlan;
}

interface PlanRequest<Settings> {
  readonly settings: Settings;
  /** Layouts of the connected input ports, by port, in the order of the channels. */
  readonly inputs: ReadonlyMap<string, Layout>;
  /** Connected output ports, in the order of the channels. */
  readonly outputs: readonly string[];
  /** Whether all inputs come from one stage by stages that answer each batch with one: they have as many batches. */
  readonly inputsAreAligned: boolean;
  /** A stage whose records may come in another order in another run; absent when all inputs come in the same one. */
  readonly unorderedBy?: string;
  /** Fields that are read behind any output; a stage may leave out others. Every field when absent. */
  readonly wanted?: ReadonlySet<string>;
}

export interface StagePlan {
  /** Layout of every output port that the stage has. */
  readonly outputs: ReadonlyMap<string, Layout>;
  /** What is wrong; their `stage` is filled in by the caller. A plan with problems is never opened. */
  readonly problems: readonly Problem[];
  /**
   * `streaming`: answers each batch at once with exactly one batch, perhaps empty, on every output, so that streams
   * can be joined again in order. `blocking`: gives rows when its input has ended, or when it likes.
   */
  readonly flow: 'streaming' | 'blocking';
  /** Whether a run can go on from a checkpoint of the stage: it keeps nothing, or `checkpoint` says all it keeps. */
  readonly canResume: boolean;
  /**
   * `given`: its records come in the same order in every run, whatever that of its inputs; `none`: they need not. That of
   * its inputs when absent.
   */
  readonly order?: 'given' | 'none';
  /**
   * The fields of its inputs that the stage needs to give those that are `wanted` behind it; every field when absent.
   * Others may be missing in the rows that it gets, and then it is planned for layouts without them.
   */
  reads?(wanted: ReadonlySet<string>): ReadonlySet<string>;
  /** Whether several instances may share the rows: each row is worked on alone. */
  readonly canShareRows?: boolean;
  open(context: StageContext): Stage | Source | Promise<Stage | Source>;
}

/** A stage at work: rows are pushed to it, it writes to the outputs of its context. Calls for one port never overlap. */
export interface Stage {
  process(rows: Row[], port: string): void | Promise<void>;
  /** No more rows will come at this port. */
  endOfInput?(port: string): void | Promise<void>;
  /** Makes everything processed so far durable and says what a later run needs to go on behind it; plain JSON. */
  checkpoint?(): unknown;
  /** Every input has ended and `endOfInput` was answered: the work is complete. */
  finish?(): void | Promise<void>;
  /** Frees what is held, after success, failure and cancellation alike. */
  close?(): void | Promise<void>;
}

/** A stage without inputs. */
export interface Source {
  /**
   * Batches to give, in order. `position`, plain JSON, is where a later run goes on behind this batch; the engine
   * hands it back as `restored`.
   */
  batches(): AsyncIterable<SourceBatch>;
  close?(): void | Promise<void>;
}

export interface SourceBatch {
  readonly rows: Row[];
  readonly position?: unknown;
}

export function isSource(stage: Stage | Source): stage is Source {
  return 'batches' in stage;
}
