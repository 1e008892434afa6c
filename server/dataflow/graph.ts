import { findClosestName } from '../foundation/closest-name.ts';
import type { PortRule, StageDefinition } from './definition.ts';
import type { ChannelDocument, DataflowDocument, StageDocument } from './document.ts';
import type { Problem } from './problem.ts';

/** A stage with its channels, by port, in the order of the document. */
export interface GraphNode {
  readonly stage: StageDocument;
  readonly definition: StageDefinition;
  readonly inputs: ReadonlyMap<string, ChannelDocument>;
  readonly outputs: ReadonlyMap<string, ChannelDocument>;
}

export interface Graph {
  /** Every stage behind the stages that feed it. */
  readonly nodes: readonly GraphNode[];
  readonly problems: readonly Problem[];
}

/** Reads stages and channels as a graph and checks everything about it that does not need the stages' settings. */
export function readGraph(dataflow: DataflowDocument, definitions: ReadonlyMap<string, StageDefinition>): Graph {
  const problems: Problem[] = [];
  const nodes = new Map<string, GraphNode>();
  for (const stage of dataflow.stages) {
    const definition = definitions.get(stage.type);
    const remarks = stage.notUnderstood ?? [];
    problems.push(...remarks.map((sentence) => ({ stage: stage.id, sentence: `not understood: ${sentence}` })));
    if (definition === undefined && remarks.length > 0) continue;
    if (definition === undefined) problems.push(refuseType(stage, [...definitions.keys()]));
    else if (nodes.has(stage.id))
      problems.push({ stage: stage.id, sentence: 'another stage has the same id; rename one' });
    else nodes.set(stage.id, { stage, definition, ...channelsOf(stage.id, dataflow.channels) });
  }
  if (dataflow.stages.length === 0) problems.push({ sentence: 'there is no stage; add one' });
  problems.push(...dataflow.channels.flatMap((channel) => checkEnds(channel, dataflow.stages)));
  problems.push(...checkSharing(dataflow.channels));
  for (const node of nodes.values()) problems.push(...checkPorts(node));
  const sorted = sortNodes(nodes);
  if (sorted.length < nodes.size) problems.push(refuseCycle(nodes, sorted));
  return { nodes: sorted, problems };
}

function channelsOf(id: string, channels: readonly ChannelDocument[]) {
  const inputs = channels.filter(({ to }) => to.stage === id);
  const outputs = channels.filter(({ from }) => from.stage === id);
  return {
    inputs: new Map(inputs.map((channel) => [channel.to.port, channel])),
    outputs: new Map(outputs.map((channel) => [channel.from.port, channel])),
  };
}

function refuseType({ id, type }: StageDocument, known: readonly string[]): Problem {
  const closest = findClosestName(type, known);
  return {
    stage: id,
    setting: 'type',
    sentence: `${JSON.stringify(type)} is not a stage type of this server${closest ? `; did you mean ${closest}?` : ''}`,
  };
}

function checkEnds({ from, to }: ChannelDocument, stages: readonly StageDocument[]): Problem[] {
  return [from, to]
    .filter(({ stage }) => !stages.some(({ id }) => id === stage))
    .map(({ stage, port }) => ({
      stage,
      port,
      sentence: 'a channel names this stage, but there is none; remove the channel',
    }));
}

function checkSharing(channels: readonly ChannelDocument[]): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const [side, end] of channels.flatMap(
    ({ from, to }) =>
      [
        ['from', from],
        ['to', to],
      ] as const,
  )) {
    const key = JSON.stringify([side, end.stage, end.port]);
    if (seen.has(key)) {
      const advice = side === 'from' ? 'put a Broadcaster behind it' : 'put a Stream Combiner before it';
      problems.push({ ...end, sentence: `the port has more than one channel; ${advice}` });
    }
    seen.add(key);
  }
  return problems;
}

function checkPorts(node: GraphNode): Problem[] {
  const { stage, definition } = node;
  return [
    ...checkSide(stage.id, 'input', definition.inputs, [...node.inputs.keys()]),
    ...checkSide(stage.id, 'output', definition.outputs, [...node.outputs.keys()]),
  ];
}

function checkSide(stage: string, side: 'input' | 'output', rule: PortRule, connected: readonly string[]): Problem[] {
  const fixed = rule.fixed.map(({ name }) => name);
  const variable = connected.filter((port) => !fixed.includes(port));
  const missing = rule.fixed
    .filter(({ name, isOptional }) => !isOptional && !connected.includes(name))
    .map(({ name }) => ({ stage, port: name, sentence: `the ${side} port has no channel; connect it` }));
  if (rule.variable === undefined) {
    const known = fixed.length > 0 ? `its ${side} ports are ${fixed.join(', ')}` : `it has no ${side} ports`;
    const unknown = variable.map((port) => ({ stage, port, sentence: `the stage has no such ${side} port; ${known}` }));
    return [...missing, ...unknown];
  }
  const { minimum, maximum } = rule.variable;
  if (variable.length >= minimum && variable.length <= maximum) return missing;
  return [
    ...missing,
    { stage, sentence: `${variable.length} ${side} ports are connected; it needs ${minimum} to ${maximum}` },
  ];
}

/** Nodes behind those that feed them, otherwise in document order; nodes on a cycle are left out. */
function sortNodes(nodes: ReadonlyMap<string, GraphNode>): readonly GraphNode[] {
  const sorted = new Map<string, GraphNode>();
  const feeders = ({ inputs }: GraphNode) =>
    [...inputs.values()].map(({ from }) => from.stage).filter((id) => nodes.has(id));
  for (let count = -1; count < sorted.size; ) {
    count = sorted.size;
    for (const [id, node] of nodes) {
      if (!sorted.has(id) && feeders(node).every((feeder) => sorted.has(feeder))) sorted.set(id, node);
    }
  }
  return [...sorted.values()];
}

function refuseCycle(nodes: ReadonlyMap<string, GraphNode>, sorted: readonly GraphNode[]): Problem {
  const left = [...nodes.values()].filter((node) => !sorted.includes(node)).map(({ stage }) => stage.id);
  return {
    stage: String(left[0]),
    sentence: `its rows come back to it by ${left.join(', ')}; remove one of the channels`,
  };
}
