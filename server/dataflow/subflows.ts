import { findClosestName } from '../foundation/closest-name.ts';
import { map, preset, record, required, text, type ValueOf } from '../foundation/fields.ts';
import { checkValue } from '../foundation/schema.ts';
import type { StageDefinition } from './definition.ts';
import { type ChannelDocument, type DataflowDocument, parseDataflow, type StageDocument } from './document.ts';
import { inputType, outputType } from './exchange.ts';
import { applyOptions, type OptionValues } from './options.ts';
import type { Problem } from './problem.ts';

/** Type of the stage that stands for another dataflow. */
export const subflowType = 'Subflow';

export const subflowSettings = record('A dataflow that is a stage', {
  dataflow: required(
    text('Name of a dataflow of type subflow; its exposed version is used', { minimum: 1, maximum: 200 }),
  ),
  options: preset(map('Values of its options by name', text('Value'), 500), {}),
});

type SubflowSettings = ValueOf<typeof subflowSettings>;

/** Where subflows come from: the exposed document of a name, and the names there are. */
export interface FindSubflow {
  find(name: string): unknown;
  names(): readonly string[];
}

interface Expansion {
  readonly document?: DataflowDocument;
  readonly problems: readonly Problem[];
}

interface Surroundings {
  readonly definitions: ReadonlyMap<string, StageDefinition>;
  readonly subflows: FindSubflow;
}

/**
 * The dataflow with the stages of its subflows in their place, options written into settings, so that it needs nothing
 * else to run. One without subflows is given back as it is. Problems name the stage and, of a circle, the way round it.
 */
export function expandSubflows(
  name: string,
  value: unknown,
  definitions: ReadonlyMap<string, StageDefinition>,
  subflows: FindSubflow,
  given: OptionValues = {},
): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const { document } = parseDataflow(value);
  // What is no dataflow is told by whoever checks it.
  if (document?.stages.some(({ type }) => type === subflowType) !== true) return { value, problems: [] };
  const expanded = expand(document, given, [name], { definitions, subflows });
  return { value: expanded.document ?? value, problems: expanded.problems };
}

function expand(
  document: DataflowDocument,
  given: OptionValues,
  path: readonly string[],
  surroundings: Surroundings,
): Expansion {
  const chosen = applyOptions(document, given, surroundings.definitions);
  const problems = [...chosen.problems];
  let current: DataflowDocument = { ...chosen.document, options: [] };
  for (const stage of chosen.document.stages.filter(({ type }) => type === subflowType)) {
    const found = findSubflow(stage, path, surroundings);
    problems.push(...found.problems);
    if (found.document === undefined) continue;
    const replaced = replaceStage(current, stage, found.document);
    problems.push(...replaced.problems);
    current = replaced.document ?? current;
  }
  return problems.length > 0 ? { problems } : { document: current, problems };
}

/** The subflow behind a stage, itself expanded. */
function findSubflow(stage: StageDocument, path: readonly string[], surroundings: Surroundings): Expansion {
  const checked = checkValue(subflowSettings, stage.settings, undefined, '');
  const [issue] = checked.issues;
  if (issue !== undefined) {
    return { problems: [{ stage: stage.id, setting: issue.path, sentence: `${issue.path}: ${issue.problem}` }] };
  }
  const { dataflow, options } = checked.value as SubflowSettings;
  const refuse = (sentence: string): Expansion => ({ problems: [{ stage: stage.id, setting: 'dataflow', sentence }] });
  if (path.includes(dataflow)) {
    const way = [...path.slice(path.indexOf(dataflow)), dataflow].join(' → ');
    return refuse(`the subflow comes back to itself by ${way}; take one of them out`);
  }
  const value = surroundings.subflows.find(dataflow);
  if (value === undefined) {
    const closest = findClosestName(dataflow, surroundings.subflows.names());
    const advice = closest === undefined ? 'save and expose it first' : `did you mean ${closest}?`;
    return refuse(`no dataflow ${dataflow} is exposed; ${advice}`);
  }
  const { document, problems } = parseDataflow(value);
  if (document === undefined) return refuse(`the subflow ${dataflow}: ${problems[0]?.sentence}`);
  if (document.type !== 'subflow') return refuse(`${dataflow} is a ${document.type}; use a dataflow of type subflow`);
  const inner = expand(document, options, [...path, dataflow], surroundings);
  return { ...inner, problems: inner.problems.map((problem) => below(stage, problem)) };
}

