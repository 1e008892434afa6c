import { comparisonOperators } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { isPlain, type ReadSettings, type StageFormat } from './stage-format.ts';
import { childOf, childrenOf, escapeXml, parseSettings, textOf, type XmlElement } from './xml.ts';

/** One entry of `portExpressions`. */
interface PortCondition {
  readonly port: string;
  readonly all?: readonly Comparison[];
  readonly any?: readonly Comparison[];
}

interface Comparison {
  readonly field: string;
  readonly operator: string;
  readonly value?: string;
  readonly compareWith?: 'value' | 'field';
}

const operators: ReadonlySet<string> = new Set(comparisonOperators);

/** The word that stands for records that go nowhere else. */
const otherwise = 'default';

export const routerFormat: StageFormat = {
  stageName: 'router',
  type: 'ConditionalRouter',
  read(root, ports) {
    const conditions: PortCondition[] = [];
    const notUnderstood: string[] = [];
    let elsewhere: string | undefined;
    for (const entry of childrenOf(childOf(root, 'portExpressions'), 'portExpression')) {
      const port = ports.get(textOf(entry, 'portId')) ?? textOf(entry, 'portId');
      if (textOf(entry, 'expression') === otherwise) {
        elsewhere = port;
        continue;
      }
      const condition = readCondition(entry, port);
      if (condition === undefined)
        notUnderstood.push(`the condition of the port ${port} is a script that is not known; say it by comparisons`);
      else conditions.push(condition);
    }
    const settings = {
      conditions,
      ...(elsewhere !== undefined && { default: elsewhere }),
      ...(textOf(root, 'outputCopy') === 'true' && { copyToEach: 'each' }),
    };
    return { settings, notUnderstood } satisfies ReadSettings;
  },
  write(settings, portIds) {
    if (!isPlain(settings)) return undefined;
    const { conditions = [], default: elsewhere, copyToEach = 'first', ...more } = settings;
    if (Object.keys(more).length > 0 || !Array.isArray(conditions)) return undefined;
    const entries = conditions.map((condition: PortCondition) => writeCondition(condition, portIds));
    if (entries.includes(undefined)) return undefined;
    if (typeof elsewhere === 'string')
      entries.push(entryOf(portIds.get(elsewhere) ?? '', otherwise, builderOf('', [])));
    return `<RouterSettings version="2.5"><outputCopy>${copyToEach === 'each'}</outputCopy><singleOutput>false</singleOutput><portExpressions>${entries.join('')}</portExpressions></RouterSettings>`;
  },
};

/** What the expression builder keeps says it plainly; the script alone is only known in its plainest form. */
function readCondition(entry: XmlElement, port: string): PortCondition | undefined {
  const builder = textOf(entry, 'ViewData');
  if (builder === '') return readScript(textOf(entry, 'expression'), port);
  const info = readBuilder(builder);
  const comparisons = childrenOf(childOf(info, 'ExpressionDetailInfo'), 'ExpressionDetails').map(readComparison);
  if (comparisons.length === 0 || comparisons.includes(undefined)) return undefined;
  const known = comparisons as readonly Comparison[];
  return textOf(info, 'CombineMethod') === 'Any' ? { port, any: known } : { port, all: known };
}

function readBuilder(text: string): XmlElement | undefined {
  try {
    return parseSettings(text, 'ViewData');
  } catch (error) {
    if (error instanceof SpectrumError) return undefined;
    throw error;
  }
}

function readComparison(details: XmlElement): Comparison | undefined {
  const field = textOf(details, 'ExpressionField');
  const operator = textOf(details, 'ExpressionOperator').toLowerCase();
  if (field === '' || !operators.has(operator)) return undefined;
  const value = childOf(details, 'ExpressionValue')?.text ?? '';
  const isField = textOf(details, 'comparisonType').toUpperCase() === 'FIELD';
  const needsValue = !operator.endsWith('null');
  return { field, operator, ...(needsValue && { value }), ...(isField && { compareWith: 'field' }) };
}

function readScript(script: string, port: string): PortCondition | undefined {
  const [, field, value] =
    /^\s*return\s+isEqualTo\(data\.get\('([^'\\]+)'\),\s*'([^'\\]*)'\);?\s*(?:import\s|$)/.exec(script) ?? [];
  if (field === undefined || value === undefined) return undefined;
  return { port, all: [{ field, operator: 'is equal to', value }] };
}

function writeCondition(condition: PortCondition, portIds: ReadonlyMap<string, string>): string | undefined {
  const { port, all, any, ...more } = condition;
  const comparisons = all ?? any;
  if (Object.keys(more).length > 0 || comparisons === undefined || (all && any)) return undefined;
  const tests = comparisons.map(({ field, value = '', operator, compareWith }) => {
    if (operator !== 'is equal to' || compareWith === 'field') return undefined;
    return `isEqualTo(data.get(${quote(field)}), ${quote(value)})`;
  });
  if (tests.includes(undefined) || tests.length === 0) return undefined;
  const script = `return ${tests.join(all ? ' && ' : ' || ')};`;
  return entryOf(portIds.get(port) ?? '', script, builderOf(all ? 'All' : 'Any', comparisons));
}

function entryOf(portId: string, expression: string, builder: string): string {
  return `<portExpression><portId>${escapeXml(portId)}</portId><expression>${escapeXml(expression)}</expression><ViewData>${escapeXml(builder)}</ViewData></portExpression>`;
}

function builderOf(method: string, comparisons: readonly Comparison[]): string {
  const details = comparisons.map(
    ({ field, operator, value = '', compareWith = 'value' }) =>
      `<ExpressionDetails><ExpressionField>${escapeXml(field)}</ExpressionField><ExpressionOperator>${operator}</ExpressionOperator><ExpressionValue>${escapeXml(value)}</ExpressionValue><comparisonType>${compareWith.toUpperCase()}</comparisonType></ExpressionDetails>`,
  );
  return `<ExpressionBuilderInfo><CombineMethod>${method}</CombineMethod><ExpressionDetailInfo>${details.join('')}</ExpressionDetailInfo></ExpressionBuilderInfo>`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
