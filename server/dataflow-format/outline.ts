import { SpectrumError } from '../foundation/errors.ts';
import { childOf, childrenOf, parseXml, textOf, type XmlElement } from './xml.ts';

/** What a file says of stages and channels, whatever their settings. */
export interface Outline {
  readonly text: string;
  /** `exportedDataflow`. */
  readonly root: XmlElement;
  /** `dataflow`. */
  readonly flow: XmlElement;
  readonly nodes: readonly OutlineNode[];
  readonly channels: readonly OutlineChannel[];
}

export interface OutlineNode {
  readonly id: string;
  readonly kind: 'input' | 'stage' | 'output';
  readonly element: XmlElement;
  /** Input and output ports; a port that nobody listens to has no channel. */
  readonly ports: readonly OutlinePort[];
}

interface OutlinePort {
  readonly id: string;
  readonly side: 'input' | 'output';
  readonly name: string;
  readonly channel: string | undefined;
}

export interface OutlineChannel {
  readonly id: string;
  readonly element: XmlElement;
  readonly from: OutlineEnd | undefined;
  readonly to: OutlineEnd | undefined;
}

interface OutlineEnd {
  readonly stage: string;
  readonly port: string;
}

/** Reads the graph of a file. Throws `MALFORMED_XML`, or `INVALID_DATAFLOW` for what is no exported dataflow. */
export function readOutline(given: string): Outline {
  const text = given.replace(/^\ufeff/, '');
  const root = parseXml(text, 'The dataflow');
  const flow = childOf(root, 'dataflow');
  if (root.name !== 'exportedDataflow' || flow === undefined || !flow.attributes.id) {
    throw new SpectrumError(
      'INVALID_DATAFLOW',
      `The file is not a dataflow: its root is ${root.name}; export one that is exportedDataflow with a dataflow and its id`,
      {},
    );
  }
  const nodes = [
    ...childrenOf(childOf(flow, 'inputs'), 'input').map((element) => readNode('input', element)),
    ...childrenOf(childOf(flow, 'stages'), 'stage').map((element) => readNode('stage', element)),
    ...childrenOf(childOf(flow, 'outputs'), 'output').map((element) => readNode('output', element)),
  ];
  const channels = childrenOf(childOf(flow, 'channels'), 'channel').map((element) => readChannel(element, nodes));
  return { text, root, flow, nodes, channels };
}

/** The text of an element as the file has it. */
export function sliceOf({ text }: Outline, element: XmlElement): string {
  return text.slice(element.start, element.end);
}

function readNode(kind: OutlineNode['kind'], element: XmlElement): OutlineNode {
  const inputs =
    kind === 'stage' ? childrenOf(childOf(element, 'input_ports'), 'input_port') : childrenOf(element, 'input_port');
  const outputs =
    kind === 'stage' ? childrenOf(childOf(element, 'output_ports'), 'output_port') : childrenOf(element, 'output_port');
  const ports = [...inputs.map((port) => readPort('input', port)), ...outputs.map((port) => readPort('output', port))];
  return { id: element.attributes.id ?? '', kind, element, ports };
}

/** Ports that every stage of a type has are known by name, those that a user adds by label. */
function readPort(side: OutlinePort['side'], element: XmlElement): OutlinePort {
  const name = textOf(element, 'port_name') || textOf(element, 'label');
  return { id: element.attributes.id ?? '', side, name, channel: childOf(element, 'channel')?.attributes.idref };
}

function readChannel(element: XmlElement, nodes: readonly OutlineNode[]): OutlineChannel {
  const id = element.attributes.id ?? '';
  const endOf = (side: OutlinePort['side']): OutlineEnd | undefined => {
    for (const node of nodes) {
      const port = node.ports.find((one) => one.side === side && one.channel === id);
      if (port !== undefined) return { stage: node.id, port: port.name };
    }
    return undefined;
  };
  return { id, element, from: endOf('output'), to: endOf('input') };
}
