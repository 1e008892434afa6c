import {
  type DataflowDocument,
  type ExchangedField,
  type ExchangeSettings,
  inputType,
  outputType,
  type Problem,
  parseExchange,
} from '../dataflow/index.ts';
import {
  type FieldDefinition,
  type OptionDefinition,
  type OptionTable,
  oneOf,
  type PortDefinition,
  type ServiceInterface,
  type ServiceResource,
} from '../services/index.ts';

/** What callers of a dataflow see of it. */
export interface DataflowInterface {
  readonly input: ExchangeSettings;
  readonly output: ExchangeSettings;
  readonly inputPort: PortDefinition;
  readonly outputPort: PortDefinition;
  readonly options: OptionTable;
  readonly interfaces: readonly ServiceInterface[];
  readonly resources: readonly ServiceResource[];
}

/** The name of a service stands in URLs and is an element of XML. */
const namePattern = /^[A-Za-z_][\w.-]{0,99}$/;

/** Derives the interface of a service from its Input, its Output and its options; what is wrong with it otherwise. */
export function readInterface(
  name: string,
  document: DataflowDocument,
): { readonly found?: DataflowInterface; readonly problems: readonly Problem[] } {
  const input = readExchange(document, inputType);
  const output = readExchange(document, outputType);
  const problems = [...checkName(name), ...checkOptionNames(document), ...input.problems, ...output.problems];
  if (input.settings === undefined || output.settings === undefined) return { problems };
  const found = {
    input: input.settings,
    output: output.settings,
    inputPort: toPort(input.label, input.settings),
    outputPort: toPort(output.label, output.settings),
    options: Object.fromEntries(document.options.map((option) => [option.name, toOption(option)])),
    interfaces: (['rest', 'soap'] as const).filter((name) => document.exposure?.[name] !== false),
    resources: listResources(document),
  };
  problems.push(...checkResources(found));
  return problems.length > 0 ? { problems } : { found, problems };
}

function checkName(name: string): Problem[] {
  if (namePattern.test(name)) return [];
  const allowed = 'a letter or _, then letters, digits, _ . or -, 100 at most';
  return [{ sentence: `the name ${JSON.stringify(name)} cannot be that of a service; use ${allowed}` }];
}

function checkOptionNames({ options }: DataflowDocument): Problem[] {
  return options
    .filter((option) => !namePattern.test(option.name))
    .map((option) => ({
      setting: option.name,
      sentence: `option ${option.name}: callers cannot name it; use a letter or _, then letters, digits, _ . or -`,
    }));
}

function readExchange({ stages }: DataflowDocument, type: string) {
  const [stage, ...others] = stages.filter((one) => one.type === type);
  if (stage === undefined || others.length > 0) {
    const sentence = `a service has one stage of type ${type}, this one has ${others.length > 0 ? others.length + 1 : 'none'}`;
    return { label: type, problems: [{ ...(others[0] && { stage: others[0].id }), sentence }] };
  }
  const { settings, problems } = parseExchange(stage.settings);
  const label = toElementName(stage.label ?? stage.id);
  return { label, settings, problems: problems.map((problem) => ({ ...problem, stage: stage.id })) };
}

/** Labels are written for people; as a member and an element it loses what an element cannot have. */
function toElementName(label: string): string {
  const cleaned = label.trim().replace(/[^\p{L}\p{N}_.-]/gu, '_');
  return /^[\p{L}_]/u.test(cleaned) ? cleaned : `_${cleaned}`;
}

/** The usual URLs are there without being named; below a path they are once more. */
function listResources({ exposure }: DataflowDocument): readonly ServiceResource[] {
  const { path = '', resources = [] } = exposure ?? {};
  const prefix = path === '' ? '' : `${path}/`;
  const usual = /^results?\.(?:json|xml)$/;
  return resources
    .filter(({ qualifier }) => prefix !== '' || !usual.test(qualifier))
    .map(({ method, format, qualifier }) => ({ method, format, path: `${prefix}${qualifier}` }));
}

function checkResources({ inputPort, outputPort, options, resources }: DataflowInterface): Problem[] {
  const names = new Set([
    ...inputPort.fields.map(({ name }) => `Data.${name}`),
    ...Object.keys(options).map((name) => `Option.${name}`),
  ]);
  const setting = 'exposure';
  return resources.flatMap(({ method, format, path }) => {
    const unknown = [...path.matchAll(/\$\{([^}]*)\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => !names.has(name));
    const problems = unknown.map((name) => ({ setting, sentence: `exposure: ${path}: there is no ${name}` }));
    if (format === 'geojson' && !outputPort.fields.some(({ type }) => type === 'geometry')) {
      problems.push({ setting, sentence: `exposure: ${path}: GeoJSON needs a field of type geometry at the Output` });
    }
    if (format === 'geojson' && outputPort.fields.some(({ list }) => list !== undefined)) {
      problems.push({ setting, sentence: `exposure: ${path}: GeoJSON has no lists; leave them out of the Output` });
    }
    if (method === 'GET' && inputPort.fields.some(({ list }) => list !== undefined)) {
      problems.push({ setting, sentence: `exposure: ${path}: a list cannot stand in a query; use POST` });
    }
    return problems;
  });
}

function toPort(port: string, { row, fields }: ExchangeSettings): PortDefinition {
  return { port, row, fields: fields.map(toField) };
}

function toField({ name, description, type, dataType, fields = [] }: ExchangedField): FieldDefinition {
  if (type === 'list') {
    const list = { row: dataType ?? name, fields: fields.map((field) => toField({ ...field, ...plain })) };
    return { name, description, list };
  }
  return { name, description, ...(type !== 'string' && type !== 'bytearray' && { type }) };
}

const plain = { description: '', required: false } as const;

/** Options come as text; one that is not given is undefined, and the dataflow's own default holds. */
function toOption({ description, allowed: values, default: preset }: Option): OptionDefinition<string | undefined> {
  const defaultText = preset === undefined ? '' : toText(preset);
  const [first, ...others] = values ?? [];
  if (first === undefined) {
    const parse = (_name: string, text: string) => (text === defaultText ? undefined : text);
    return { description, allowed: 'what the stage allows', defaultText, parse };
  }
  const choice = oneOf([first, ...others], description);
  return {
    ...choice,
    defaultText,
    parse: (name, text) => (text === defaultText ? undefined : choice.parse(name, text)),
  };
}

type Option = DataflowDocument['options'][number];

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
