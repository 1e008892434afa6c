import {
  createTextFormatter,
  createTextParser,
  type FieldType,
  Layout,
  type LayoutField,
  type Problem,
  type Row,
  type ServiceRow,
  type Stage,
  type StageContext,
  type StageDefinition,
  type StageType,
} from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { optional, preset, record, text, type ValueOf } from '../../foundation/fields.ts';
import type { FieldDefinition, ServiceDefinition } from '../../services/index.ts';
import { CallsInFlight } from './calls-in-flight.ts';

/** A registered service as a stage of a dataflow, from the same definition that makes its interfaces. */
export function createServiceStage(service: ServiceDefinition): StageType<ServiceSettings> {
  const definition: StageDefinition<ServiceSettings> = {
    name: service.name,
    label: service.name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' '),
    group: 'services',
    description: service.description,
    inputs: { fixed: [{ name: 'input_port', description: 'Records with the fields of the service' }] },
    outputs: { fixed: [{ name: 'output_port', description: 'The same records with the answer of the service' }] },
    settings: settingsOf(service),
  };
  return {
    definition,
    plan: ({ settings, inputs, wanted }) => {
      const input = inputs.get('input_port') as Layout;
      const whole = input.with(service.output.fields.map(toLayoutField));
      const output = wanted === undefined ? whole : new Layout(whole.fields.filter(({ name }) => wanted.has(name)));
      return {
        outputs: new Map([['output_port', output]]),
        problems: [...checkOptions(service, settings), ...checkInput(service, input)],
        flow: 'streaming',
        canResume: true,
        canShareRows: true,
        reads: (fields) => new Set([...service.input.fields.map(({ name }) => name), ...notAnswered(service, fields)]),
        open: (context) => openService(service, settings, { input, output }, context),
      };
    },
  };
}

type ServiceSettings = ValueOf<ReturnType<typeof settingsOf>>;

function settingsOf({ options }: ServiceDefinition) {
  const members = Object.entries(options).map(([name, { description, allowed, defaultText }]) => {
    const preset = defaultText === '' ? '' : `; ${defaultText} when absent`;
    return [name, optional(text(`${description} (${allowed}${preset})`))] as const;
  });
  return record('Settings of the service', {
    options: preset(record('Options; those of the service otherwise', Object.fromEntries(members)), {}),
  });
}

/** Fields that pass the service by, as it has none of the name. */
function notAnswered({ output }: ServiceDefinition, names: ReadonlySet<string>): string[] {
  return [...names].filter((name) => output.fields.every((field) => field.name !== name));
}

function toLayoutField({ name, type }: FieldDefinition): LayoutField {
  return { name, type: type ?? 'string' };
}

function checkOptions({ options }: ServiceDefinition, settings: ServiceSettings): Problem[] {
  return Object.entries(settings.options).flatMap(([name, given]) => {
    try {
      if (given !== undefined && given !== '') options[name]?.parse(name, given);
      return [];
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      return [{ setting: `options.${name}`, sentence: `options.${error.message}` }];
    }
  });
}

function checkInput({ name, input }: ServiceDefinition, layout: Layout): Problem[] {
  const names = input.fields.map((field) => field.name);
  if (names.some((field) => layout.positionOf(field) >= 0)) return [];
  const few = names.slice(0, 8).join(', ');
  const sentence = `no field arrives that ${name} takes; rename fields by a Transformer to ${few}${names.length > 8 ? ' …' : ''}`;
  return [{ port: 'input_port', sentence }];
}

interface Layouts {
  readonly input: Layout;
  readonly output: Layout;
}

function openService(
  service: ServiceDefinition,
  settings: ServiceSettings,
  layouts: Layouts,
  context: StageContext,
): Stage {
  const given = Object.entries(settings.options).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const { instances, outputs, resources } = context;
  const fields = service.output.fields.map(({ name }) => name).filter((name) => layouts.output.positionOf(name) >= 0);
  const caller = resources.services.open(service.name, Object.fromEntries(given), { fields, instances });
  const toServiceRow = createRequestWriter(service, layouts.input);
  const addAnswer = createAnswerReader(service, layouts);
  const output = outputs.get('output_port');
  const call = async (rows: Row[]) => ({ rows, answers: await caller.call(rows.map(toServiceRow)) });
  const give = ({ rows, answers }: Awaited<ReturnType<typeof call>>) => {
    const answered: Row[] = [];
    for (let index = 0; index < rows.length; index++) {
      for (const answer of answers[index] ?? []) answered.push(addAnswer(rows[index] as Row, answer));
    }
    return output?.write(answered);
  };
  if (instances === 1) return { process: async (rows) => give(await call(rows)) };
  const calls = new CallsInFlight(instances + 1, give);
  return {
    process: (rows) => calls.add(() => call(rows)),
    checkpoint: () => calls.drain(),
    finish: () => calls.drain(),
  };
}

/** Rows as the service takes them; all have the same members, so that they are quick to read. */
function createRequestWriter({ input }: ServiceDefinition, layout: Layout): (row: Row) => ServiceRow {
  const fields = input.fields
    .filter(({ list }) => list === undefined)
    .map(({ name }) => ({ name, position: layout.positionOf(name) }));
  const empty = Object.fromEntries(fields.map(({ name }) => [name, undefined as string | undefined]));
  const sent = fields
    .filter(({ position }) => position >= 0)
    .map(({ name, position }) => ({
      name,
      position,
      format: createTextFormatter(layout.fields[position]?.type as FieldType),
    }));
  return (row) => {
    const request = { ...empty };
    for (const { name, position, format } of sent) {
      const value = row[position] ?? null;
      if (value !== null) request[name] = typeof value === 'string' ? value : format(value);
    }
    return request;
  };
}

/** The row with the answer behind it, or over fields of the same name: one row for each answer. */
function createAnswerReader({ output }: ServiceDefinition, layouts: Layouts): (row: Row, answer: ServiceRow) => Row {
  const answered = new Set(output.fields.map(({ name }) => name));
  const cells = layouts.output.fields.map(({ name, type }) => ({
    name,
    position: answered.has(name) ? -1 : layouts.input.positionOf(name),
    parse: type === 'string' ? undefined : createTextParser(type),
  }));
  return (row, answer) => {
    const result: Row = new Array(cells.length);
    for (let index = 0; index < cells.length; index++) {
      const { name, position, parse } = cells[index] as (typeof cells)[number];
      if (position >= 0) {
        result[index] = row[position] ?? null;
        continue;
      }
      const value = answer[name];
      // What a service leaves empty is missing, as `Status` of a good record: null, as conditions expect it.
      if (value === undefined || value === '') result[index] = null;
      else result[index] = parse === undefined ? value : (parse(value) ?? null);
    }
    return result;
  };
}
