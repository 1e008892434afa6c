import type { Row, Value } from '../dataflow/index.ts';
import type { FileField } from './file-settings.ts';
import { createFieldFormatter, createFieldParser, NoValue, type OnNoValue } from './nested-values.ts';
import { type PathStep, parsePath } from './path.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Reads a JSON document as a row; or says why it is none. */
export function createJsonReader(fields: readonly FileField[], onNoValue: OnNoValue): (text: string) => Row | string {
  const read = createRowReader(fields, onNoValue);
  return (text) => {
    try {
      return read(JSON.parse(text) as Json);
    } catch (error) {
      if (error instanceof NoValue || error instanceof SyntaxError) return error.message;
      throw error;
    }
  };
}

function createRowReader(fields: readonly FileField[], onNoValue: OnNoValue): (document: Json) => Row {
  const readers = fields.map((field) => {
    const steps = stepsOf(field);
    const read = createValueReader(field, onNoValue);
    return (document: Json): Value => {
      const found = find(document, steps);
      return found === null || found === undefined ? null : read(found);
    };
  });
  return (document) => readers.map((read) => read(document));
}

function stepsOf({ name, path }: FileField): readonly PathStep[] {
  return path === undefined ? [{ name, index: undefined, isAttribute: false }] : parsePath(path, '.');
}

function find(document: Json, steps: readonly PathStep[]): Json | undefined {
  let found: Json | undefined = document;
  for (const { name, index } of steps) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, name))
      return undefined;
    found = (found as { readonly [name: string]: Json })[name];
    if (index !== undefined) found = Array.isArray(found) ? (found[index] as Json | undefined) : undefined;
  }
  return found;
}

function createValueReader(field: FileField, onNoValue: OnNoValue): (found: Json) => Value {
  const { name, type, fields = [] } = field;
  if (type === 'list') {
    const read = createRowReader(fields as readonly FileField[], onNoValue);
    return (found) => {
      if (Array.isArray(found)) return found.map((element: Json) => read(element));
      if (onNoValue === 'null') return null;
      throw new NoValue(`${name}: ${JSON.stringify(found).slice(0, 60)} is no list`);
    };
  }
  const parse = createFieldParser(field, onNoValue);
  return (found) =>
    parse(typeof found === 'string' ? found : typeof found === 'object' ? JSON.stringify(found) : String(found));
}

/** Writes a row as a JSON document in one line. */
export function createJsonFormatter(fields: readonly FileField[], recordSeparator: string): (row: Row) => string {
  const build = createBuilder(fields);
  return (row) => JSON.stringify(build(row)) + recordSeparator;
}

/** Objects and arrays on their way to JSON. */
type Container = Record<string, unknown> | unknown[];

function createBuilder(fields: readonly FileField[]): (row: Row) => unknown {
  const columns = fields.map((field) => ({ steps: stepsOf(field), toJson: createJsonValue(field) }));
  // A list of plain values: its one field is the element itself.
  const [only] = columns;
  if (columns.length === 1 && only?.steps.length === 0) return (row) => only.toJson(row[0] ?? null);
  return (row) => {
    const document: Record<string, unknown> = {};
    for (const [position, { steps, toJson }] of columns.entries()) put(document, steps, toJson(row[position] ?? null));
    return document;
  };
}

function put(document: Record<string, unknown>, steps: readonly PathStep[], value: unknown): void {
  const keys = steps.flatMap(({ name, index }) => (index === undefined ? [name] : [name, index]));
  let at: Container = document;
  for (const [place, key] of keys.entries()) {
    const next = keys[place + 1];
    const known = Object.hasOwn(at, key) ? (at as Record<string | number, unknown>)[key] : undefined;
    const inner = next === undefined ? value : (known ?? (typeof next === 'number' ? [] : {}));
    // Plain assignment would give __proto__ its meaning.
    Object.defineProperty(at, key, { value: inner, enumerable: true, writable: true, configurable: true });
    at = inner as Container;
  }
}

function createJsonValue(field: FileField): (value: Value) => unknown {
  const { type, fields = [] } = field;
  const format = type === 'list' ? undefined : createFieldFormatter(field);
  switch (type) {
    case 'list': {
      const build = createBuilder(fields as readonly FileField[]);
      return (value) => (value === null ? null : (value as Row[]).map(build));
    }
    case 'string':
    case 'boolean':
    case 'integer':
    case 'float':
    case 'double':
    case 'geometry':
      return (value) => value;
    case 'long':
      // Readers take numbers for doubles, which do not have these.
      return (value) =>
        Number.isSafeInteger(Number(value)) && value !== null ? Number(value) : value === null ? null : String(value);
    default:
      return (value) => (value === null ? null : format?.(value));
  }
}
