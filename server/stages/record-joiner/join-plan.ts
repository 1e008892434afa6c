import type { Layout, Row } from '../../dataflow/index.ts';
import { comparisonOfType } from '../spilling/row-order.ts';
import type { RecordJoinerSettings } from './definition.ts';

export type Join = RecordJoinerSettings['joins'][number];

/** What one join does with rows: those on the left have the output's layout, those on the right their own. */
export interface JoinPlan {
  readonly port: string;
  readonly leftKeys: readonly string[];
  readonly rightKeys: readonly string[];
  readonly keepsLeft: boolean;
  readonly keepsRight: boolean;
  hasLeftKey(row: Row): boolean;
  hasRightKey(row: Row): boolean;
  compare(left: Row, right: Row): number;
  /** A field that several ports have takes the first value there is, in the order of the ports. */
  merge(left: Row, right: Row): Row;
  /** A right row in the output's layout. */
  alone(right: Row): Row;
}

export function planJoin({ port, type, keys }: Join, right: Layout, output: Layout): JoinPlan {
  const leftPositions = keys.map((key) => output.positionOf(key.left));
  const rightPositions = keys.map((key) => right.positionOf(key.right));
  const compareKeys = keys.map((key) => comparisonOfType(right.find(key.right)?.type ?? 'string'));
  const targets = right.names().map((name) => output.positionOf(name));
  const merge = (leftRow: Row, rightRow: Row) => {
    const merged = [...leftRow];
    for (let index = 0; index < targets.length; index++) {
      const target = targets[index] as number;
      merged[target] ??= rightRow[index] ?? null;
    }
    return merged;
  };
  const empty: Row = output.fields.map(() => null);
  return {
    port,
    leftKeys: keys.map((key) => key.left),
    rightKeys: keys.map((key) => key.right),
    keepsLeft: type !== 'inner',
    keepsRight: type === 'full',
    hasLeftKey: (row) => leftPositions.every((position) => row[position] !== null),
    hasRightKey: (row) => rightPositions.every((position) => row[position] !== null),
    compare(leftRow, rightRow) {
      for (let index = 0; index < compareKeys.length; index++) {
        const left = leftRow[leftPositions[index] as number] ?? null;
        const order = compareKeys[index]?.(left, rightRow[rightPositions[index] as number] ?? null) ?? 0;
        if (order !== 0) return order;
      }
      return 0;
    },
    merge,
    alone: (rightRow) => merge(empty, rightRow),
  };
}
