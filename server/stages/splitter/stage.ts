import {
  Layout,
  type LayoutField,
  type Problem,
  type Row,
  type StageContext,
  type StageType,
} from '../../dataflow/index.ts';
import { refuseField } from '../layouts.ts';
import { type SplitterSettings, splitterDefinition } from './definition.ts';

export const splitter: StageType<SplitterSettings> = {
  definition: splitterDefinition,
  plan: ({ settings, inputs }) => {
    const input = inputs.get('input_port') as Layout;
    const found = input.find(settings.list);
    const header = input.fields.filter(({ name }) => name !== settings.list);
    const parents = header.filter(({ name }) => settings.fields?.includes(name) ?? true);
    const elements = found?.fields ?? [];
    const problems = checkNames(settings, input, parents, elements);
    const output = problems.length > 0 ? Layout.empty : new Layout([...parents, ...elements]);
    return {
      outputs: new Map([
        ['output_port', output],
        ['header_port', new Layout(header)],
      ]),
      problems,
      flow: 'streaming',
      canResume: true,
      canShareRows: true,
      open: (context) => split(settings, input, parents, header, context),
    };
  },
};

function checkNames(
  { list, fields = [] }: SplitterSettings,
  input: Layout,
  parents: readonly LayoutField[],
  elements: readonly LayoutField[],
): Problem[] {
  const type = input.find(list)?.type;
  if (type === undefined) return [refuseField('list', list, input)];
  if (type !== 'list') return [{ setting: 'list', field: list, sentence: `list: ${list} is a ${type}, not a list` }];
  const unknown = fields.filter((name) => input.positionOf(name) < 0);
  const clashes = elements.filter(({ name }) => parents.some((parent) => parent.name === name));
  return [
    ...unknown.map((name) => refuseField('fields', name, input)),
    ...clashes.map(({ name }) => ({
      setting: 'fields',
      field: name,
      sentence: `fields: ${name} is in the list too; rename it before or leave it out`,
    })),
  ];
}

function split(
  { list, keepsEmpty }: SplitterSettings,
  input: Layout,
  parents: readonly LayoutField[],
  header: readonly LayoutField[],
  { outputs }: StageContext,
) {
  const listPosition = input.positionOf(list);
  const positionsOf = (fields: readonly LayoutField[]) => fields.map(({ name }) => input.positionOf(name));
  const pick = (row: Row, positions: readonly number[]): Row => positions.map((position) => row[position] ?? null);
  const [parentPositions, headerPositions] = [positionsOf(parents), positionsOf(header)];
  const empty: Row = (input.find(list)?.fields ?? []).map(() => null);
  return {
    async process(rows: Row[]) {
      const given: Row[] = [];
      for (const row of rows) {
        const elements = (row[listPosition] as Row[] | null) ?? [];
        const parent = pick(row, parentPositions);
        for (const element of elements) given.push([...parent, ...element]);
        if (elements.length === 0 && keepsEmpty) given.push([...parent, ...empty]);
      }
      await outputs.get('header_port')?.write(rows.map((row) => pick(row, headerPositions)));
      await outputs.get('output_port')?.write(given);
    },
  };
}
