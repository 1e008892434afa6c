import type {
  DatabaseColumn,
  DatabaseSession,
  Layout,
  LayoutField,
  Problem,
  Row,
  Stage,
  StageContext,
  StageType,
  TableWrite,
  TableWriter,
} from '../../dataflow/index.ts';
import { checkNames, databasesOf } from '../databases.ts';
import { refuseField } from '../layouts.ts';
import { type WriteToDbSettings, writeToDbDefinition } from './definition.ts';

/** The field of the error port that says why a record is there. */
const reasonField: LayoutField = { name: 'Reason', type: 'string' };

interface WriteState {
  /** Records dealt with so far. */
  readonly rows: number;
}

export const writeToDb: StageType<WriteToDbSettings> = {
  definition: writeToDbDefinition,
  plan: ({ settings, inputs, unorderedBy }) => {
    const input = inputs.get('input_port') as Layout;
    const names: Names = settings.fields ?? input.names().map((name) => ({ name }));
    const columns = names.map(({ name, column }) => ({
      name: column ?? name,
      type: input.find(name)?.type ?? ('string' as const),
    }));
    return {
      outputs: new Map([['error_port', input.with([reasonField])]]),
      problems: [...checkFields(names, input), ...checkKeys(settings, columns), ...checkOrder(settings, unorderedBy)],
      // What is refused is known when its transaction is over.
      flow: 'blocking',
      canResume: true,
      reads: (wanted) => new Set([...wanted, ...names.map(({ name }) => name)]),
      open: (context) => openWriter(settings, columns, { input, names }, context),
    };
  },
};

type Names = readonly { readonly name: string; readonly column?: string | undefined }[];

function checkFields(names: Names, input: Layout): Problem[] {
  const problems = checkNames(
    'fields',
    names.map(({ name, column }) => column ?? name),
  );
  for (const { name } of names) {
    const field = input.find(name);
    if (field === undefined) problems.push(refuseField('fields', name, input));
    if (field?.type !== 'list') continue;
    const sentence = `fields: ${name} is a list, which no column holds; split it by a Splitter first`;
    problems.push({ port: 'input_port', setting: 'fields', field: name, sentence });
  }
  return problems;
}

function checkKeys({ mode, keys }: WriteToDbSettings, columns: readonly DatabaseColumn[]): Problem[] {
  const refuse = (sentence: string): Problem[] => [{ setting: 'keys', sentence: `keys: ${sentence}` }];
  if (mode !== 'insert' && keys.length === 0)
    return refuse(`there is none; name the columns that find the row to ${mode}`);
  const unknown = keys.find((key) => !columns.some(({ name }) => name === key));
  if (unknown !== undefined)
    return refuse(`no column ${unknown} is written; use some of ${columns.map(({ name }) => name).join(', ')}`);
  const isOnlyKeys = mode === 'update' && keys.length === columns.length;
  return isOnlyKeys ? refuse('every column is a key, so that an update changes nothing; leave one out') : [];
}

function isNoted({ mode, progressTable }: WriteToDbSettings): boolean {
  return mode === 'insert' && progressTable !== '';
}

/** Another owner of the run passes over as many records as are written: they must be the same ones. */
function checkOrder(settings: WriteToDbSettings, unorderedBy: string | undefined): Problem[] {
  if (unorderedBy === undefined || !isNoted(settings)) return [];
  const advice =
    'give a ReadFromDB there resumeBy or an ORDER BY of unique columns, sort the records by unique fields, use mode upsert, or empty progressTable and accept rows written twice';
  const sentence = `the records of stage ${unorderedBy} may come in another order when another node takes the run over, which would insert some twice and some never; ${advice}`;
  return [{ port: 'input_port', setting: 'progressTable', sentence }];
}

async function openWriter(
  settings: WriteToDbSettings,
  columns: readonly DatabaseColumn[],
  { input, names }: { readonly input: Layout; readonly names: Names },
  context: StageContext,
): Promise<Stage> {
  const databases = databasesOf(context);
  const { table, mode, keys, prepare, progressTable } = settings;
  const restored = context.restored as WriteState | undefined;
  const write: TableWrite = {
    table,
    columns,
    keys,
    mode,
    prepare,
    ...(restored && { continueAt: restored.rows }),
    ...(isNoted(settings) && { progress: { table: progressTable, name: `${databases.run}#${context.stage}` } }),
  };
  const session = await databases.open(settings.connection);
  try {
    const writer = await session.openTable(write);
    const positions = names.map(({ name }) => input.positionOf(name));
    return new TableSink({ settings, context, session, writer, positions, startAt: restored?.rows ?? 0 });
  } catch (error) {
    await session.close();
    throw error;
  }
}

interface TableSinkProps {
  readonly settings: WriteToDbSettings;
  readonly context: StageContext;
  readonly session: DatabaseSession;
  readonly writer: TableWriter;
  /** Of the fields that are written. */
  readonly positions: readonly number[];
  readonly startAt: number;
}

class TableSink implements Stage {
  readonly #props: TableSinkProps;
  #waiting: Row[] = [];
  /** Records in front of those that wait. */
  #done: number;

  constructor(props: TableSinkProps) {
    this.#props = props;
    this.#done = props.startAt;
  }

  async process(rows: Row[]): Promise<void> {
    const { writer, settings } = this.#props;
    // An earlier owner came further than its last checkpoint says; only its refusals are to be told again.
    const known = Math.min(rows.length, Math.max(0, writer.dealtWith - this.#done));
    if (known > 0) await this.#refuse(rows.slice(0, known), writer.refused);
    this.#done += known;
    this.#waiting.push(...rows.slice(known));
    while (this.#waiting.length >= settings.batchRows) await this.#write(this.#waiting.splice(0, settings.batchRows));
  }

  async checkpoint(): Promise<WriteState> {
    await this.finish();
    return { rows: this.#done };
  }

  async finish(): Promise<void> {
    if (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0));
  }

  close(): Promise<void> {
    return this.#props.session.close();
  }

  async #write(rows: readonly Row[]): Promise<void> {
    const { writer, positions } = this.#props;
    const values = rows.map((row) => positions.map((position) => row[position] ?? null));
    const refused = await writer.write(values, this.#done);
    await this.#refuse(rows, refused);
    this.#done += rows.length;
  }

  /** To the error port; without one, a refused record counts as a malformed one. */
  async #refuse(rows: readonly Row[], reasons: ReadonlyMap<number, string>): Promise<void> {
    if (reasons.size === 0) return;
    const { context, settings } = this.#props;
    const refused: Row[] = [];
    for (const [index, row] of rows.entries()) {
      const reason = reasons.get(this.#done + index);
      if (reason === undefined) continue;
      refused.push([...row, reason]);
      const place = `table ${settings.table}, record ${this.#done + index + 1}`;
      if (!context.outputs.has('error_port')) context.malformed({ place, reason, text: row.map(String).join(' ') });
    }
    await context.outputs.get('error_port')?.write(refused);
  }
}
