import {
  Layout,
  type LayoutField,
  type Row,
  type Stage,
  type StageContext,
  type StageType,
} from '../../dataflow/index.ts';
import { BatchWriter } from '../spilling/row-cursor.ts';
import { checkSortFields, createRowOrder, type RowOrder, toSortKey } from '../spilling/row-order.ts';
import { RowSorter } from '../spilling/row-sorter.ts';
import { RowSpool } from '../spilling/row-spool.ts';
import { SpillFolder } from '../spilling/spill-file.ts';
import { planColumns, type StatisticColumn } from './columns.ts';
import { type GroupStatisticsSettings, groupStatisticsDefinition } from './definition.ts';
import { type Statistic, StatisticFailure } from './statistics.ts';

const groupFields: readonly LayoutField[] = [
  { name: 'GroupCount', type: 'integer' },
  { name: 'GroupID', type: 'integer' },
];
const statusFields: readonly LayoutField[] = ['Status', 'Status.Code', 'Status.Description'].map((name) => ({
  name,
  type: 'string',
}));

export const groupStatistics: StageType<GroupStatisticsSettings> = {
  definition: groupStatisticsDefinition,
  plan: ({ settings, inputs }) => {
    const input = inputs.get('input_port') as Layout;
    const { columns, problems } = planColumns(settings, input);
    const unsorted = checkSortFields(settings.groupBy, input, { port: 'input_port', setting: 'groupBy' });
    const results = columns.flatMap(({ field, countField }) => (countField ? [field, countField] : [field]));
    const isWrong = problems.length + unsorted.length > 0;
    const kept = isWrong ? Layout.empty : keptFields(settings, input);
    const output = isWrong ? Layout.empty : kept.with([...groupFields, ...results, ...statusFields]);
    return {
      outputs: new Map([['output_port', output]]),
      problems: [...problems, ...unsorted],
      flow: 'blocking',
      canResume: false,
      open: (context) => new GroupWorker({ settings, input, output, kept, columns, context }),
    };
  },
};

function keptFields({ give, groupBy }: GroupStatisticsSettings, input: Layout): Layout {
  return give === 'records' ? input : new Layout(groupBy.map((name) => input.find(name) as LayoutField));
}

interface GroupWorkerProps {
  readonly settings: GroupStatisticsSettings;
  readonly input: Layout;
  readonly output: Layout;
  /** Fields of a record that are given with the results. */
  readonly kept: Layout;
  readonly columns: readonly StatisticColumn[];
  readonly context: StageContext;
}

interface Collected {
  readonly statistic: Statistic;
  count: number;
}

/** Sorts the records by group unless they are, and works on one group after the other. */
class GroupWorker implements Stage {
  readonly #props: GroupWorkerProps;
  readonly #folder: SpillFolder;
  readonly #order: RowOrder;
  readonly #sorter: RowSorter | undefined;
  readonly #members: RowSpool;
  readonly #writer: BatchWriter;
  #first: Row | undefined;
  #collected: Collected[] = [];
  #failure: string | undefined;
  #count = 0;
  #groups = 0;

  constructor(props: GroupWorkerProps) {
    const { settings, input, context } = props;
    this.#props = props;
    this.#folder = new SpillFolder(context.spillFolder);
    this.#order = createRowOrder(settings.groupBy.map(toSortKey), input);
    const memoryBytes = (settings.memoryMiB * 1_048_576) / 2;
    const sorterProps = { layout: input, order: this.#order, folder: this.#folder, memoryBytes };
    this.#sorter = settings.isSorted || settings.groupBy.length === 0 ? undefined : new RowSorter(sorterProps);
    this.#members = new RowSpool(input, this.#folder, memoryBytes);
    this.#writer = new BatchWriter(context.outputs.get('output_port'));
  }

  async process(rows: Row[]): Promise<void> {
    for (const row of rows) {
      if (this.#sorter !== undefined) this.#sorter.add(row);
      else if (this.#isOfNextGroup(row)) await this.#changeGroup(row);
      else this.#add(row);
    }
  }

  async finish(): Promise<void> {
    const sorted = this.#sorter?.sorted();
    for (let row = sorted?.next(); row !== undefined; row = sorted?.next()) {
      if (this.#isOfNextGroup(row)) await this.#changeGroup(row);
      else this.#add(row);
    }
    await this.#endGroup();
    await this.#writer.flush();
  }

  close(): void {
    this.#folder.remove();
  }

  #isOfNextGroup(row: Row): boolean {
    return this.#first === undefined || this.#order.compare(this.#first, row) !== 0;
  }

  async #changeGroup(row: Row): Promise<void> {
    await this.#endGroup();
    this.#first = row;
    this.#failure = undefined;
    this.#count = 0;
    this.#groups++;
    this.#members.clear();
    const { columns } = this.#props;
    this.#collected = columns.map(({ definition, operation, type }) => ({
      statistic: definition.create(operation, type),
      count: 0,
    }));
    this.#add(row);
  }

  #add(row: Row): void {
    const { columns, settings } = this.#props;
    this.#count++;
    if (settings.give === 'records') this.#members.add(row);
    if (this.#failure !== undefined) return;
    for (const [index, { position, takes }] of columns.entries()) {
      const value = row[position] ?? null;
      const collected = this.#collected[index] as Collected;
      if (value === null || !takes(row)) continue;
      collected.count++;
      this.#attempt(() => collected.statistic.add(value));
    }
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof StatisticFailure)) throw error;
      this.#failure = error.message;
    }
  }

  async #endGroup(): Promise<void> {
    if (this.#first === undefined) return;
    if (this.#props.settings.give === 'groups') {
      await this.#writer.write(this.#toOutput(this.#first));
      return;
    }
    const members = this.#members.open();
    for (let row = members.next(); row !== undefined; row = members.next()) {
      const waiting = this.#writer.write(this.#toOutput(row));
      if (waiting !== undefined) await waiting;
    }
  }

  #toOutput(row: Row): Row {
    const { input, output, kept, columns } = this.#props;
    const given: Row = output
      .names()
      .map((name) => (kept.positionOf(name) < 0 ? null : (row[input.positionOf(name)] ?? null)));
    const set = (name: string, value: Row[number]) => {
      given[output.positionOf(name)] = value;
    };
    set('GroupCount', this.#count);
    set('GroupID', this.#groups);
    set('Status', this.#failure === undefined ? null : 'F');
    set('Status.Code', this.#failure === undefined ? null : 'UnableToDoGroupStatistics');
    set('Status.Description', this.#failure ?? null);
    if (this.#failure !== undefined) return given;
    for (const [index, { field, countField, position }] of columns.entries()) {
      const { statistic, count } = this.#collected[index] as Collected;
      set(field.name, statistic.result(row[position] ?? null));
      if (countField !== undefined) set(countField.name, count);
    }
    return given;
  }
}
