import type {
  DatabaseQuery,
  DatabaseSession,
  FieldType,
  Layout,
  Problem,
  QueriedRow,
  Row,
  Stage,
  StageContext,
  StageType,
  Value,
} from '../../dataflow/index.ts';
import { checkNames, databasesOf, parsePlaces } from '../databases.ts';
import { refuseField } from '../layouts.ts';
import { type QueryDbSettings, queryDbDefinition } from './definition.ts';

/** Matches of one record without a limit of its own: a condition that fits everything must not fill the memory. */
const mostMatches = 100_000;
/** Matches of the records of a batch that stay in memory, and records that go on together. */
const mostKept = 100_000;
const writtenTogether = 1_000;

export const queryDb: StageType<QueryDbSettings> = {
  definition: queryDbDefinition,
  plan: ({ settings, inputs }) => {
    const input = inputs.get('input_port') as Layout;
    const problems = checkSettings(settings, input);
    const output = problems.length > 0 ? input : input.with(settings.fields.map(({ name, type }) => ({ name, type })));
    return {
      outputs: new Map([['output_port', output]]),
      problems,
      flow: 'streaming',
      canResume: true,
      canShareRows: true,
      reads: (wanted) => new Set([...wanted, ...parsePlaces(settings.where).names]),
      async open(context) {
        const session = await databasesOf(context).open(settings.connection);
        return new Lookup(settings, { input, output }, session, context);
      },
    };
  },
};

function checkSettings({ where, fields }: QueryDbSettings, input: Layout): Problem[] {
  const unknown = parsePlaces(where).names.filter((name) => input.positionOf(name) < 0);
  const names = fields.map(({ name }) => name);
  return [...checkNames('fields', names), ...unknown.map((name) => refuseField('where', name, input))];
}

class Lookup implements Stage {
  readonly #session: DatabaseSession;
  readonly #context: StageContext;
  readonly #settings: QueryDbSettings;
  readonly #query: DatabaseQuery;
  readonly #parametersOf: (row: Row) => Value[];
  readonly #targets: readonly number[];
  readonly #width: number;

  constructor(
    settings: QueryDbSettings,
    { input, output }: { readonly input: Layout; readonly output: Layout },
    session: DatabaseSession,
    context: StageContext,
  ) {
    const { texts, names } = parsePlaces(settings.where);
    const types = names.map((name) => input.find(name)?.type as FieldType);
    const positions = names.map((name) => input.positionOf(name));
    this.#session = session;
    this.#context = context;
    this.#settings = settings;
    this.#query = {
      from: { kind: 'table', table: settings.table, where: { texts, types } },
      columns: settings.fields.map(({ name, column, type }) => ({ name: column ?? name, type })),
    };
    this.#parametersOf = (row) => positions.map((position) => row[position] ?? null);
    this.#targets = settings.fields.map(({ name }) => output.positionOf(name));
    this.#width = output.width;
  }

  async process(rows: Row[]): Promise<void> {
    // Records of a batch that ask the same are asked for once, as long as the answers are few.
    const found = new Map<string, readonly QueriedRow[]>();
    let kept = 0;
    let output: Row[] = [];
    for (const row of rows) {
      const parameters = this.#parametersOf(row);
      const key = toKey(parameters);
      const matches = found.get(key) ?? (await this.#ask(parameters));
      if (!found.has(key)) {
        kept += matches.length;
        if (kept > mostKept) found.clear();
        if (kept > mostKept) kept = matches.length;
        found.set(key, matches);
      }
      this.#add(row, matches, output);
      if (output.length < writtenTogether) continue;
      await this.#context.outputs.get('output_port')?.write(output);
      output = [];
    }
    if (output.length > 0) await this.#context.outputs.get('output_port')?.write(output);
  }

  async #ask(parameters: readonly Value[]): Promise<readonly QueriedRow[]> {
    const { maximumMatches = mostMatches } = this.#settings;
    const [matches = []] = await this.#session.lookUp(this.#query, [parameters], maximumMatches);
    return matches;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #add(row: Row, matches: readonly QueriedRow[], output: Row[]): void {
    if (matches.length === 0 && this.#settings.noMatch === 'give') output.push(this.#merge(row, []));
    for (const match of matches) {
      if (typeof match !== 'string') output.push(this.#merge(row, match));
      else this.#context.malformed({ place: `connection ${this.#settings.connection}`, reason: match, text: '' });
    }
  }

  #merge(row: Row, match: Row): Row {
    const merged: Row = Array.from({ length: this.#width }, (_, index) => row[index] ?? null);
    for (const [index, target] of this.#targets.entries()) merged[target] = match[index] ?? null;
    return merged;
  }
}

function toKey(parameters: readonly Value[]): string {
  return JSON.stringify(parameters, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
