import {
  createTextFormatter,
  createTextParser,
  type ExchangeSettings,
  exchangeLayout,
  type Layout,
  type LayoutField,
  type Row,
  type StageType,
  type Value,
} from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { repeatedNames } from '../layouts.ts';
import { outputDefinition } from './definition.ts';

export const output: StageType<ExchangeSettings> = {
  definition: outputDefinition,
  plan: ({ settings, inputs }) => {
    const problems = repeatedNames(settings.fields);
    const project = problems.length > 0 ? [] : createProjection(inputs.get('input_port') as Layout, settings);
    return {
      outputs: new Map(),
      problems,
      flow: 'streaming',
      canResume: false,
      open: ({ resources }) => {
        const { exchange } = resources;
        if (exchange === undefined)
          throw new SpectrumError('INVALID_DATAFLOW', 'Output takes the records of an answer, and a job gives none');
        return { process: (rows) => exchange.answer(rows.map((row) => project.map((read) => read(row)))) };
      },
    };
  },
};

type Reader = (row: Row) => Value;

/** Each declared field from the one of its name that arrives, in the declared type. */
function createProjection(input: Layout, settings: ExchangeSettings): readonly Reader[] {
  return exchangeLayout(settings).fields.map((field) => createReader(input, field));
}

function createReader(input: Layout, field: LayoutField): Reader {
  const position = input.positionOf(field.name);
  const given = input.fields[position];
  if (given === undefined) return () => null;
  if (given.type === 'list' && field.type === 'list') return createListReader(position, given, field);
  if (given.type === field.type) return (row) => row[position] ?? null;
  const format = createTextFormatter(given.type);
  const parse = createTextParser(field.type);
  return (row) => {
    const value = row[position] ?? null;
    return value === null ? null : (parse(format(value)) ?? null);
  };
}

/** Rows of a list have only the fields that the answer declares. */
function createListReader(position: number, given: LayoutField, { fields = [] }: LayoutField): Reader {
  const sources = fields.map(({ name }) => (given.fields ?? []).findIndex((other) => other.name === name));
  return (row) => {
    const rows = row[position] as readonly Row[] | null | undefined;
    return rows?.map((entry) => sources.map((source) => entry[source] ?? null)) ?? null;
  };
}
