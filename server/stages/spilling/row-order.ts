import {
  createTextParser,
  type FieldType,
  type Layout,
  type Problem,
  type Row,
  type Value,
} from '../../dataflow/index.ts';
import { findClosestName } from '../../foundation/closest-name.ts';

export interface SortKey {
  readonly field: string;
  readonly direction: 'ascending' | 'descending';
  /** How texts are compared; other types by their value. */
  readonly compareAs: 'character' | 'numeric';
  /** Compare texts without the spaces at both ends. */
  readonly trim: boolean;
  readonly nulls: 'smallest' | 'largest';
}

/** As a plain key of a join or a group is compared. */
export function toSortKey(field: string): SortKey {
  return { field, direction: 'ascending', compareAs: 'character', trim: false, nulls: 'smallest' };
}

type Comparison = (left: Value, right: Value) => number;

/** The order of rows by keys. What a key only compares by is worked out once for each row and kept behind its values. */
export interface RowOrder {
  /** Fields behind those of the layout, for keys that are worked out. */
  readonly derived: readonly { readonly name: string; readonly type: FieldType }[];
  /** Puts the derived keys behind the values. */
  prepare(row: Row): void;
  compare(left: Row, right: Row): number;
}

/** Types without an order. */
const unordered: readonly FieldType[] = ['bytearray', 'list', 'geometry'];

export function checkSortFields(fields: readonly string[], layout: Layout, place: { port: string; setting: string }) {
  return fields.flatMap((field): Problem[] => {
    const type = layout.find(field)?.type;
    if (type === undefined) {
      const closest = findClosestName(field, layout.names());
      const advice = closest ? `; did you mean ${closest}?` : '';
      return [{ ...place, field, sentence: `${place.setting}: no field ${field} arrives${advice}` }];
    }
    if (!unordered.includes(type)) return [];
    return [{ ...place, field, sentence: `${place.setting}: ${field} is a ${type}, which has no order; use another` }];
  });
}

/** The order of rows of a layout; every key must be a field of it that `checkSortFields` has let pass. */
export function createRowOrder(keys: readonly SortKey[], layout: Layout): RowOrder {
  const derived: { name: string; type: FieldType }[] = [];
  const derivations: ((row: Row) => Value)[] = [];
  const comparisons = keys.map((key) => {
    let position = layout.positionOf(key.field);
    let type = layout.fields[position]?.type ?? 'string';
    if (type === 'string' && (key.trim || key.compareAs === 'numeric')) {
      derivations.push(derivationOf(key, position));
      type = key.compareAs === 'numeric' ? 'double' : 'string';
      position = layout.width + derived.length;
      derived.push({ name: key.field, type });
    }
    return compareAt(position, withNulls(comparisonOfType(type), key), key.direction);
  });
  const [only] = comparisons;
  return {
    derived,
    prepare(row) {
      for (const derive of derivations) row.push(derive(row));
    },
    compare: comparisons.length === 1 && only ? only : compareInTurn(comparisons),
  };
}

function derivationOf({ compareAs }: SortKey, position: number): (row: Row) => Value {
  const parse = compareAs === 'numeric' ? createTextParser('double') : (text: string) => text.trim();
  return (row) => {
    const value = row[position] ?? null;
    return value === null ? null : (parse(value as string) ?? null);
  };
}

function compareAt(position: number, comparison: Comparison, direction: SortKey['direction']) {
  if (direction === 'descending') {
    return (left: Row, right: Row) => comparison(right[position] ?? null, left[position] ?? null);
  }
  return (left: Row, right: Row) => comparison(left[position] ?? null, right[position] ?? null);
}

function compareInTurn(comparisons: readonly ((left: Row, right: Row) => number)[]) {
  return (left: Row, right: Row) => {
    for (const comparison of comparisons) {
      const order = comparison(left, right);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function withNulls(comparison: Comparison, { nulls }: SortKey): Comparison {
  const ofNull = nulls === 'smallest' ? -1 : 1;
  return (left, right) => {
    if (left === null || right === null) return left === right ? 0 : left === null ? ofNull : -ofNull;
    return comparison(left, right);
  };
}

/** How two values of a type are compared, neither of them null. */
export function comparisonOfType(type: FieldType): Comparison {
  return type === 'bigdecimal' ? compareDecimals : comparePlain;
}

/** Texts by code units, numbers and times by size, false before true; what is not a number behind all numbers. */
function comparePlain(left: Value, right: Value): number {
  if (left === right) return 0;
  if ((left as number) < (right as number)) return -1;
  if ((left as number) > (right as number)) return 1;
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

/** Canonical decimal texts, however many digits they have. */
function compareDecimals(left: Value, right: Value): number {
  const [one, two] = [left as string, right as string];
  const [isOneNegative, isTwoNegative] = [one.startsWith('-'), two.startsWith('-')];
  if (isOneNegative !== isTwoNegative) return isOneNegative ? -1 : 1;
  return isOneNegative ? compareMagnitudes(two.slice(1), one.slice(1)) : compareMagnitudes(one, two);
}

function compareMagnitudes(one: string, two: string): number {
  const difference = digitsBeforePoint(one) - digitsBeforePoint(two);
  return difference === 0 ? comparePlain(one, two) : difference;
}

function digitsBeforePoint(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? text.length : point;
}
