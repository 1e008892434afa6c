import {
  createTextFormatter,
  createTextParser,
  type DatabaseQuery,
  Layout,
  type Problem,
  type Row,
  type Source,
  type SourceBatch,
  type StageContext,
  type StageType,
  type Value,
} from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkNames, databasesOf, parsePlaces } from '../databases.ts';
import { type ReadFromDbSettings, readFromDbDefinition } from './definition.ts';

/** Where reading goes on: rows given so far, and the value of the last one that the order goes by. */
interface ReadPosition {
  readonly given: number;
  readonly last: string | null;
}

export const readFromDb: StageType<ReadFromDbSettings> = {
  definition: readFromDbDefinition,
  plan: ({ settings }) => {
    const problems = checkSettings(settings);
    const layout = problems.length > 0 ? Layout.empty : new Layout(settings.fields);
    return {
      outputs: new Map([['output_port', layout]]),
      problems,
      flow: 'streaming',
      canResume: settings.resumeBy !== undefined,
      // Which columns the order goes by, and that they are unique, is for the author of the query to know.
      order: settings.resumeBy !== undefined || /\border\s+by\b/i.test(settings.sql) ? 'given' : 'none',
      open: (context) => new QuerySource(settings, context),
    };
  },
};

function checkSettings({ sql, parameters, fields, resumeBy }: ReadFromDbSettings): Problem[] {
  const problems = checkNames(
    'fields',
    fields.map(({ name }) => name),
  );
  for (const name of parsePlaces(sql).names) {
    if (Object.hasOwn(parameters, name)) continue;
    problems.push({ setting: 'parameters', sentence: `parameters: ${name} of the query has no value; add it` });
  }
  if (resumeBy !== undefined && !fields.some(({ name }) => name === resumeBy)) {
    const names = fields.map(({ name }) => name).join(', ');
    problems.push({ setting: 'resumeBy', sentence: `resumeBy: ${resumeBy} is no field; use one of ${names}` });
  }
  const resumed = fields.find(({ name }) => name === resumeBy);
  if (resumed !== undefined && !resumable.has(resumed.type)) {
    const sentence = `resumeBy: ${resumeBy} is of type ${resumed.type}, of which the database may hold more than the field does, so that rows could come twice; use ${[...resumable].join(', ')}`;
    problems.push({ setting: 'resumeBy', field: resumed.name, sentence });
  }
  return problems;
}

/** Types whose values are those of the column to the last digit. */
const resumable: ReadonlySet<string> = new Set(['integer', 'long', 'bigdecimal', 'string', 'date']);

class QuerySource implements Source {
  readonly #settings: ReadFromDbSettings;
  readonly #context: StageContext;

  constructor(settings: ReadFromDbSettings, context: StageContext) {
    this.#settings = settings;
    this.#context = context;
  }

  async *batches(): AsyncGenerator<SourceBatch> {
    const { connection, parameters, fetchRows, maximumRecords = Number.POSITIVE_INFINITY } = this.#settings;
    const restored = this.#context.restored as ReadPosition | undefined;
    let { given, last } = restored ?? { given: 0, last: null };
    if (given >= maximumRecords) return;
    const session = await databasesOf(this.#context).open(connection);
    try {
      const values = parsePlaces(this.#settings.sql).names.map((name) => parameters[name] ?? null);
      for await (const found of session.read(this.#toQuery(last), values, fetchRows)) {
        const rows: Row[] = [];
        for (const row of found.slice(0, maximumRecords - given)) {
          given++;
          if (typeof row !== 'string') rows.push(row);
          else this.#context.malformed({ place: `connection ${connection}, record ${given}`, reason: row, text: '' });
        }
        last = this.#lastOf(rows) ?? last;
        yield { rows, position: { given, last } satisfies ReadPosition };
        if (given >= maximumRecords) return;
      }
    } finally {
      await session.close();
    }
  }

  #toQuery(last: string | null): DatabaseQuery {
    const { sql, fields, resumeBy } = this.#settings;
    const { texts, names } = parsePlaces(sql);
    const columns = fields.map(({ name, column, type }) => ({ name: column ?? name, type }));
    const from = { kind: 'statement', sql: { texts, types: names.map(() => 'string' as const) } } as const;
    const column = columns[fields.findIndex(({ name }) => name === resumeBy)];
    if (column === undefined) return { from, columns };
    const after = last === null ? undefined : (createTextParser(column.type)(last) as Value);
    return { from, columns, order: { column, ...(after !== undefined && { after }) } };
  }

  #lastOf(rows: readonly Row[]): string | undefined {
    const { fields, resumeBy } = this.#settings;
    const position = fields.findIndex(({ name }) => name === resumeBy);
    const last = rows.at(-1);
    if (position < 0 || last === undefined) return undefined;
    const missing = rows.some((row) => row[position] === null);
    if (!missing) return createTextFormatter(fields[position]?.type ?? 'string')(last[position] ?? null);
    const sentence = `stage ${this.#context.stage}: resumeBy: ${resumeBy} is null in a row; use a column that never is`;
    throw new SpectrumError('DATABASE_REFUSED', sentence, { field: resumeBy });
  }
}
