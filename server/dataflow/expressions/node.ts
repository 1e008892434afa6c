import { SpectrumError } from '../../foundation/errors.ts';
import type { FieldType, Row, Value } from '../values.ts';

/** What an expression gives: the type of a field, or `null` for the word itself. */
export type ExpressionType = Exclude<FieldType, 'list' | 'bytearray'> | 'null';

/** A part of an expression that knows its type and works out its value for a row. */
export interface ExpressionNode {
  readonly type: ExpressionType;
  evaluate(row: Row): Value;
  /** The value of a part that is the same for every row. */
  readonly constant?: { readonly value: Value };
}

export function constant(type: ExpressionType, value: Value): ExpressionNode {
  return { type, evaluate: () => value, constant: { value } };
}

const numericTypes: readonly ExpressionType[] = ['integer', 'long', 'float', 'double', 'bigdecimal'];

export function isNumeric({ type }: ExpressionNode): boolean {
  return numericTypes.includes(type);
}

/** Complaint about an expression, in the words of whoever wrote it. */
export function refuseExpression(sentence: string): SpectrumError {
  return new SpectrumError('INVALID_DATAFLOW', sentence);
}
