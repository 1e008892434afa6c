import { type comparisonOperators, compileCondition, type Layout } from '../../dataflow/index.ts';
import type { RouterComparison, RouterCondition } from './definition.ts';

type Operator = (typeof comparisonOperators)[number];

/** Each operator as an expression over a field and what it is compared with. */
const templates: Readonly<Record<Operator, (field: string, value: string) => string>> = {
  'is equal to': (field, value) => `${field} == ${value}`,
  'is not equal to': (field, value) => `${field} != ${value}`,
  'is null': (field) => `${field} == null`,
  'is not null': (field) => `${field} != null`,
  'is less than': (field, value) => `${field} < ${value}`,
  'is less than or equal to': (field, value) => `${field} <= ${value}`,
  'is greater than': (field, value) => `${field} > ${value}`,
  'is greater than or equal to': (field, value) => `${field} >= ${value}`,
  contains: (field, value) => `contains(${field}, ${value}) == true`,
  'does not contain': (field, value) => `contains(${field}, ${value}) != true`,
  'starts with': (field, value) => `startsWith(${field}, ${value}) == true`,
  'does not start with': (field, value) => `startsWith(${field}, ${value}) != true`,
  'ends with': (field, value) => `endsWith(${field}, ${value}) == true`,
  'does not end with': (field, value) => `endsWith(${field}, ${value}) != true`,
  'matches regular expression': (field, value) => `matches(${field}, ${value}) == true`,
};

/** The condition as an expression. Throws `INVALID_DATAFLOW` with what is wrong with it. */
export function compileRouterCondition({ all, any, expression }: RouterCondition, layout: Layout) {
  const parts = [
    ...(expression === undefined ? [] : [expression.replace(/^\s*return\b/, '').replace(/;\s*$/, '')]),
    ...(all === undefined ? [] : [joinComparisons(all, '&&')]),
    ...(any === undefined ? [] : [joinComparisons(any, '||')]),
  ];
  return compileCondition(parts.length === 0 ? 'true' : parts.map((part) => `(${part})`).join(' && '), layout);
}

function joinComparisons(comparisons: readonly RouterComparison[], operator: string): string {
  if (comparisons.length === 0) return operator === '&&' ? 'true' : 'false';
  return comparisons.map((comparison) => `(${formatComparison(comparison)})`).join(` ${operator} `);
}

function formatComparison({ field, operator, value = '', compareWith }: RouterComparison): string {
  return templates[operator](toField(field), compareWith === 'field' ? toField(value) : toText(value));
}

function toField(name: string): string {
  return `data[${toText(name)}]`;
}

function toText(text: string): string {
  const escaped = text
    .replace(/[\\']/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `'${escaped}'`;
}
