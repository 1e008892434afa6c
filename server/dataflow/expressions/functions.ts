import { RE2JS } from 're2js';
import { DateTimePattern } from '../date-time.ts';
import type { Value } from '../values.ts';
import { asDouble, asText, asType } from './convert.ts';
import { constant, type ExpressionNode, type ExpressionType, refuseExpression } from './node.ts';

/** What a function takes: text of anything, a number, a date, a pattern that is the same for every row, or any value. */
type Parameter = 'text' | 'number' | 'date' | 'pattern' | 'any';

interface FunctionDefinition {
  readonly parameters: readonly Parameter[];
  /** How many parameters may be left out at the end. */
  readonly optional?: number;
  /** The last parameter may be given again and again. */
  readonly isVariadic?: boolean;
  readonly result: ExpressionType | 'argument';
  /** Whether the function is asked when a value is null; otherwise the answer is null. */
  readonly takesNull?: boolean;
  /** Prepared once with the constant patterns, then called for each row. */
  prepare(patterns: readonly string[]): (...values: never[]) => Value;
}

/** A call of a function of this list, ready for rows. Throws `INVALID_DATAFLOW` naming what it takes. */
export function callFunction(name: string, given: readonly ExpressionNode[]): ExpressionNode {
  const conversion = conversions.get(name);
  if (conversion !== undefined && given.length === 1 && given[0]) return asType(given[0], conversion);
  const definition = functions.get(name);
  if (definition === undefined) {
    throw refuseExpression(`${name} is not a function; use ${[...conversions.keys(), ...functions.keys()].join(', ')}`);
  }
  const { parameters, optional = 0, isVariadic, result, takesNull } = definition;
  const minimum = parameters.length - optional;
  if (given.length < minimum || (given.length > parameters.length && !isVariadic)) {
    throw refuseExpression(
      `${name} takes ${minimum === parameters.length ? minimum : `${minimum} to ${parameters.length}`} values, not ${given.length}`,
    );
  }
  const kinds = given.map((_, index) => parameters[Math.min(index, parameters.length - 1)] as Parameter);
  const patterns = given.filter((_, index) => kinds[index] === 'pattern').map((node) => constantText(name, node));
  const call = definition.prepare(patterns) as (...values: Value[]) => Value;
  const rest = given.filter((_, index) => kinds[index] !== 'pattern');
  const kindsOfRest = kinds.filter((kind) => kind !== 'pattern');
  const values = rest.map((node, index) => convert(node, kindsOfRest[index] as Parameter));
  const type = result === 'argument' ? (values[0]?.type ?? 'null') : result;
  return { type, evaluate: evaluator(call, values, takesNull ?? false) };
}

type Evaluator = ExpressionNode['evaluate'];

/** Calls of one and two values are by far the most; they need no list of values. */
function evaluator(
  call: (...values: Value[]) => Value,
  values: readonly ExpressionNode[],
  takesNull: boolean,
): Evaluator {
  const [first, second] = values;
  if (values.length === 1 && first) {
    return (row) => {
      const value = first.evaluate(row);
      return value === null && !takesNull ? null : call(value);
    };
  }
  if (values.length === 2 && first && second) {
    return (row) => {
      const [one, two] = [first.evaluate(row), second.evaluate(row)];
      return (one === null || two === null) && !takesNull ? null : call(one, two);
    };
  }
  return (row) => {
    const given = values.map((node) => node.evaluate(row));
    return !takesNull && given.includes(null) ? null : call(...given);
  };
}

function convert(node: ExpressionNode, parameter: Parameter): ExpressionNode {
  if (parameter === 'text') return asText(node);
  if (parameter === 'number') return asDouble(node);
  if (parameter === 'date') return asType(node, 'date');
  return node;
}

function constantText(name: string, node: ExpressionNode): string {
  const value = node.constant?.value;
  if (typeof value === 'string') return value;
  throw refuseExpression(`${name} needs its pattern as a text that is the same for every row`);
}

