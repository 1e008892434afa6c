import { Layout, type LayoutField, type Row, type StageContext, type StageType } from '../../dataflow/index.ts';
import { refuseField } from '../layouts.ts';
import { createRowCodec } from '../spilling/row-codec.ts';
import { checkSortFields, createRowOrder, toSortKey } from '../spilling/row-order.ts';
import { type AggregatorSettings, aggregatorDefinition } from './definition.ts';

interface GroupPlan {
  readonly input: Layout;
  readonly output: Layout;
  readonly parents: readonly number[];
  /** Positions of the fields of each list. */
  readonly lists: readonly (readonly number[])[];
}

export const aggregator: StageType<AggregatorSettings> = {
  definition: aggregatorDefinition,
  plan: ({ settings, inputs }) => {
    const input = inputs.get('input_port') as Layout;
    const { groupBy, fields, lists } = settings;
    const named = [...fields, ...lists.flatMap((one) => one.fields ?? [])];
    const problems = [
      ...checkSortFields(groupBy, input, { port: 'input_port', setting: 'groupBy' }),
      ...named.filter((name) => input.positionOf(name) < 0).map((name) => refuseField('fields', name, input)),
    ];
    const parentNames = [...new Set([...groupBy, ...fields])];
    for (const { name } of lists.filter((one, index) => isTaken(one.name, parentNames, lists.slice(0, index)))) {
      problems.push({
        setting: 'lists',
        field: name,
        sentence: `lists: another field is named ${name}; choose another`,
      });
    }
    const plan = problems.length > 0 ? undefined : planGroups(settings, parentNames, input);
    return {
      outputs: new Map([['output_port', plan?.output ?? Layout.empty]]),
      problems,
      flow: 'blocking',
      canResume: true,
      open: (context) => aggregate(groupBy, plan as GroupPlan, context),
    };
  },
};

function isTaken(name: string, parents: readonly string[], earlier: AggregatorSettings['lists']): boolean {
  return parents.includes(name) || earlier.some((one) => one.name === name);
}

function planGroups({ lists }: AggregatorSettings, parentNames: readonly string[], input: Layout): GroupPlan {
  const fieldsOf = (names: readonly string[]) => names.map((name) => input.find(name) as LayoutField);
  const rest = input.names().filter((name) => !parentNames.includes(name));
  const planned = lists.map(({ name, fields = rest }) => ({ name, type: 'list' as const, fields: fieldsOf(fields) }));
  return {
    input,
    output: new Layout([...fieldsOf(parentNames), ...planned]),
    parents: parentNames.map((name) => input.positionOf(name)),
    lists: planned.map(({ fields }) => fields.map(({ name }) => input.positionOf(name))),
  };
}

function aggregate(groupBy: readonly string[], plan: GroupPlan, { outputs, restored }: StageContext) {
  const { compare } = createRowOrder(groupBy.map(toSortKey), plan.input);
  const codec = createRowCodec(plan.input.fields);
  const output = outputs.get('output_port');
  let group: Row[] = typeof restored === 'string' ? codec.decode(restored) : [];
  const pick = (row: Row, positions: readonly number[]): Row => positions.map((position) => row[position] ?? null);
  const close = (): Row => [
    ...pick(group[0] as Row, plan.parents),
    ...plan.lists.map((positions) => group.map((row) => pick(row, positions))),
  ];
  return {
    process(rows: Row[]) {
      const given: Row[] = [];
      for (const row of rows) {
        if (group[0] !== undefined && compare(group[0], row) !== 0) {
          given.push(close());
          group = [];
        }
        group.push(row);
      }
      return output?.write(given);
    },
    /** The records of the group that is not complete. */
    checkpoint: () => codec.encode(group),
    finish: () => (group.length > 0 ? output?.write([close()]) : undefined),
  };
}
