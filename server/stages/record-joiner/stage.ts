import type { Layout, Problem, Row, Stage, StageContext, StageType } from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { uniteLayouts } from '../layouts.ts';
import { BatchWriter, type RowCursor, writeAll } from '../spilling/row-cursor.ts';
import { checkSortFields, createRowOrder, toSortKey } from '../spilling/row-order.ts';
import { RowSorter } from '../spilling/row-sorter.ts';
import { RowSpool } from '../spilling/row-spool.ts';
import { SpillFolder } from '../spilling/spill-file.ts';
import { type RecordJoinerSettings, recordJoinerDefinition } from './definition.ts';
import { type JoinPlan, planJoin } from './join-plan.ts';
import { joinRows } from './joining.ts';

export const recordJoiner: StageType<RecordJoinerSettings> = {
  definition: recordJoinerDefinition,
  plan: ({ settings, inputs }) => {
    const problems = checkPorts(settings, inputs);
    const ports = [settings.leftPort, ...settings.joins.map(({ port }) => port)];
    const ordered = new Map(ports.flatMap((port) => [...inputs].filter(([name]) => name === port)));
    const { layout, problems: clashes } = uniteLayouts(ordered);
    if (problems.length === 0) problems.push(...clashes, ...checkKeys(settings, inputs, layout));
    const outputs = new Map(['output_port', 'not_joined'].map((port) => [port, layout]));
    const open = (context: StageContext) => new Joiner(settings, inputs, layout, context);
    return { outputs, problems, flow: 'blocking', canResume: false, open };
  },
};

function checkPorts({ leftPort, joins }: RecordJoinerSettings, inputs: ReadonlyMap<string, Layout>): Problem[] {
  const ports = [leftPort, ...joins.map(({ port }) => port)];
  const problems: Problem[] = [];
  for (const [index, port] of ports.entries()) {
    const setting = index === 0 ? 'leftPort' : `joins[${index - 1}].port`;
    if (!inputs.has(port))
      problems.push({ port, setting, sentence: `${setting}: the port has no channel; connect it` });
    if (ports.indexOf(port) < index)
      problems.push({ port, setting, sentence: `${setting}: the port is joined already` });
  }
  for (const port of inputs.keys()) {
    if (!ports.includes(port)) problems.push({ port, sentence: 'the port is not joined; add it to joins' });
  }
  return problems;
}

function checkKeys(
  { leftPort, joins }: RecordJoinerSettings,
  inputs: ReadonlyMap<string, Layout>,
  output: Layout,
): Problem[] {
  const known = new Set(inputs.get(leftPort)?.names());
  return joins.flatMap(({ port, keys }, index) => {
    const setting = `joins[${index}].keys`;
    const right = inputs.get(port) as Layout;
    const problems = checkSortFields(
      keys.map((key) => key.right),
      right,
      { port, setting },
    );
    if (keys.length === 0)
      problems.push({ port, setting, sentence: `${setting}: there is none; name at least one pair` });
    for (const key of keys) {
      const [left, other] = [output.find(key.left)?.type, right.find(key.right)?.type];
      if (!known.has(key.left)) {
        problems.push({
          port: leftPort,
          setting,
          field: key.left,
          sentence: `${setting}: no field ${key.left} arrives`,
        });
      } else if (left !== other && other !== undefined) {
        const sentence = `${setting}: ${key.left} is a ${left} and ${key.right} a ${other}; cast one of them`;
        problems.push({ port, setting, field: key.right, sentence });
      }
    }
    for (const name of right.names()) known.add(name);
    return problems;
  });
}

/** Rows of one input on their way to the join. */
interface Collector {
  add(row: Row): void;
  open(): RowCursor;
}

class Joiner implements Stage {
  readonly #context: StageContext;
  readonly #layout: Layout;
  readonly #inputs: ReadonlyMap<string, Layout>;
  readonly #folder: SpillFolder;
  readonly #joins: readonly JoinPlan[];
  readonly #collectors: ReadonlyMap<string, Collector>;
  readonly #leftPort: string;
  readonly #toOutput: (row: Row) => Row;
  readonly #memoryBytes: number;

