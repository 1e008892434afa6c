import { SpectrumError } from '../../foundation/errors.ts';
import { formatList, type ListDefinition } from '../../services/index.ts';
import { fieldLimits } from '../limits.ts';
import {
  assertLength,
  assertListField,
  assertRowCount,
  assertText,
  type InputShape,
  noOptions,
  noUserFields,
  type RowDraft,
  type ServiceCall,
  type TextLimit,
  type UserField,
  userFieldText,
} from './call.ts';

/**
 * Reads a JSON request (rest-soap-conventions section 3). Besides the service's own port and row names it takes
 * `Input` or `input_port` and `Row`, one row without its array, and rows directly below the port. Numbers, booleans
 * and null become text or missing. Throws `MALFORMED_JSON`, or `INVALID_REQUEST` naming the member.
 */
export function parseJsonRequest(shape: InputShape, text: string, rowLimit: number): ServiceCall {
  const body = asObject('the request body', parseJson(text));
  // Without a backslash JSON holds no control character and no half of a surrogate pair: two noncharacters are left.
  const assertValue = text.includes('\\') || /[\ufffe\uffff]/.test(text) ? assertText : assertLength;
  const { rows: given, label } = findRows(shape, body);
  assertRowCount(given.length, rowLimit);
  const rows: RowDraft[] = [];
  const userFields: (readonly UserField[])[] = [];
  for (let index = 0; index < given.length; index++) {
    const row: RowDraft = { ...shape.emptyRow };
    userFields.push(readRow(shape, given[index], { label, index, assertValue }, row));
    rows.push(row);
  }
  return { rows, userFields, options: readOptions(body.options, assertValue) };
}

