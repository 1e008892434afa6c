import jsep from 'jsep';
import { findClosestName } from '../../foundation/closest-name.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { Layout } from '../layout.ts';
import { asComparable, asType } from './convert.ts';
import { callFunction, constants, methodNames } from './functions.ts';
import { constant, type ExpressionNode, type ExpressionType, refuseExpression } from './node.ts';
import { applyUnary, combine } from './operators.ts';

export type { ExpressionNode } from './node.ts';

/** A longer expression is refused: it is typed by people. */
const longest = 10_000;

/**
 * Compiles an expression over the fields of a layout, such as `data['Confidence'] >= 90 && State == 'DC'`. Its types
 * are settled here, so that a row never fails: what cannot be worked out is null. Nothing but the row and the listed
 * functions can be reached. Throws `INVALID_DATAFLOW` with what is wrong and what is allowed.
 */
export function compileExpression(text: string, layout: Layout): ExpressionNode {
  if (text.length > longest)
    throw refuseExpression(`the expression has ${text.length} characters; at most ${longest} are allowed`);
  let tree: jsep.Expression;
  try {
    tree = jsep(text.replace(/^\s*return\b/, '').replace(/;\s*$/, ''));
  } catch (error) {
    throw refuseExpression(`${(error as Error).message} in ${text}`);
  }
  try {
    return compileNode(tree, layout);
  } catch (error) {
    if (!(error instanceof SpectrumError)) throw error;
    throw refuseExpression(`${error.message} (in ${text})`);
  }
}

/** As `compileExpression`, for a condition. */
export function compileCondition(text: string, layout: Layout): ExpressionNode {
  const node = compileExpression(text, layout);
  if (node.type === 'boolean') return node;
  throw refuseExpression(`the condition gives a ${node.type}, neither true nor false (in ${text})`);
}

function compileNode(tree: jsep.Expression, layout: Layout): ExpressionNode {
  switch (tree.type) {
    case 'Literal':
      return literal((tree as jsep.Literal).value);
    case 'Identifier':
      return identifier((tree as jsep.Identifier).name, layout);
    case 'MemberExpression':
      return member(tree as jsep.MemberExpression, layout);
    case 'CallExpression':
      return call(tree as jsep.CallExpression, layout);
    case 'UnaryExpression': {
      const { operator, argument } = tree as jsep.UnaryExpression;
      return applyUnary(operator, compileNode(argument, layout));
    }
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const { operator, left, right } = tree as jsep.BinaryExpression;
      return combine(operator, compileNode(left, layout), compileNode(right, layout));
    }
    case 'ConditionalExpression':
      return conditional(tree as jsep.ConditionalExpression, layout);
    default:
      throw refuseExpression('only one value can be worked out; use operators, ? : and functions');
  }
}

function literal(value: unknown): ExpressionNode {
  if (typeof value === 'string') return constant('string', value);
  if (typeof value === 'boolean') return constant('boolean', value);
  if (value === null) return constant('null', null);
  if (typeof value === 'number') return constant(Number.isInteger(value) ? 'integer' : 'double', value);
  throw refuseExpression(`${String(value)} is not a value here; use texts, numbers, true, false and null`);
}

function identifier(name: string, layout: Layout): ExpressionNode {
  return layout.positionOf(name) >= 0 ? field(name, layout) : (constants.get(name) ?? field(name, layout));
}

function field(name: string, layout: Layout): ExpressionNode {
  const position = layout.positionOf(name);
  const found = layout.fields[position];
  if (found === undefined) {
    const closest = findClosestName(name, layout.names());
    throw refuseExpression(`there is no field ${name}${closest ? `; did you mean ${closest}?` : ''}`);
  }
  if (found.type === 'list' || found.type === 'bytearray') {
    throw refuseExpression(`the field ${name} is a ${found.type}, which expressions cannot read`);
  }
  return { type: found.type, evaluate: (row) => row[position] ?? null };
}

/** `data['Name']` and `data.Name`. */
function member({ object, property, computed }: jsep.MemberExpression, layout: Layout): ExpressionNode {
  const isRecord = object.type === 'Identifier' && (object as jsep.Identifier).name === 'data';
  if (!isRecord) throw refuseExpression("only fields can be reached by a name; write data['Name']");
  if (!computed) return field((property as jsep.Identifier).name, layout);
  const name = property.type === 'Literal' ? (property as jsep.Literal).value : undefined;
  if (typeof name !== 'string') throw refuseExpression("a field is named by a text, such as data['Name']");
  return field(name, layout);
}

/** `upper(x)`, and `x.toUpperCase()` for those who are used to it; `data.get('Name')` is a field. */
function call({ callee, arguments: given }: jsep.CallExpression, layout: Layout): ExpressionNode {
  const [first] = given;
  if (callee.type === 'Identifier') {
    const nodes = given.map((argument) => compileNode(argument, layout));
    return callFunction((callee as jsep.Identifier).name, nodes);
  }
  if (callee.type !== 'MemberExpression') throw refuseExpression('only functions can be called');
  const { object, property } = callee as jsep.MemberExpression;
  const name = String((property as jsep.Identifier).name);
  if (object.type === 'Identifier' && (object as jsep.Identifier).name === 'data' && name === 'get' && first) {
    return member({ type: 'MemberExpression', object, property: first, computed: true }, layout);
  }
  const nodes = [object, ...given].map((argument) => compileNode(argument, layout));
  if (name === 'equals' && nodes[0] && nodes[1]) return combine('==', nodes[0], nodes[1]);
  return callFunction(methodNames.get(name) ?? name, nodes);
}

function conditional({ test, consequent, alternate }: jsep.ConditionalExpression, layout: Layout): ExpressionNode {
  const condition = compileNode(test, layout);
  if (condition.type !== 'boolean')
    throw refuseExpression(`a ${condition.type} stands before ?, neither true nor false`);
  const [yes, no] = toOneType(compileNode(consequent, layout), compileNode(alternate, layout));
  const type: ExpressionType = yes.type === 'null' ? no.type : yes.type;
  return { type, evaluate: (row) => (condition.evaluate(row) === true ? yes.evaluate(row) : no.evaluate(row)) };
}

function toOneType(yes: ExpressionNode, no: ExpressionNode): readonly [ExpressionNode, ExpressionNode] {
  if (yes.type === 'string' && no.type !== 'null') return [yes, asType(no, 'string')];
  if (no.type === 'string' && yes.type !== 'null') return [asType(yes, 'string'), no];
  return asComparable(yes, no);
}
