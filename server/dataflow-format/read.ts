import { SpectrumError } from '../foundation/errors.ts';
import { readFieldType } from './fields.ts';
import { stageFormats } from './formats.ts';
import { type Outline, type OutlineChannel, type OutlineNode, readOutline } from './outline.ts';
import { isPlain, type ReadSettings, understood } from './stage-format.ts';
import { childOf, childrenOf, parseSettings, textOf, type XmlElement } from './xml.ts';

/** A dataflow as a file has it. */
export interface ReadDataflow {
  readonly name: string;
  /** Whether it was exposed where it comes from. */
  readonly exposed: boolean;
  /** As it is stored; `source` keeps the file to the letter. */
  readonly document: FileDocument;
  readonly notUnderstood: readonly Remark[];
}

export interface FileDocument {
  readonly type: 'job' | 'service' | 'subflow';
  readonly stages: readonly FileStage[];
  readonly channels: readonly FileChannel[];
  readonly [member: string]: unknown;
}

export interface FileStage {
  readonly id: string;
  readonly type: string;
  readonly label?: string;
  readonly settings?: unknown;
  readonly instances?: number;
  readonly notUnderstood?: readonly string[];
}

export interface FileChannel {
  readonly from: { readonly stage: string; readonly port: string };
  readonly to: { readonly stage: string; readonly port: string };
}

/** Something of a file that is kept and not understood. */
interface Remark {
  readonly stage?: string;
  readonly label?: string;
  readonly sentence: string;
}

/** Stage types of this server. */
export interface KnownTypes {
  readonly all: ReadonlySet<string>;
  /** Those that call a service of the same name. */
  readonly services: ReadonlySet<string>;
}

/** Property of a dataflow in which this server keeps what the format has no place for. */
export const ownProperty = 'spectrum-cluster';

/** Types by their numbers (dataflow-format section 2). */
const types: Readonly<Record<string, FileDocument['type']>> = { 1: 'service', 2: 'job', 3: 'subflow' };

/**
 * Reads a `.df` file. What is known becomes a stage of this server; the rest is kept to the letter, told, and keeps the
 * dataflow from running. Throws `MALFORMED_XML`, or `INVALID_DATAFLOW` for what is no exported dataflow.
 */
export function readDataflowFile(text: string, known: KnownTypes): ReadDataflow {
  const outline = readOutline(text);
  const { flow, root } = outline;
  const stages = outline.nodes.map((node) => readStage(node, known));
  const wiring = outline.channels.map(readWiring);
  const renames = wiring.flatMap(({ stage }) => (stage === undefined ? [] : [stage]));
  const document: FileDocument = {
    ...readOwn(flow),
    type: types[textOf(flow, 'type')] ?? 'subflow',
    stages: [...stages, ...renames],
    channels: wiring.flatMap(({ channels }) => channels),
    ...readExposure(flow),
    ...readPositions(flow),
    source: { format: 'df', text: outline.text },
  };
  const ofStages = document.stages.flatMap(({ id, label, notUnderstood = [] }) =>
    notUnderstood.map((sentence): Remark => ({ stage: id, ...(label !== undefined && { label }), sentence })),
  );
  const notUnderstood = [...remarksOf(outline), ...wiring.flatMap(({ remarks }) => remarks), ...ofStages];
  return { name: String(flow.attributes.id), exposed: textOf(root, 'exposed') === 'true', document, notUnderstood };
}

function remarksOf({ root, flow }: Outline): Remark[] {
  const version = root.attributes.schema_version ?? '';
  const type = textOf(flow, 'type');
  const kept = ['reports', 'notifications', 'dataflow_options'].filter(
    (name) => (childOf(flow, name)?.children.length ?? 0) > 0,
  );
  return [
    ...(version.startsWith('9.')
      ? []
      : [{ sentence: `the version ${version || 'none'} of the format is not known; 9 is` }]),
    ...(types[type] === undefined ? [{ sentence: `the type ${type} is not known; it is taken for a subflow` }] : []),
    ...kept.map((name) => ({ sentence: `${name} are kept and have no effect` })),
  ];
}

function readStage(node: OutlineNode, known: KnownTypes): FileStage {
  const { id, element } = node;
  const label = textOf(element, 'label');
  const named = { id, ...(label !== '' && { label }) };
  if (node.kind !== 'stage') {
    const { settings, notUnderstood } = readExchange(element);
    return withRemarks({ ...named, type: node.kind === 'input' ? 'Input' : 'Output', settings }, notUnderstood);
  }
  const stageName = textOf(element, 'stage_name');
  const instances = Number(textOf(element, 'num_instances')) || 1;
  const own = { ...named, ...(instances > 1 && { instances: Math.min(instances, 64) }) };
  const { type, read } = readSettings(stageName, node, known);
  return withRemarks({ ...own, type, settings: read.settings }, read.notUnderstood);
}

function withRemarks(stage: FileStage, notUnderstood: readonly string[]): FileStage {
  return notUnderstood.length === 0 ? stage : { ...stage, notUnderstood };
}

function readSettings(stageName: string, node: OutlineNode, known: KnownTypes): { type: string; read: ReadSettings } {
  const text = childOf(node.element, 'settings')?.text.trim() ?? '';
  const options = childOf(node.element, 'options');
  const native = known.all.has(stageName) && text.startsWith('{') ? readJson(text) : undefined;
  if (native !== undefined) return { type: stageName, read: understood(native) };
  const format = stageFormats.find((one) => one.stageName === stageName);
  if (format !== undefined) {
    const ports = new Map(node.ports.map(({ id, name }) => [id, name]));
    const read = format.read(text === '' ? undefined : parseSettings(text, `Settings of ${stageName}`), ports);
    const more = (options?.children.length ?? 0) > 0 ? ['its options are not known'] : [];
    return { type: format.type, read: { ...read, notUnderstood: [...read.notUnderstood, ...more] } };
  }
  if (known.services.has(stageName)) return { type: stageName, read: readService(text, options) };
  const sentence = `stages of the type ${stageName} are not known here; replace it by one that is`;
  return { type: stageName, read: { settings: {}, notUnderstood: [sentence] } };
}

