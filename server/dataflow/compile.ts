import { checkValue } from '../foundation/schema.ts';
import type { StageDefinition, StagePlan, StageType } from './definition.ts';
import { type ChannelDocument, type DataflowDocument, parseDataflow, type StageDocument } from './document.ts';
import { type GraphNode, readGraph } from './graph.ts';
import { Layout } from './layout.ts';
import { applyOptions, type OptionValues } from './options.ts';
import { assertNoProblems, type Problem } from './problem.ts';
import { findReadFields, uniteFields } from './read-fields.ts';

/** Stage types by name. */
export type StageTypes = ReadonlyMap<string, StageType>;

/** A dataflow ready to run, as often as wanted. */
export interface Plan {
  readonly name: string;
  readonly document: DataflowDocument;
  /** Every stage behind the stages that feed it. */
  readonly stages: readonly PlannedStage[];
  /** Whether a run may go on from a checkpoint: every stage can say what it keeps. */
  readonly canResume: boolean;
}

export interface PlannedStage {
  readonly stage: StageDocument;
  readonly definition: StageDefinition;
  readonly plan: StagePlan;
  readonly inputs: ReadonlyMap<string, ChannelDocument>;
  readonly outputs: ReadonlyMap<string, ChannelDocument>;
}

/** Everything wrong with a dataflow, and its plan as far as it could be made. */
export function checkDataflow(
  name: string,
  value: unknown,
  types: StageTypes,
  given: OptionValues = {},
): { readonly plan?: Plan; readonly problems: readonly Problem[] } {
  const parsed = parseDataflow(value);
  if (parsed.document === undefined) return { problems: parsed.problems };
  const definitions = new Map([...types].map(([type, { definition }]) => [type, definition]));
  const chosen = applyOptions(parsed.document, given, definitions);
  const graph = readGraph(chosen.document, definitions);
  const { stages, problems: refused } = planStages(graph.nodes, types);
  const problems = [...chosen.problems, ...graph.problems, ...refused];
  if (problems.length > 0) return { problems };
  const canResume = stages.every(({ plan }) => plan.canResume);
  return { plan: { name, document: chosen.document, stages, canResume }, problems };
}

/** The plan of a dataflow, without the fields that nobody reads. Throws `INVALID_DATAFLOW` with every problem. */
export function compileDataflow(name: string, value: unknown, types: StageTypes, given: OptionValues = {}): Plan {
  const { plan, problems } = checkDataflow(name, value, types, given);
  assertNoProblems(name, problems);
  return narrow(plan as Plan, types);
}

/** The same work on rows as narrow as they may be: a service answers with a hundred fields, of which a few are written. */
function narrow(plan: Plan, types: StageTypes): Plan {
  const { stages, problems } = planStages(plan.stages, types, findReadFields(plan.stages));
  return problems.length > 0 ? plan : { ...plan, stages };
}

/** Plans stages one behind the other, for all fields or for those that are read of each channel. */
function planStages(
  nodes: readonly GraphNode[],
  types: StageTypes,
  read?: ReadonlyMap<ChannelDocument, ReadonlySet<string>>,
) {
  const streams = new Map<ChannelDocument, Stream>();
  const problems: Problem[] = [];
  const stages: PlannedStage[] = [];
  for (const node of nodes) {
    const wanted = read && uniteFields(node.outputs, read);
    const planned = planStage(node, types.get(node.stage.type) as StageType, streams, wanted);
    problems.push(...planned.problems);
    if (planned.plan === undefined) continue;
    for (const [port, channel] of node.outputs) {
      streams.set(channel, { ...planned, layout: planned.plan.outputs.get(port) ?? Layout.empty });
    }
    stages.push({ ...node, plan: planned.plan });
  }
  return { stages, problems };
}

/** What flows through a channel. */
interface Stream {
  readonly layout: Layout;
  /** The stage whose batches these are, one for one; what stands in between may only change them. */
  readonly origin: string;
  /** The stage by which its records may come in another order in another run. */
  readonly unorderedBy?: string | undefined;
}

function planStage(
  node: GraphNode,
  type: StageType,
  streams: ReadonlyMap<ChannelDocument, Stream>,
  wanted: ReadonlySet<string> | undefined,
) {
  const { id, settings } = node.stage;
  const checked = checkValue(type.definition.settings, settings, undefined, '');
  if (checked.issues.length > 0) {
    const problems = checked.issues.map(({ path, problem }) => ({
      stage: id,
      setting: path,
      sentence: `${path || 'the settings'}: ${problem}`,
    }));
    return { problems };
  }
  const isFed = type.definition.inputs.fixed.every(({ name, isOptional }) => isOptional || node.inputs.has(name));
  const feeding = [...node.inputs].map(([port, channel]) => ({ port, ...streams.get(channel) }));
  // What feeds the stage is wrong itself, or missing: to complain about its fields would only hide that.
  if (!isFed || feeding.some(({ layout }) => layout === undefined)) return { problems: [] };
  const origins = new Set(feeding.map(({ origin }) => origin));
  const unordered = feeding.find(({ unorderedBy }) => unorderedBy !== undefined)?.unorderedBy;
  const plan = type.plan({
    settings: checked.value,
    inputs: new Map(feeding.map(({ port, layout }) => [port, layout as Layout])),
    outputs: [...node.outputs.keys()],
    inputsAreAligned: origins.size === 1,
    ...(unordered !== undefined && { unorderedBy: unordered }),
    ...(wanted && { wanted }),
  });
  const isPassedOn = plan.flow === 'streaming' && feeding.length === 1;
  const origin = isPassedOn ? String(feeding[0]?.origin) : id;
  const unorderedBy = plan.order === undefined ? unordered : plan.order === 'none' ? id : undefined;
  return { plan, origin, unorderedBy, problems: plan.problems.map((problem) => ({ ...problem, stage: id })) };
}