/** Parses any JSON body; throws `MALFORMED_JSON` saying where it went wrong. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SpectrumError(
      'MALFORMED_JSON',
      `The request body is not JSON: ${(error as Error).message}`,
      {},
      { cause: error },
    );
  }
}

type JsonObject = Readonly<Record<string, unknown>>;
type AssertValue = (label: string, text: string, limit?: TextLimit) => void;

interface RowPlace {
  readonly label: string;
  readonly index: number;
  readonly assertValue: AssertValue;
}

function findRows(shape: InputShape, body: JsonObject): { rows: readonly unknown[]; label: string } {
  const ports = Object.keys(body).filter((name) => name !== 'options');
  const unknown = ports.find((name) => !shape.portNames.has(name));
  if (unknown !== undefined) {
    throw new SpectrumError(
      'INVALID_REQUEST',
      `${quote(unknown)}: the request body has no such member; use options and ${shape.port}`,
      { field: unknown, allowed: ['options', shape.port] },
    );
  }
  if (ports.length > 1) {
    throw new SpectrumError('INVALID_REQUEST', `${ports.join(' and ')}: send the rows in one of them`, { ports });
  }
  const port = ports[0];
  const content = port === undefined ? undefined : body[port];
  if (port === undefined || content === undefined || content === null) {
    throw new SpectrumError(
      'INVALID_REQUEST',
      `${shape.port} is missing; send {"${shape.port}": {"${shape.row}": [ {…} ]}}`,
      { field: shape.port },
    );
  }
  if (Array.isArray(content)) return { rows: content, label: port };
  return findRowsOfPort(shape, port, asObject(port, content));
}

function findRowsOfPort(shape: InputShape, port: string, content: JsonObject) {
  const names = Object.keys(content);
  const name = names[0];
  if (name === undefined) return { rows: [], label: `${port}.${shape.row}` };
  if (names.length > 1 || !shape.rowNames.has(name)) {
    const wrong = names.find((candidate) => !shape.rowNames.has(candidate)) ?? name;
    throw new SpectrumError(
      'INVALID_REQUEST',
      `${port}.${wrong}: not known; use ${port}.${shape.row} with an array of rows`,
      {
        field: `${port}.${wrong}`,
        allowed: shape.row,
      },
    );
  }
  const rows = content[name];
  const label = `${port}.${name}`;
  if (Array.isArray(rows)) return { rows, label };
  return { rows: rows === null ? [] : [asObject(label, rows)], label };
}

function readRow(shape: InputShape, given: unknown, place: RowPlace, row: RowDraft): readonly UserField[] {
  const object = asObject(`${place.label}[${place.index}]`, given);
  let userFields: UserField[] | undefined;
  for (const name in object) {
    const value = object[name];
    if (name === 'user_fields') {
      userFields = [...(userFields ?? []), ...readUserFields(value, place)];
      continue;
    }
    const list = typeof value === 'object' ? shape.lists.get(name) : undefined;
    if (list !== undefined && value !== null) {
      row[name] = readList(list, name, value, place);
      continue;
    }
    const isGeometry = shape.geometries.has(name) && isObject(value);
    const text = typeof value === 'string' ? value : isGeometry ? JSON.stringify(value) : toText(place, name, value);
    if (text === undefined) continue;
    if (isGeometry) row[name] = text;
    else if (shape.fields.has(name)) {
      if (text.length > 0) place.assertValue(name, text);
      row[name] = text;
    } else {
      place.assertValue('name of a user field', name);
      place.assertValue(name, text, userFieldText);
      userFields ??= [];
      userFields.push({ name, value: text });
    }
  }
  if (userFields !== undefined && userFields.length > fieldLimits.userFieldsPerRow) {
    throw new SpectrumError(
      'INVALID_REQUEST',
      `${place.label}[${place.index}]: ${userFields.length} user fields are too many; send at most ${fieldLimits.userFieldsPerRow}`,
      { field: 'user_fields', limit: fieldLimits.userFieldsPerRow },
    );
  }
  return userFields ?? noUserFields;
}

function readList(list: ListDefinition, name: string, given: unknown, place: RowPlace): string {
  const label = `${place.label}[${place.index}].${name}`;
  if (!Array.isArray(given)) throw refuseShape(label, 'an array of objects', given);
  const rows = given.map((entry: unknown, index) => {
    const values: RowDraft = {};
    for (const [field, value] of Object.entries(asObject(`${label}[${index}]`, entry))) {
      assertListField(name, list, field);
      const text = toText(place, `${name}[${index}].${field}`, value);
      if (text === undefined) continue;
      place.assertValue(field, text);
      values[field] = text;
    }
    return values;
  });
  return formatList(rows);
}

function readUserFields(given: unknown, place: RowPlace): UserField[] {
  if (given === null || given === undefined || given === '') return [];
  const label = `${place.label}[${place.index}].user_fields`;
  if (!Array.isArray(given)) throw refuseShape(label, 'an array of {"name", "value"}', given);
  return given.map((entry: unknown, index) => {
    const entryLabel = `${label}[${index}]`;
    const object = asObject(entryLabel, entry);
    const name = toText(place, `user_fields[${index}].name`, object.name);
    if (name === undefined || name === '') {
      throw new SpectrumError('INVALID_REQUEST', `${entryLabel}: the name is missing`, { field: entryLabel });
    }
    const value = toText(place, name, object.value) ?? '';
    place.assertValue(`${entryLabel}.name`, name);
    place.assertValue(name, value, userFieldText);
    return { name, value };
  });
}

function readOptions(given: unknown, assertValue: AssertValue): Readonly<Record<string, string>> {
  if (given === undefined || given === null) return noOptions;
  const object = asObject('options', given);
  const options = Object.create(null) as Record<string, string>;
  for (const name in object) {
    const text = toText(undefined, `options.${name}`, object[name]);
    if (text === undefined) continue;
    assertValue(`options.${name}`, text);
    options[name] = text;
  }
  return options;
}

/** Text of a JSON scalar; undefined for null. */
function toText(place: RowPlace | undefined, name: string, value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const label = place === undefined ? name : `${place.label}[${place.index}].${name}`;
  throw refuseShape(label, 'text, a number, true, false or null', value);
}

function asObject(label: string, value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw refuseShape(label, 'an object', value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseShape(label: string, expected: string, given: unknown): SpectrumError {
  const kind =
    given === null ? 'null' : Array.isArray(given) ? 'an array' : given === undefined ? 'missing' : nouns[typeof given];
  return new SpectrumError('INVALID_REQUEST', `${label} is ${kind}; send ${expected}`, { field: label });
}

const nouns: Readonly<Record<string, string>> = {
  object: 'an object',
  string: 'text',
  number: 'a number',
  boolean: 'a boolean',
};

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