/** Options of a service stage are names and values; other settings of it are not known. */
function readService(text: string, options: XmlElement | undefined): ReadSettings {
  const pairs = (options?.children ?? []).map(
    (one) => [textOf(one, 'name'), childOf(one, 'value')?.text ?? ''] as const,
  );
  const isKnown = pairs.every(([name]) => name !== '');
  return {
    settings: pairs.length > 0 && isKnown ? { options: Object.fromEntries(pairs) } : {},
    notUnderstood: text === '' && isKnown ? [] : ['its settings are not known; set the options of the service'],
  };
}

function readExchange(element: XmlElement): ReadSettings {
  const own = childrenOf(childOf(element, 'properties'), 'property').find((one) => textOf(one, 'name') === ownProperty);
  const kept = own && readJson(textOf(own, 'value'));
  if (kept !== undefined) return understood(kept);
  const metadata = childOf(element, 'metadata');
  const notUnderstood: string[] = [];
  const fields = childrenOf(metadata, 'field').map((field) => {
    const [name, type] = [textOf(field, 'name'), textOf(field, 'type')];
    const found = readFieldType(type);
    if (found === undefined) notUnderstood.push(`the field ${name} has the type ${type}, which is not known here`);
    return { name, type: found ?? 'string', ...(textOf(field, 'required') === 'true' && { required: true }) };
  });
  return { settings: { row: textOf(metadata, 'name') || 'Row', fields }, notUnderstood };
}

/** A channel may rename fields on its way: a Transformer does that here. */
function readWiring({ id, element, from, to }: OutlineChannel) {
  if (from === undefined || to === undefined) {
    const sentence = `the channel ${id} joins no two ports; it is left out`;
    return { channels: [], stage: undefined, remarks: [{ sentence }] };
  }
  const transformers = childrenOf(childOf(element, 'field_transformers'), 'field_transformer');
  if (transformers.length === 0) return { channels: [{ from, to }], stage: undefined, remarks: [] };
  const read = transformers.map(readRenames);
  const stage = withRemarks(
    {
      id,
      type: 'Transformer',
      label: 'Rename',
      settings: { transforms: read.flatMap(({ transforms }) => transforms) },
    },
    read.flatMap(({ notUnderstood }) => notUnderstood),
  );
  const channels: FileChannel[] = [
    { from, to: { stage: id, port: 'input_port' } },
    { from: { stage: id, port: 'output_port' }, to },
  ];
  return { channels, stage, remarks: [] };
}

function readRenames(element: XmlElement) {
  const name = textOf(element, 'name');
  if (name !== 'columnMapping')
    return { transforms: [], notUnderstood: [`the field transformer ${name} of a channel is not known`] };
  const root = parseSettings(childOf(element, 'settings')?.text ?? '', 'Settings of a channel');
  const transforms = childrenOf(childOf(root, 'columnMappings'), 'columnMapping').map((one) => ({
    kind: 'rename',
    field: textOf(one, 'originalName'),
    to: textOf(one, 'newName'),
  }));
  return { transforms, notUnderstood: [] };
}

function readExposure(flow: XmlElement) {
  const exposures = childOf(flow, 'service_exposures');
  if (textOf(flow, 'type') !== '1' || exposures === undefined) return {};
  const rest = childOf(exposures, 'rest_service_exposure');
  const resources = childrenOf(childOf(rest, 'resources'), 'resource').map((one) => ({
    method: textOf(one, 'method') || 'GET',
    format: textOf(one, 'output_adapter').toLowerCase() || 'json',
    qualifier: textOf(one, 'qualifier_path'),
  }));
  const path = textOf(rest, 'base_path').replace(/^\/|\/$/g, '');
  const soap = childOf(exposures, 'soap_service_exposure') !== undefined;
  // What is usual goes without saying.
  const isUsual = resources.every(({ method, qualifier }) => method === 'GET' && usualQualifiers.has(qualifier));
  if (rest !== undefined && soap && path === '' && isUsual) return {};
  return { exposure: { rest: rest !== undefined, soap, path, resources } };
}

const usualQualifiers = new Set(['results.xml', 'results.json']);

function readPositions(flow: XmlElement) {
  const view = propertyOf(flow, 'ViewData');
  if (view === '') return {};
  try {
    const nodes = childrenOf(parseSettings(view, 'ViewData'), 'canvasNode');
    const positions = nodes.map((node) => {
      const { x, y } = childOf(node, 'location')?.attributes ?? {};
      return [String(node.attributes.id), { x: Number(x) || 0, y: Number(y) || 0 }] as const;
    });
    return positions.length > 0 ? { layout: Object.fromEntries(positions) } : {};
  } catch (error) {
    // A canvas that cannot be drawn runs all the same.
    if (error instanceof SpectrumError) return {};
    throw error;
  }
}

/** What this server wrote because the format has no place for it. */
function readOwn(flow: XmlElement): Readonly<Record<string, unknown>> {
  return readJson(propertyOf(flow, ownProperty)) ?? {};
}

function propertyOf(flow: XmlElement, name: string): string {
  const properties = childrenOf(childOf(flow, 'properties'), 'property');
  return textOf(
    properties.find((one) => textOf(one, 'name') === name),
    'value',
  );
}

function readJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlain(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
