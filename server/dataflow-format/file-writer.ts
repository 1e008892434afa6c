import { randomUUID } from 'node:crypto';
import { writeFieldType } from './fields.ts';
import { stageFormats } from './formats.ts';
import { type Outline, sliceOf } from './outline.ts';
import { type FileChannel, type FileDocument, type FileStage, type KnownTypes, ownProperty } from './read.ts';
import { canonical, isPlain } from './stage-format.ts';
import { characterData, childOf, childrenOf, escapeXml, textOf } from './xml.ts';

/** Who exports, when and where: the comment in front of a file says so. */
export interface ExportAuthor {
  readonly user: string;
  readonly host: string;
  readonly at: Date;
}

const typeNumbers = { service: 1, job: 2, subflow: 3 } as const;
/** Members of a document that have their place in a file. */
const placed = new Set(['type', 'stages', 'channels', 'exposure', 'layout', 'source']);

interface FileWriterProps {
  readonly name: string;
  readonly document: FileDocument;
  readonly author: ExportAuthor;
  /** The file that the dataflow was imported from, and what was read of it. */
  readonly outline: Outline | undefined;
  readonly earlier: FileDocument | undefined;
  readonly known: KnownTypes;
}

/** Writes what has changed anew. */
export class FileWriter {
  readonly #name: string;
  readonly #document: FileDocument;
  readonly #author: ExportAuthor;
  readonly #outline: Outline | undefined;
  readonly #earlier: FileDocument | undefined;
  readonly #known: KnownTypes;
  /** Stages that a channel of the file does by itself, as it did. */
  readonly #folded: ReadonlySet<string>;
  readonly #channelIds: ReadonlyMap<FileChannel, string>;

  constructor({ name, document, author, outline, earlier, known }: FileWriterProps) {
    this.#name = name;
    this.#document = document;
    this.#author = author;
    this.#outline = outline;
    this.#earlier = earlier;
    this.#known = known;
    this.#folded = this.#listFolded();
    this.#channelIds = new Map((document.channels ?? []).map((channel) => [channel, this.#idOf(channel)]));
  }

  write(): string {
    const { type, stages } = this.#document;
    const kept = (name: string) => this.#kept(name) ?? `<${name}/>`;
    const parts = [
      kept('product_group'),
      `<channels>${[...new Set(this.#channelIds.values())].map((id) => this.#channel(id)).join('')}</channels>`,
      this.#kept('created_by') ?? `<created_by>${escapeXml(this.#author.user)}</created_by>`,
      this.#kept('created_date') ?? `<created_date>${this.#date()}</created_date>`,
      this.#exposures(),
      kept('icon'),
      `<inputs>${stages
        .filter((stage) => stage.type === 'Input')
        .map((stage) => this.#stage(stage))
        .join('')}</inputs>`,
      `<last_modified_by>${escapeXml(this.#author.user)}</last_modified_by>`,
      `<last_modified_date>${this.#date()}</last_modified_date>`,
      `<outputs>${stages
        .filter((stage) => stage.type === 'Output')
        .map((stage) => this.#stage(stage))
        .join('')}</outputs>`,
      this.#properties(),
      `<stages>${stages
        .filter((stage) => !['Input', 'Output'].includes(stage.type) && !this.#folded.has(stage.id))
        .map((stage) => this.#stage(stage))
        .join('')}</stages>`,
      kept('reports'),
      kept('notifications'),
      kept('dataflow_options'),
      `<type>${typeNumbers[type]}</type>`,
      kept('vendor'),
    ];
    return `<exportedDataflow schema_version="9.0"><exposed>false</exposed><dataflow id="${escapeXml(this.#name)}" schema_version="9.0" version="">${parts.join('')}</dataflow></exportedDataflow>`;
  }

