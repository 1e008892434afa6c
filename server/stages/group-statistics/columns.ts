import {
  createTextFormatter,
  type FieldType,
  type Layout,
  type LayoutField,
  type Problem,
  type Row,
} from '../../dataflow/index.ts';
import { refuseField } from '../layouts.ts';
import type { GroupOperation, GroupStatisticsSettings } from './definition.ts';
import { type StatisticDefinition, statisticDefinitions } from './statistics.ts';

/** One result of a group. */
export interface StatisticColumn {
  readonly operation: GroupOperation;
  readonly definition: StatisticDefinition;
  readonly position: number;
  readonly type: FieldType;
  readonly field: LayoutField;
  /** Field with the number of values that count; columns of a pivot have none. */
  readonly countField: LayoutField | undefined;
  /** Whether a row counts for the column. */
  takes(row: Row): boolean;
}

export function planColumns(settings: GroupStatisticsSettings, layout: Layout) {
  const problems = [
    ...checkPivot(settings, layout),
    ...settings.operations.flatMap((one) => checkOperation(one, settings, layout)),
  ];
  if (problems.length > 0) return { columns: [], problems };
  const columns = settings.operations.flatMap((operation) => planOperation(operation, settings, layout));
  return { columns, problems: checkNames(columns) };
}

function checkPivot({ pivot }: GroupStatisticsSettings, layout: Layout): Problem[] {
  if (pivot === undefined || layout.positionOf(pivot.field) >= 0) return [];
  return [refuseField('pivot.field', pivot.field, layout)];
}

function checkOperation(one: GroupOperation, { give, pivot }: GroupStatisticsSettings, layout: Layout): Problem[] {
  const type = layout.find(one.field)?.type;
  if (type === undefined) return [refuseField('operations', one.field, layout)];
  const { takes, isOfRecords } = statisticDefinitions[one.operation];
  const refuse = (why: string): Problem[] => [
    { setting: 'operations', field: one.field, sentence: `operations: ${one.operation} of ${one.field}: ${why}` },
  ];
  if (!takes.includes(type)) return refuse(`a ${type} has none; cast it to ${takes.join(', ')}`);
  if (isOfRecords && give === 'groups') return refuse('each record has one of its own; set give to records');
  if (isOfRecords && pivot !== undefined) return refuse('it is not there in columns; leave out pivot');
  return [];
}

function planOperation(
  operation: GroupOperation,
  { pivot }: GroupStatisticsSettings,
  layout: Layout,
): StatisticColumn[] {
  const definition = statisticDefinitions[operation.operation];
  const position = layout.positionOf(operation.field);
  const type = layout.fields[position]?.type as FieldType;
  const given = definition.gives === 'same' ? type : definition.gives;
  const shared = { operation, definition, position, type };
  const name = `${operation.operation}Of${operation.field}`;
  if (pivot === undefined) {
    const field: LayoutField = { name: operation.as ?? name, type: given };
    const countField: LayoutField = { name: `ComputationalCount${name}`, type: 'integer' };
    return [{ ...shared, field, countField, takes: () => true }];
  }
  const pivotPosition = layout.positionOf(pivot.field);
  const format = createTextFormatter(layout.fields[pivotPosition]?.type as FieldType);
  return pivot.values.map((value) => ({
    ...shared,
    field: { name: `${value}_${operation.as ?? operation.operation}`, type: given },
    countField: undefined,
    takes: (row) => format(row[pivotPosition] ?? null) === value,
  }));
}

function checkNames(columns: readonly StatisticColumn[]): Problem[] {
  const names = columns.map(({ field }) => field.name);
  const doubled = [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
  return doubled.map((name) => ({
    setting: 'operations',
    field: name,
    sentence: `operations: two results are named ${name}; name one by as`,
  }));
}
