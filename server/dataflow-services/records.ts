import {
  createTextFormatter,
  createTextParser,
  type ExchangedField,
  type ExchangeSettings,
  type FieldType,
  type Row,
  type Value,
} from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { formatList, type InputRow, type OutputRow, parseList } from '../services/index.ts';

/** Reads the records of a request as the Input declares them. Throws `INVALID_REQUEST` naming field and value. */
export function createRequestReader({ fields }: ExchangeSettings): (rows: readonly InputRow[]) => Row[] {
  const readers = fields.map((field) => ({ field, read: createValueReader(field) }));
  return (rows) =>
    rows.map((given, place) => {
      const row: Row = readers.map(({ field, read }) => {
        const text = given[field.name];
        if (text !== undefined) return read(text);
        if (!field.required) return null;
        throw new SpectrumError('INVALID_REQUEST', `${field.name} is missing; send it with every record`, {
          field: field.name,
        });
      });
      row.push(place);
      return row;
    });
}

/** Writes records as the Output declares them; what is null is left out. */
export function createAnswerWriter({ fields }: ExchangeSettings): (row: Row) => OutputRow {
  const writers = fields.map((field) => ({ name: field.name, write: createValueWriter(field) }));
  return (row) => {
    const answer: OutputRow = {};
    for (let index = 0; index < writers.length; index++) {
      const value = row[index] ?? null;
      const { name, write } = writers[index] as (typeof writers)[number];
      if (value !== null) answer[name] = typeof value === 'string' ? value : write(value);
    }
    return answer;
  };
}

function createValueReader({ name, type, fields = [] }: ExchangedField): (text: string) => Value {
  if (type !== 'list') return createTextReader(name, type);
  const readers = fields.map((field) => ({ field, read: createTextReader(`${name}.${field.name}`, field.type) }));
  return (text) =>
    parseList(text).map((given) =>
      readers.map(({ field, read }) => {
        const value = given[field.name];
        return value === undefined ? null : read(value);
      }),
    );
}

function createTextReader(name: string, type: FieldType): (text: string) => Value {
  if (type === 'string') return (text) => text;
  const parse = createTextParser(type);
  return (text) => {
    const value = parse(text);
    if (value !== undefined) return value;
    const sentence = `${name}: ${JSON.stringify(text.slice(0, 100))} is not a value of type ${type}; send ${allowed[type]}`;
    throw new SpectrumError('INVALID_REQUEST', sentence, { field: name });
  };
}

function createValueWriter({ type, fields = [] }: ExchangedField): (value: Value) => string {
  if (type !== 'list') return createTextFormatter(type);
  const writers = fields.map((field) => ({ name: field.name, write: createTextFormatter(field.type) }));
  return (value) =>
    formatList(
      (value as readonly Row[]).map((row) => {
        const entries = writers.map(({ name, write }, index) => [name, row[index] ?? null, write] as const);
        return Object.fromEntries(
          entries.filter(([, entry]) => entry !== null).map(([name, entry, write]) => [name, write(entry)]),
        );
      }),
    );
}

const allowed: Readonly<Record<Exclude<FieldType, 'string'>, string>> = {
  boolean: 'true or false',
  integer: 'a whole number of 32 bits',
  long: 'a whole number of 64 bits',
  float: 'a number such as -12.5',
  double: 'a number such as -12.5',
  bigdecimal: 'a number such as -12.5',
  date: 'a date such as 2027-03-31',
  time: 'a time such as 23:59:00',
  datetime: 'a date and time such as 2027-03-31T23:59:00',
  bytearray: 'bytes in base64',
  list: 'a list of records',
  geometry: 'a GeoJSON geometry',
};