// Maps, because an object would also answer to names such as `constructor`.
const conversions = toMap<Exclude<ExpressionType, 'null'>>({
  text: 'string',
  number: 'double',
  integer: 'integer',
  long: 'long',
  decimal: 'bigdecimal',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
});

const dayMs = 86_400_000;

const functions = toMap<FunctionDefinition>({
  upper: ofText((text) => text.toUpperCase()),
  lower: ofText((text) => text.toLowerCase()),
  trim: ofText((text) => text.trim()),
  capitalize: ofText((text) =>
    text.toLowerCase().replace(/(?<![\p{L}\p{N}'])\p{L}/gu, (letter) => letter.toUpperCase()),
  ),
  minimizeWhitespace: ofText((text) => text.trim().replace(/\s+/g, ' ')),
  length: { parameters: ['text'], result: 'integer', prepare: () => (text: string) => text.length },
  substring: {
    parameters: ['text', 'number', 'number'],
    optional: 1,
    result: 'string',
    prepare: () => (text: string, from: number, to?: number) =>
      text.slice(Math.max(0, from), to === undefined ? undefined : Math.max(0, to)),
  },
  left: {
    parameters: ['text', 'number'],
    result: 'string',
    prepare: () => (text: string, count: number) => text.slice(0, Math.max(0, count)),
  },
  right: {
    parameters: ['text', 'number'],
    result: 'string',
    prepare: () => (text: string, count: number) => (count > 0 ? text.slice(-count) : ''),
  },
  indexOf: {
    parameters: ['text', 'text'],
    result: 'integer',
    prepare: () => (text: string, part: string) => text.indexOf(part),
  },
  contains: ofTexts((text, part) => text.includes(part)),
  startsWith: ofTexts((text, part) => text.startsWith(part)),
  endsWith: ofTexts((text, part) => text.endsWith(part)),
  equalsIgnoreCase: ofTexts((text, other) => text.toLowerCase() === other.toLowerCase()),
  replace: {
    parameters: ['text', 'text', 'text'],
    result: 'string',
    prepare: () => (text: string, part: string, by: string) => (part === '' ? text : text.replaceAll(part, () => by)),
  },
  matches: {
    parameters: ['text', 'pattern'],
    result: 'boolean',
    prepare: ([pattern]) => {
      const compiled = compilePattern(pattern ?? '');
      return (text: string) => compiled.matches(text);
    },
  },
  replaceAll: {
    parameters: ['text', 'pattern', 'text'],
    result: 'string',
    prepare: ([pattern]) => {
      const compiled = compilePattern(pattern ?? '');
      return (text: string, by: string) => compiled.matcher(text).replaceAll(by);
    },
  },
  padLeft: {
    parameters: ['text', 'number', 'text'],
    optional: 1,
    result: 'string',
    prepare:
      () =>
      (text: string, width: number, fill = ' ') =>
        text.padStart(Math.min(width, 4_000), fill),
  },
  padRight: {
    parameters: ['text', 'number', 'text'],
    optional: 1,
    result: 'string',
    prepare:
      () =>
      (text: string, width: number, fill = ' ') =>
        text.padEnd(Math.min(width, 4_000), fill),
  },
  concat: {
    parameters: ['text'],
    isVariadic: true,
    result: 'string',
    takesNull: true,
    prepare:
      () =>
      (...texts: (string | null)[]) =>
        texts.map((text) => text ?? '').join(''),
  },
  isNull: { parameters: ['any'], result: 'boolean', takesNull: true, prepare: () => (value: Value) => value === null },
  isBlank: {
    parameters: ['text'],
    result: 'boolean',
    takesNull: true,
    prepare: () => (text: string | null) => text === null || text.trim() === '',
  },
  ifNull: {
    parameters: ['any', 'any'],
    result: 'argument',
    takesNull: true,
    prepare: () => (value: Value, other: Value) => value ?? other,
  },
  abs: ofNumber(Math.abs),
  ceil: ofNumber(Math.ceil),
  floor: ofNumber(Math.floor),
  round: {
    parameters: ['number', 'number'],
    optional: 1,
    result: 'double',
    prepare:
      () =>
      (value: number, digits = 0) =>
        Number(`${Math.round(Number(`${value}e${digits}`))}e${-digits}`),
  },
  sqrt: ofNumber(Math.sqrt),
  exp: ofNumber(Math.exp),
  ln: ofNumber(Math.log),
  log: ofNumber(Math.log10),
  sin: ofNumber(Math.sin),
  cos: ofNumber(Math.cos),
  tan: ofNumber(Math.tan),
  degToRad: ofNumber((degrees) => (degrees * Math.PI) / 180),
  radToDeg: ofNumber((radians) => (radians * 180) / Math.PI),
  pow: {
    parameters: ['number', 'number'],
    result: 'double',
    prepare: () => (value: number, exponent: number) => finite(value ** exponent),
  },
  min: ofNumbers((values) => Math.min(...values)),
  max: ofNumbers((values) => Math.max(...values)),
  sum: ofNumbers((values) => values.reduce((total, value) => total + value, 0)),
  avg: ofNumbers((values) => values.reduce((total, value) => total + value, 0) / values.length),
  year: ofDate((date) => date.getUTCFullYear()),
  month: ofDate((date) => date.getUTCMonth() + 1),
  day: ofDate((date) => date.getUTCDate()),
  addDays: {
    parameters: ['date', 'number'],
    result: 'date',
    prepare: () => (days: number, count: number) => days + Math.trunc(count),
  },
  daysBetween: {
    parameters: ['date', 'date'],
    result: 'integer',
    prepare: () => (from: number, to: number) => to - from,
  },
  parseDate: {
    parameters: ['text', 'pattern'],
    result: 'date',
    prepare: ([pattern]) => {
      const compiled = new DateTimePattern(pattern ?? '');
      return (text: string) => {
        const milliseconds = compiled.parse(text.trim());
        return milliseconds === undefined ? null : Math.floor(milliseconds / dayMs);
      };
    },
  },
  formatDate: {
    parameters: ['date', 'pattern'],
    result: 'string',
    prepare: ([pattern]) => {
      const compiled = new DateTimePattern(pattern ?? '');
      return (days: number) => compiled.format(days * dayMs);
    },
  },
});

/** Names of methods in Groovy and Java, which expressions of imported dataflows use. */
export const methodNames = toMap({ toUpperCase: 'upper', toLowerCase: 'lower', size: 'length' });

export const constants = toMap({ PI: constant('double', Math.PI), E: constant('double', Math.E) });

function toMap<Entry>(table: Readonly<Record<string, Entry>>): ReadonlyMap<string, Entry> {
  return new Map(Object.entries(table));
}

function ofText(change: (text: string) => string): FunctionDefinition {
  return { parameters: ['text'], result: 'string', prepare: () => change };
}

function ofTexts(ask: (text: string, other: string) => boolean): FunctionDefinition {
  return { parameters: ['text', 'text'], result: 'boolean', prepare: () => ask };
}

function ofNumber(change: (value: number) => number): FunctionDefinition {
  return { parameters: ['number'], result: 'double', prepare: () => (value: number) => finite(change(value)) };
}

function ofNumbers(change: (values: readonly number[]) => number): FunctionDefinition {
  return {
    parameters: ['number'],
    isVariadic: true,
    result: 'double',
    prepare:
      () =>
      (...values: number[]) =>
        finite(change(values)),
  };
}

function ofDate(read: (date: Date) => number): FunctionDefinition {
  return { parameters: ['date'], result: 'integer', prepare: () => (days: number) => read(new Date(days * dayMs)) };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Linear in the length of the text, whatever the pattern (RE2 syntax). */
function compilePattern(pattern: string) {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw refuseExpression(`${JSON.stringify(pattern)} is not a regular expression: ${(error as Error).message}`);
  }
}
