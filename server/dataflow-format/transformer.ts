import { isPlain, type ReadSettings, type StageFormat } from './stage-format.ts';
import { childOf, childrenOf, escapeXml, textOf, type XmlElement } from './xml.ts';

type Transform = Readonly<Record<string, unknown>>;

/** Scripts that are known to the letter, spaces aside; parameters are bound as their variables (dataflow-format 5.1). */
const scripts = {
  Copy: 'data[toColumn] = data.getClone(fromColumn);',
  'Status Code':
    "if (statusValue == 'Success'){row.set('Status',null);row.set('Status.Description','');row.set('Status.Code','');} else {row.set('Status','F');row.set('Status.Description',description);row.set('Status.Code',code);}",
} as const;

export const transformerFormat: StageFormat = {
  stageName: 'transformer',
  type: 'Transformer',
  read: (root) => readTransforms(childrenOf(childOf(root, 'transformDefinitions'), 'transformDefinition')),
  write(settings) {
    const transforms = isPlain(settings) && Array.isArray(settings.transforms) ? settings.transforms : undefined;
    const definitions = transforms?.map((transform: Transform) => writeTransform(transform));
    if (definitions === undefined || definitions.includes(undefined)) return undefined;
    return `<TransformerSettings version="3.0"><transformDefinitions>${definitions.join('')}</transformDefinitions></TransformerSettings>`;
  },
};

function readTransforms(definitions: readonly XmlElement[]): ReadSettings {
  const transforms: Transform[] = [];
  const notUnderstood: string[] = [];
  for (const definition of definitions) {
    const read = readTransform(definition);
    if (read === undefined) notUnderstood.push(describe(definition));
    else transforms.push(...read);
  }
  return { settings: { transforms }, notUnderstood };
}

function describe(definition: XmlElement): string {
  const label = parametersOf(definition).get('transformName');
  const name = textOf(definition, 'name');
  return `the transform ${name}${label === undefined ? '' : ` ${JSON.stringify(label)}`} runs a script that is not known; say it by transforms and expressions`;
}

function readTransform(definition: XmlElement): readonly Transform[] | undefined {
  if (textOf(definition, 'isListTransform') === 'true') return undefined;
  const script = withoutSpaces(textOf(definition, 'script'));
  const parameters = parametersOf(definition);
  if (script === withoutSpaces(scripts.Copy)) {
    const [field, to] = [parameters.get('fromColumn'), parameters.get('toColumn')];
    return field && to ? [{ kind: 'copy', field, to }] : undefined;
  }
  if (script === withoutSpaces(scripts['Status Code'])) {
    const status = parameters.get('statusValue') === 'Success' ? 'Success' : 'Fail';
    const [code, description] = [parameters.get('code') ?? '', parameters.get('description') ?? ''];
    return [{ kind: 'status', status, code, description }];
  }
  return readAssignments(textOf(definition, 'script'));
}

function parametersOf(definition: XmlElement): ReadonlyMap<string, string> {
  const parameters = childrenOf(childOf(definition, 'transformParameters'), 'transformParameter');
  return new Map(parameters.map((one) => [textOf(one, 'name'), childOf(one, 'value')?.text ?? '']));
}

const assignment = /^data\['([^'\\]+)'\]\s*=\s*(?:data\['([^'\\]+)'\]|('[^'\\$]*'|-?\d{1,9}|true|false|null))\s*;?$/;

/** A script of nothing but assignments of fields and constants means the same everywhere. */
function readAssignments(script: string): readonly Transform[] | undefined {
  const lines = script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'));
  if (lines.length === 0) return undefined;
  const transforms: Transform[] = [];
  for (const line of lines) {
    const [, to, field, constant] = assignment.exec(line) ?? [];
    if (to === undefined) return undefined;
    transforms.push(
      field === undefined ? { kind: 'custom', to, expression: String(constant) } : { kind: 'copy', field, to },
    );
  }
  return transforms;
}

function writeTransform({ kind, ...given }: Transform): string | undefined {
  if (kind === 'copy')
    return definitionOf('Copy', { fromColumn: given.field, toColumn: given.to }, Object.keys(given).length === 2);
  if (kind !== 'status') return undefined;
  const { status, code = '', description = '', ...more } = given;
  return definitionOf('Status Code', { statusValue: status, code, description }, Object.keys(more).length === 0);
}

function definitionOf(
  name: keyof typeof scripts,
  parameters: Readonly<Record<string, unknown>>,
  isComplete: boolean,
): string | undefined {
  if (!isComplete) return undefined;
  const type = name === 'Copy' ? 'Object' : 'string';
  const entries = Object.entries(parameters).map(
    ([parameter, value]) =>
      `<transformParameter><name>${parameter}</name><type>${type}</type><value>${escapeXml(String(value))}</value></transformParameter>`,
  );
  return `<transformDefinition><name>${name}</name><script>${escapeXml(scripts[name])}</script><isListTransform>false</isListTransform><transformParameters>${entries.join('')}</transformParameters><transformFields/></transformDefinition>`;
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '');
}