  constructor(
    settings: RecordJoinerSettings,
    inputs: ReadonlyMap<string, Layout>,
    layout: Layout,
    context: StageContext,
  ) {
    const { leftPort, joins, sortedPorts, memoryMiB } = settings;
    this.#context = context;
    this.#layout = layout;
    this.#inputs = inputs;
    this.#leftPort = leftPort;
    this.#folder = new SpillFolder(context.spillFolder);
    // Every input has its share, and so has what is sorted in between.
    this.#memoryBytes = (memoryMiB * 1_048_576) / (inputs.size + 2);
    this.#joins = joins.map((join) => planJoin(join, inputs.get(join.port) as Layout, layout));
    const left = inputs.get(leftPort) as Layout;
    const positions = layout.names().map((name) => left.positionOf(name));
    this.#toOutput = (row) => positions.map((position) => row[position] ?? null);
    const keysOf = new Map(this.#joins.map(({ port, rightKeys }) => [port, rightKeys]));
    keysOf.set(leftPort, this.#joins[0]?.leftKeys ?? []);
    this.#collectors = new Map(
      [...keysOf].map(([port, keys]) => {
        const input = inputs.get(port) as Layout;
        return [port, sortedPorts.includes(port) ? this.#checked(port, input, keys) : this.#sorter(input, keys)];
      }),
    );
  }

  process(rows: Row[], port: string): void {
    const collector = this.#collectors.get(port);
    for (const row of rows) collector?.add(row);
  }

  async finish(): Promise<void> {
    const { outputs } = this.#context;
    const leftOut = this.#spool(this.#layout);
    const left = this.#collectors.get(this.#leftPort)?.open();
    let cursor: RowCursor = toCursor(() => {
      const row = left?.next();
      return row && this.#toOutput(row);
    });
    let keys = this.#joins[0]?.leftKeys ?? [];
    for (const plan of this.#joins) {
      if (plan.leftKeys.join('\0') !== keys.join('\0')) cursor = this.#sort(cursor, plan.leftKeys);
      keys = plan.leftKeys;
      const right = this.#collectors.get(plan.port)?.open() as RowCursor;
      const joined = joinRows({
        plan,
        left: cursor,
        right,
        group: this.#spool(this.#inputs.get(plan.port) as Layout),
        leftOut,
      });
      cursor = toCursor(() => joined.next().value);
    }
    await writeAll(cursor, new BatchWriter(outputs.get('output_port')));
    await writeAll(leftOut.open(), new BatchWriter(outputs.get('not_joined')));
  }

  close(): void {
    this.#folder.remove();
  }

  #spool(layout: Layout): RowSpool {
    return new RowSpool(layout, this.#folder, this.#memoryBytes / 4);
  }

  #sorter(layout: Layout, keys: readonly string[]): Collector {
    const order = createRowOrder(keys.map(toSortKey), layout);
    const sorter = new RowSorter({ layout, order, folder: this.#folder, memoryBytes: this.#memoryBytes });
    return { add: (row) => sorter.add(row), open: () => sorter.sorted() };
  }

  #sort(cursor: RowCursor, keys: readonly string[]): RowCursor {
    const sorter = this.#sorter(this.#layout, keys);
    for (let row = cursor.next(); row !== undefined; row = cursor.next()) sorter.add(row);
    return sorter.open();
  }

  /** Records that are said to be sorted; a join of others would lose partners without a word. */
  #checked(port: string, layout: Layout, keys: readonly string[]): Collector {
    const { compare } = createRowOrder(keys.map(toSortKey), layout);
    const spool = new RowSpool(layout, this.#folder, this.#memoryBytes);
    let previous: Row | undefined;
    let count = 0;
    return {
      add: (row) => {
        count++;
        if (previous !== undefined && compare(previous, row) > 0) {
          const sentence = `port ${port}: record ${count} is not in the order of ${keys.join(', ')}; take the port out of sortedPorts`;
          throw new SpectrumError('INVALID_DATAFLOW', `stage ${this.#context.stage}, ${sentence}`);
        }
        previous = row;
        spool.add(row);
      },
      open: () => spool.open(),
    };
  }
}

function toCursor(next: () => Row | undefined): RowCursor {
  return { next };
}
