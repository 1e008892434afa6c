import { createTextFormatter, createTextParser } from '../conversion.ts';
import type { FieldType, Value } from '../values.ts';
import { constant, type ExpressionNode, type ExpressionType, isNumeric, refuseExpression } from './node.ts';

/** The same value as a double; refuses what is no number. */
export function asDouble(node: ExpressionNode): ExpressionNode {
  if (node.type === 'long' || node.type === 'bigdecimal') return mapped(node, 'double', Number);
  if (isNumeric(node) || node.type === 'null') return { ...node, type: 'double' };
  throw refuseExpression(`a ${node.type} is not a number; use number(…) around it`);
}

/** The same number without loss, as decimal text. */
export function asDecimal(node: ExpressionNode): ExpressionNode {
  if (node.type === 'bigdecimal' || node.type === 'null') return { ...node, type: 'bigdecimal' };
  const parse = createTextParser('bigdecimal');
  return mapped(node, 'bigdecimal', (value) => parse(String(value)) ?? null);
}

/** The same number as 64 bits; for integers and longs. */
export function asLong(node: ExpressionNode): ExpressionNode {
  return node.type === 'integer' ? mapped(node, 'long', (value) => BigInt(value as number)) : node;
}

export function asText(node: ExpressionNode): ExpressionNode {
  if (node.type === 'string') return node;
  if (node.type === 'null') return constant('string', null);
  return mapped(node, 'string', createTextFormatter(node.type));
}

export function asBoolean(node: ExpressionNode): ExpressionNode {
  if (node.type === 'boolean' || node.type === 'null') return { ...node, type: 'boolean' };
  throw refuseExpression(`a ${node.type} is neither true nor false; compare it with something`);
}

/** The value read as another type; null where it is none. */
export function asType(node: ExpressionNode, type: Exclude<ExpressionType, 'null'>): ExpressionNode {
  if (node.type === type) return node;
  if (type === 'string') return asText(node);
  const toText = asText(node);
  const parse = createTextParser(type as FieldType);
  return mapped(toText, type, (value) => parse(value as string) ?? null);
}

/** Both sides of a comparison as one type. A constant text is read as the type of the other side. */
export function asComparable(left: ExpressionNode, right: ExpressionNode): readonly [ExpressionNode, ExpressionNode] {
  if (left.type === right.type || left.type === 'null' || right.type === 'null') return [left, right];
  if (isNumeric(left) && isNumeric(right)) return asOneNumber(left, right);
  if (left.type === 'string' && left.constant) return [readConstant(left, right.type), right];
  if (right.type === 'string' && right.constant) return [left, readConstant(right, left.type)];
  if (left.type === 'string' && right.constant) return [left, asText(right)];
  if (right.type === 'string' && left.constant) return [asText(left), right];
  throw refuseExpression(
    `a ${left.type} cannot be compared with a ${right.type}; convert one of them, such as with number(…)`,
  );
}

function asOneNumber(left: ExpressionNode, right: ExpressionNode): readonly [ExpressionNode, ExpressionNode] {
  const types = [left.type, right.type];
  if (types.includes('bigdecimal')) return [asDecimal(left), asDecimal(right)];
  if (types.every((type) => type === 'integer' || type === 'long')) return [asLong(left), asLong(right)];
  return [asDouble(left), asDouble(right)];
}

function readConstant(node: ExpressionNode, type: ExpressionType): ExpressionNode {
  const read = asType(node, type as Exclude<ExpressionType, 'null'>);
  const value = read.evaluate([]);
  if (value === null)
    throw refuseExpression(`${JSON.stringify(node.constant?.value)} is no ${type}, which it is compared with`);
  return constant(type, value);
}

function mapped(node: ExpressionNode, type: ExpressionType, map: (value: Value) => Value): ExpressionNode {
  const change = (value: Value) => (value === null ? null : map(value));
  if (node.constant) return constant(type, change(node.constant.value));
  return { type, evaluate: (row) => change(node.evaluate(row)) };
}
