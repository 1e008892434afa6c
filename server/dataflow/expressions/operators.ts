import Big from 'big.js';
import type { Value } from '../values.ts';
import { asBoolean, asComparable, asDecimal, asDouble, asLong, asText } from './convert.ts';
import { constant, type ExpressionNode, type ExpressionType, isNumeric, refuseExpression } from './node.ts';

/** `left operator right`; throws `INVALID_DATAFLOW` for an operator or operands that are not allowed. */
export function combine(operator: string, left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  const create = binaryOperators.get(operator);
  if (create === undefined) {
    throw refuseExpression(`${operator} is not an operator here; use ${[...binaryOperators.keys()].join(' ')}`);
  }
  return create(left, right);
}

export function applyUnary(operator: string, argument: ExpressionNode): ExpressionNode {
  if (operator === '!') {
    const { evaluate } = asBoolean(argument);
    return { type: 'boolean', evaluate: (row) => evaluate(row) !== true };
  }
  if (operator === '-') return combine('-', constant('integer', 0), argument);
  if (operator === '+') return asDouble(argument);
  throw refuseExpression(`${operator} is not an operator here; use ! or -`);
}

type Combine = (left: ExpressionNode, right: ExpressionNode) => ExpressionNode;

const binaryOperators: ReadonlyMap<string, Combine> = new Map(
  Object.entries<Combine>({
    '&&': (left, right) => {
      const [first, second] = [asBoolean(left), asBoolean(right)];
      return { type: 'boolean', evaluate: (row) => first.evaluate(row) === true && second.evaluate(row) === true };
    },
    '||': (left, right) => {
      const [first, second] = [asBoolean(left), asBoolean(right)];
      return { type: 'boolean', evaluate: (row) => first.evaluate(row) === true || second.evaluate(row) === true };
    },
    '==': (left, right) => equality(left, right, (isEqual) => isEqual),
    '!=': (left, right) => equality(left, right, (isEqual) => !isEqual),
    '<': (left, right) => order(left, right, (order) => order < 0),
    '<=': (left, right) => order(left, right, (order) => order <= 0),
    '>': (left, right) => order(left, right, (order) => order > 0),
    '>=': (left, right) => order(left, right, (order) => order >= 0),
    '+': (left, right) =>
      isNumeric(left) && isNumeric(right) ? arithmetic(addition, left, right) : concatenation(left, right),
    '-': (left, right) => arithmetic(subtraction, left, right),
    '*': (left, right) => arithmetic(multiplication, left, right),
    '/': (left, right) => arithmetic(division, left, right),
    '%': (left, right) => arithmetic(remainder, left, right),
  }),
);

interface Arithmetic {
  readonly symbol: string;
  double(left: number, right: number): number;
  /** Missing where whole numbers do not give a whole number. */
  readonly long?: (left: bigint, right: bigint) => bigint;
  decimal(left: Big, right: Big): Big;
}

const addition: Arithmetic = {
  symbol: '+',
  double: (left, right) => left + right,
  long: (left, right) => left + right,
  decimal: (left, right) => left.plus(right),
};
const subtraction: Arithmetic = {
  symbol: '-',
  double: (left, right) => left - right,
  long: (left, right) => left - right,
  decimal: (left, right) => left.minus(right),
};
const multiplication: Arithmetic = {
  symbol: '*',
  double: (left, right) => left * right,
  long: (left, right) => left * right,
  decimal: (left, right) => left.times(right),
};
const division: Arithmetic = {
  symbol: '/',
  double: (left, right) => left / right,
  decimal: (left, right) => left.div(right),
};
const remainder: Arithmetic = {
  symbol: '%',
  double: (left, right) => left % right,
  long: (left, right) => left % right,
  decimal: (left, right) => left.mod(right),
};

/** Integers, floats and doubles count as doubles, which hold every whole number up to 2^53; longs stay longs. */
function arithmetic(operation: Arithmetic, left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  for (const side of [left, right]) {
    if (isNumeric(side) || side.type === 'null') continue;
    throw refuseExpression(`${operation.symbol} needs numbers, not a ${side.type}; use number(…) around it`);
  }
  const types = [left.type, right.type];
  if (types.includes('bigdecimal')) {
    return withBoth('bigdecimal', asDecimal(left), asDecimal(right), (first, second) => {
      const divisor = new Big(second as string);
      if (divisor.eq(0) && (operation === division || operation === remainder)) return null;
      return operation.decimal(new Big(first as string), divisor).toFixed();
    });
  }
  const { long } = operation;
  if (long && types.includes('long') && types.every((type) => type === 'integer' || type === 'long')) {
    return withBoth('long', asLong(left), asLong(right), (first, second) => {
      if (operation === remainder && second === 0n) return null;
      const value = long(first as bigint, second as bigint);
      return BigInt.asIntN(64, value) === value ? value : null;
    });
  }
  return withBoth('double', asDouble(left), asDouble(right), (first, second) => {
    const value = operation.double(first as number, second as number);
    return Number.isFinite(value) ? value : null;
  });
}

function concatenation(left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  const [first, second] = [asText(left), asText(right)];
  return { type: 'string', evaluate: (row) => `${first.evaluate(row) ?? ''}${second.evaluate(row) ?? ''}` };
}

function equality(left: ExpressionNode, right: ExpressionNode, give: (isEqual: boolean) => boolean): ExpressionNode {
  const [first, second] = asComparable(left, right);
  return { type: 'boolean', evaluate: (row) => give(first.evaluate(row) === second.evaluate(row)) };
}

function order(left: ExpressionNode, right: ExpressionNode, give: (order: number) => boolean): ExpressionNode {
  const [first, second] = asComparable(left, right);
  const compare = first.type === 'bigdecimal' ? compareDecimals : compareValues;
  const isTrue = (one: Value, two: Value) => one !== null && two !== null && give(compare(one, two));
  return { type: 'boolean', evaluate: (row) => isTrue(first.evaluate(row), second.evaluate(row)) };
}

function withBoth(
  type: ExpressionType,
  left: ExpressionNode,
  right: ExpressionNode,
  give: (left: Value, right: Value) => Value,
): ExpressionNode {
  return {
    type,
    evaluate(row) {
      const first = left.evaluate(row);
      if (first === null) return null;
      const second = right.evaluate(row);
      return second === null ? null : give(first, second);
    },
  };
}

function compareValues(left: Value, right: Value): number {
  if (left === right) return 0;
  return (left as number) < (right as number) ? -1 : 1;
}

function compareDecimals(left: Value, right: Value): number {
  return new Big(left as string).cmp(new Big(right as string));
}
