import type { Row } from '../../dataflow/index.ts';
import type { RowCursor } from '../spilling/row-cursor.ts';
import type { RowSpool } from '../spilling/row-spool.ts';
import type { JoinPlan } from './join-plan.ts';

export interface JoinProps {
  readonly plan: JoinPlan;
  /** Rows of the output's layout, in the order of the left keys; those without a key anywhere. */
  readonly left: RowCursor;
  /** Rows of the port, in the order of the right keys. */
  readonly right: RowCursor;
  /** Keeps the right rows of one key. */
  readonly group: RowSpool;
  /** Takes what the join leaves out. */
  readonly leftOut: RowSpool;
}

/** Merges two sorted streams; the result is in the order of the left keys again. */
export function* joinRows({ plan, left, right, group, leftOut }: JoinProps): Generator<Row, undefined> {
  let leftRow = left.next();
  let rightRow = right.next();
  while (leftRow !== undefined) {
    if (!plan.hasLeftKey(leftRow)) {
      if (plan.keepsLeft) yield leftRow;
      else leftOut.add(leftRow);
      leftRow = left.next();
      continue;
    }
    while (rightRow !== undefined && (!plan.hasRightKey(rightRow) || plan.compare(leftRow, rightRow) > 0)) {
      if (plan.keepsRight) yield plan.alone(rightRow);
      else leftOut.add(plan.alone(rightRow));
      rightRow = right.next();
    }
    if (rightRow === undefined || plan.compare(leftRow, rightRow) < 0) {
      if (plan.keepsLeft) yield leftRow;
      else leftOut.add(leftRow);
      leftRow = left.next();
      continue;
    }
    const partner: Row = rightRow;
    group.clear();
    for (; rightRow !== undefined && plan.compare(leftRow, rightRow) === 0; rightRow = right.next())
      group.add(rightRow);
    for (; leftRow !== undefined && isPartner(plan, leftRow, partner); leftRow = left.next()) {
      const partners = group.open();
      for (let one = partners.next(); one !== undefined; one = partners.next()) yield plan.merge(leftRow, one);
    }
  }
  for (; rightRow !== undefined; rightRow = right.next()) {
    if (plan.keepsRight) yield plan.alone(rightRow);
    else leftOut.add(plan.alone(rightRow));
  }
  return undefined;
}

function isPartner(plan: JoinPlan, leftRow: Row, rightRow: Row): boolean {
  return plan.hasLeftKey(leftRow) && plan.compare(leftRow, rightRow) === 0;
}