function below({ id }: StageDocument, problem: Problem): Problem {
  return { ...problem, stage: problem.stage === undefined ? id : `${id}/${problem.stage}` };
}

/** The stages of the subflow instead of the one; what came to a port comes to whatever stands behind its Input. */
function replaceStage(document: DataflowDocument, stage: StageDocument, subflow: DataflowDocument): Expansion {
  const label = stage.label ?? stage.id;
  const nested = (id: string) => `${stage.id}/${id}`;
  const edges = new Map([...portsOf(subflow, inputType, 'input_port'), ...portsOf(subflow, outputType, 'output_port')]);
  const inner = subflow.stages
    .filter(({ id }) => !edges.has(id))
    .map((one) => ({ ...one, id: nested(one.id), label: `${label}/${one.label ?? one.id}` }));
  // Where channels of the dataflow go on inside, by port of the stage.
  const targets = new Map<string, ChannelDocument['to']>();
  const sources = new Map<string, ChannelDocument['from']>();
  const channels: ChannelDocument[] = [];
  const problems: Problem[] = [];
  for (const { from, to } of subflow.channels) {
    const [entry, exit] = [edges.get(from.stage), edges.get(to.stage)];
    if (entry !== undefined && exit !== undefined)
      problems.push({ stage: stage.id, sentence: 'Input leads straight to Output in it; put a stage between' });
    else if (entry !== undefined) targets.set(entry, { ...to, stage: nested(to.stage) });
    else if (exit !== undefined) sources.set(exit, { ...from, stage: nested(from.stage) });
    else channels.push({ from: { ...from, stage: nested(from.stage) }, to: { ...to, stage: nested(to.stage) } });
  }
  problems.push(...checkPorts(stage.id, document.channels, { targets, sources }));
  if (problems.length > 0) return { problems };
  const outer = document.channels.map(({ from, to }) => ({
    from: from.stage === stage.id ? (sources.get(from.port) ?? from) : from,
    to: to.stage === stage.id ? (targets.get(to.port) ?? to) : to,
  }));
  const stages = document.stages.flatMap((one) => (one.id === stage.id ? inner : [one]));
  return { document: { ...document, stages, channels: [...outer, ...channels] }, problems };
}

/** The port that each Input or Output of a subflow is: the usual one when it is alone, otherwise the one of its label. */
function portsOf({ stages }: DataflowDocument, type: string, usual: string): readonly (readonly [string, string])[] {
  const edges = stages.filter((stage) => stage.type === type);
  return edges.map(({ id, label = id }) => [id, edges.length === 1 ? usual : label] as const);
}

interface InnerEnds {
  readonly targets: ReadonlyMap<string, unknown>;
  readonly sources: ReadonlyMap<string, unknown>;
}

/** Every port of a subflow has a channel, and every channel a port. */
function checkPorts(stage: string, channels: readonly ChannelDocument[], { targets, sources }: InnerEnds): Problem[] {
  const sides = [
    ['input', targets, channels.filter(({ to }) => to.stage === stage).map(({ to }) => to.port)],
    ['output', sources, channels.filter(({ from }) => from.stage === stage).map(({ from }) => from.port)],
  ] as const;
  return sides.flatMap(([side, ends, connected]) => {
    const known = [...ends.keys()];
    const names = known.length > 0 ? `its ${side} ports are ${known.join(', ')}` : `it has no ${side} ports`;
    return [
      ...known
        .filter((port) => !connected.includes(port))
        .map((port) => ({ stage, port, sentence: `the ${side} port has no channel; connect it` })),
      ...connected
        .filter((port) => !ends.has(port))
        .map((port) => ({ stage, port, sentence: `the subflow has no such ${side} port; ${names}` })),
    ];
  });
}