  #kept(name: string): string | undefined {
    const element = this.#outline && childOf(this.#outline.flow, name);
    return element && this.#outline && sliceOf(this.#outline, element);
  }

  #listFolded(): ReadonlySet<string> {
    const ids = (this.#outline?.channels ?? []).map(({ id }) => id);
    const isIntact = (id: string) => {
      const find = (document: FileDocument | undefined) => document?.stages.find((stage) => stage.id === id);
      const stage = find(this.#document);
      return stage !== undefined && canonical(stage) === canonical(find(this.#earlier)) && this.#hasSameChannels(id);
    };
    return new Set(ids.filter(isIntact));
  }

  /** The id that a channel had, or one of its own. */
  #idOf({ from, to }: FileChannel): string {
    const folded = [from.stage, to.stage].find((id) => this.#folded.has(id));
    if (folded !== undefined) return folded;
    const found = this.#outline?.channels.find(
      (one) =>
        one.from?.stage === from.stage &&
        one.from.port === from.port &&
        one.to?.stage === to.stage &&
        one.to.port === to.port,
    );
    return found?.id ?? randomUUID();
  }

  #channel(id: string): string {
    const element = this.#folded.has(id) ? this.#outline?.channels.find((one) => one.id === id)?.element : undefined;
    if (element !== undefined && this.#outline !== undefined) return sliceOf(this.#outline, element);
    return `<channel id="${escapeXml(id)}"><field_transformers/></channel>`;
  }

  #stage(stage: FileStage): string {
    const node = this.#outline?.nodes.find(({ id }) => id === stage.id);
    const before = this.#earlier?.stages.find(({ id }) => id === stage.id);
    const isKept =
      canonical(before) === canonical(stage) && this.#hasSameChannels(stage.id) && !this.#isBesideUnfolded(stage.id);
    if (node !== undefined && this.#outline !== undefined && isKept) return sliceOf(this.#outline, node.element);
    return stage.type === 'Input' || stage.type === 'Output' ? this.#exchange(stage) : this.#ordinaryStage(stage);
  }

  #hasSameChannels(stage: string): boolean {
    const touching = (channels: readonly FileChannel[] = []) =>
      channels.filter(({ from, to }) => from.stage === stage || to.stage === stage);
    return canonical(touching(this.#earlier?.channels)) === canonical(touching(this.#document.channels));
  }

  /** Whether a channel of the stage was one with a stage in it that is one of its own now. */
  #isBesideUnfolded(stage: string): boolean {
    const isUnfolded = (id: string) =>
      !this.#folded.has(id) && (this.#outline?.channels.some((channel) => channel.id === id) ?? false);
    return this.#document.channels.some(
      ({ from, to }) =>
        (from.stage === stage && isUnfolded(to.stage)) || (to.stage === stage && isUnfolded(from.stage)),
    );
  }

  #ordinaryStage(stage: FileStage): string {
    const { id, type, label = id, settings, instances = 1, notUnderstood } = stage;
    const inputs = this.#ports(stage, 'input');
    const outputs = this.#ports(stage, 'output');
    if (notUnderstood !== undefined) {
      const kept = this.#withPorts(id, inputs.text, outputs.text);
      if (kept !== undefined) return kept;
    }
    const options = this.#known.services.has(type) ? writeOptions(settings) : undefined;
    const format = stageFormats.find((one) => one.type === type);
    const written = options === undefined ? format?.write(settings, outputs.ids) : '';
    const stageName = written === undefined ? type : (format?.stageName ?? type);
    const content = written ?? JSON.stringify(settings ?? {});
    const head = `<stage_name>${escapeXml(stageName)}</stage_name><stage_version/><label>${escapeXml(label)}</label><num_instances>${instances}</num_instances><distributed>false</distributed><batch_size>10000</batch_size>`;
    const body = content === '' ? '' : `<settings>${characterData(content)}</settings>`;
    return `<stage id="${escapeXml(id)}">${head}${body}<input_ports>${inputs.text}</input_ports>${options ?? '<options/>'}<output_ports>${outputs.text}</output_ports><properties>${property('stageItemName', stageName)}</properties></stage>`;
  }

  /** A stage that is not understood keeps everything but its ports, which may lead elsewhere now. */
  #withPorts(id: string, inputs: string, outputs: string): string | undefined {
    const element = this.#outline?.nodes.find((one) => one.id === id)?.element;
    if (element === undefined || this.#outline === undefined) return undefined;
    const { text } = this.#outline;
    const sides = new Map([
      ['input_ports', `<input_ports>${inputs}</input_ports>`],
      ['output_ports', `<output_ports>${outputs}</output_ports>`],
    ]);
    let [written, from] = ['', element.start];
    for (const child of element.children.filter(({ name }) => sides.has(name))) {
      written += text.slice(from, child.start) + sides.get(child.name);
      from = child.end;
    }
    return written + text.slice(from, element.end);
  }

  #exchange(stage: FileStage): string {
    const { id, type, label = id } = stage;
    const settings = isPlain(stage.settings) ? stage.settings : {};
    const fields = Array.isArray(settings.fields) ? settings.fields : [];
    const isPlainly = fields.every(
      (field: Readonly<Record<string, unknown>>) =>
        writeFieldType(field.type ?? 'string') !== undefined && !field.description && !field.fields,
    );
    const metadata = fields.map(
      ({ name, type: fieldType = 'string', required = false }: Readonly<Record<string, unknown>>) =>
        `<field><name>${escapeXml(String(name))}</name><required>${Boolean(required)}</required><type>${writeFieldType(fieldType) ?? 'string'}</type></field>`,
    );
    const head = `<metadata><name>${escapeXml(String(settings.row ?? 'Row'))}</name>${metadata.join('')}</metadata>`;
    const properties = isPlainly
      ? '<properties/>'
      : `<properties>${property(ownProperty, JSON.stringify(settings))}</properties>`;
    const labelled = `<label>${escapeXml(label)}</label>`;
    return type === 'Input'
      ? `<input id="${escapeXml(id)}">${head}${labelled}${this.#ports(stage, 'output').text}${properties}</input>`
      : `<output id="${escapeXml(id)}">${head}${this.#ports(stage, 'input').text}${labelled}${properties}</output>`;
  }

  /** Ports with a channel; those of the file keep their ids. */
  #ports(
    { id }: FileStage,
    side: 'input' | 'output',
  ): { readonly text: string; readonly ids: ReadonlyMap<string, string> } {
    const node = this.#outline?.nodes.find((one) => one.id === id);
    const ids = new Map<string, string>();
    const texts: string[] = [];
    for (const [channel, channelId] of this.#channelIds) {
      const end = side === 'input' ? channel.to : channel.from;
      if (end.stage !== id) continue;
      const portId = node?.ports.find((one) => one.side === side && one.name === end.port)?.id ?? randomUUID();
      ids.set(end.port, portId);
      const isFixed = /_port$/.test(end.port);
      const name = isFixed ? `<port_name>${escapeXml(end.port)}</port_name>` : '<port_name/>';
      texts.push(
        `<${side}_port id="${escapeXml(portId)}"><channel idref="${escapeXml(channelId)}"/><label>${escapeXml(end.port)}</label>${name}</${side}_port>`,
      );
    }
    return { text: texts.join(''), ids };
  }

  #exposures(): string {
    const { exposure, type } = this.#document;
    if (type !== 'service') return '<service_exposures/>';
    const { rest = true, soap = true, path = '', resources = [] } = isPlain(exposure) ? exposure : {};
    const usual = ['xml', 'json'].map((format) => ({ method: 'GET', format, qualifier: `results.${format}` }));
    const listed = Array.isArray(resources) && resources.length > 0 ? resources : exposure === undefined ? usual : [];
    const texts = listed.map(
      ({ method = 'GET', format = 'json', qualifier }: Readonly<Record<string, unknown>>) =>
        `<resource><method>${method}</method><input_adapter/><output_adapter>${String(format).toUpperCase()}</output_adapter><qualifier_path>${escapeXml(String(qualifier))}</qualifier_path></resource>`,
    );
    const base = path === '' ? '<base_path/>' : `<base_path>${escapeXml(String(path))}</base_path>`;
    return `<service_exposures>${soap ? '<soap_service_exposure/>' : ''}${rest ? `<rest_service_exposure>${base}<resources>${texts.join('')}</resources></rest_service_exposure>` : ''}</service_exposures>`;
  }

  #properties(): string {
    const own = Object.fromEntries(Object.entries(this.#document).filter(([member]) => !placed.has(member)));
    const others = childrenOf(this.#outline && childOf(this.#outline.flow, 'properties'), 'property')
      .filter((one) => !['ViewData', ownProperty].includes(textOf(one, 'name')))
      .map((one) => (this.#outline ? sliceOf(this.#outline, one) : ''));
    const extra = Object.keys(own).length === 0 ? '' : property(ownProperty, JSON.stringify(own));
    return `<properties>${property('ViewData', this.#canvas())}${extra}${others.join('')}</properties>`;
  }

  #canvas(): string {
    const { layout } = this.#document;
    const nodes = Object.entries(isPlain(layout) ? layout : {}).map(([id, position]) => {
      const { x = 0, y = 0 } = isPlain(position) ? position : {};
      return `<canvasNode id="${escapeXml(id)}"><location x="${Math.round(Number(x))}" y="${Math.round(Number(y))}"/></canvasNode>`;
    });
    return `<?xml version="1.0" encoding="UTF-8"?><viewData version="3.0">${nodes.join('')}</viewData>`;
  }

  /** As the format has it: `9/29/19 12:07 PM`. */
  #date(): string {
    const { at } = this.#author;
    const hours = at.getUTCHours();
    const minutes = String(at.getUTCMinutes()).padStart(2, '0');
    const year = String(at.getUTCFullYear() % 100).padStart(2, '0');
    return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${year} ${hours % 12 || 12}:${minutes} ${hours < 12 ? 'AM' : 'PM'}`;
  }
}

/** Options of a service stage have their own place; undefined for settings that are more. */
function writeOptions(settings: unknown): string | undefined {
  const { options = {}, ...more } = isPlain(settings) ? settings : {};
  if (Object.keys(more).length > 0 || !isPlain(options)) return undefined;
  const texts = Object.entries(options).map(
    ([name, value]) => `<option><name>${escapeXml(name)}</name><value>${escapeXml(String(value))}</value></option>`,
  );
  return texts.length === 0 ? '<options/>' : `<options>${texts.join('')}</options>`;
}

function property(name: string, value: string): string {
  return `<property><name>${name}</name><value>${characterData(value)}</value></property>`;
}
