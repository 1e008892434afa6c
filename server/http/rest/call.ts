import { SpectrumError } from '../../foundation/errors.ts';
import type { InputRow, ListDefinition, ServiceAnswer, ServiceDefinition } from '../../services/index.ts';
import { fieldLimits } from '../limits.ts';

export interface UserField {
  readonly name: string;
  readonly value: string;
}

/** One request to a service, whatever it was written in. */
export interface ServiceCall {
  readonly rows: readonly InputRow[];
  /** The user fields of each row, in the order sent. */
  readonly userFields: readonly (readonly UserField[])[];
  readonly options: Readonly<Record<string, string>>;
}

/** The user fields of each entry of an answer: those of the row that it belongs to. */
export function userFieldsOf({ userFields }: ServiceCall, { origins }: ServiceAnswer): ServiceCall['userFields'] {
  return origins === undefined ? userFields : origins.map((row) => userFields[row] ?? noUserFields);
}

export const noUserFields: readonly UserField[] = Object.freeze([]);
export const noOptions: Readonly<Record<string, string>> = Object.freeze({});

/** What the readers of all formats need to know about a service's input, worked out once. */
export interface InputShape {
  readonly service: string;
  readonly port: string;
  readonly row: string;
  readonly fields: ReadonlySet<string>;
  /** Fields that hold rows of their own. */
  readonly lists: ReadonlyMap<string, ListDefinition>;
  /** Fields that JSON may write as an object. */
  readonly geometries: ReadonlySet<string>;
  /** `Data.<field>` to field: the parameters of a query. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Accepted spellings of the port and of the row, the service's own among them (conventions section 3). */
  readonly portNames: ReadonlySet<string>;
  readonly rowNames: ReadonlySet<string>;
  /** A row in which every field is missing; copied, so that all rows have one hidden class. */
  readonly emptyRow: InputRow;
}

/** Derives the shape of a service's input rows from its definition. */
export function createInputShape(definition: ServiceDefinition): InputShape {
  const names = definition.input.fields.map(({ name }) => name);
  return {
    service: definition.name,
    port: definition.input.port,
    row: definition.input.row,
    fields: new Set(names),
    lists: new Map(definition.input.fields.flatMap(({ name, list }) => (list === undefined ? [] : [[name, list]]))),
    geometries: new Set(definition.input.fields.filter(({ type }) => type === 'geometry').map(({ name }) => name)),
    parameters: new Map(names.map((name) => [`Data.${name}`, name])),
    portNames: new Set([definition.input.port, 'Input', 'input_port']),
    rowNames: new Set([definition.input.row, 'Row']),
    emptyRow: Object.fromEntries(names.map((name) => [name, undefined])),
  };
}

/** Whether every record of a service can be written in a query: lists cannot (rest-soap-conventions section 2). */
export function fitsQuery({ input }: ServiceDefinition): boolean {
  return input.fields.every(({ list }) => list === undefined);
}

/** Throws `INVALID_REQUEST` for a field that the rows of a list do not have. */
export function assertListField(list: string, { fields }: ListDefinition, name: string): void {
  if (fields.some((field) => field.name === name)) return;
  throw new SpectrumError(
    'INVALID_REQUEST',
    `${list}: ${JSON.stringify(name.slice(0, 64))} is not one of its fields; use ${fields.map((field) => field.name).join(', ')}`,
    { field: list },
  );
}

/** A row under construction: mutable here, read-only for the service. */
export type RowDraft = Record<string, string | undefined>;

/** How much text may stand in one place. */
export interface TextLimit {
  readonly noun: string;
  readonly characters: number;
}

const fieldText: TextLimit = { noun: 'a field', characters: fieldLimits.characters };
export const userFieldText: TextLimit = { noun: 'a user field', characters: fieldLimits.userFieldCharacters };

/**
 * Refuses text that no answer could carry: longer than the limit, control characters other than tab and line ends,
 * noncharacters, halves of surrogate pairs. Throws `INVALID_REQUEST` naming `label`.
 */
export function assertText(label: string, text: string, limit = fieldText): void {
  assertLength(label, text, limit);
  const position = text.search(uncarriable);
  if (position < 0) return;
  const code = text.charCodeAt(position);
  const codePoint = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const kind = code >= 0xd800 && code <= 0xdfff ? 'half of a surrogate pair' : 'control character';
  throw new SpectrumError(
    'INVALID_REQUEST',
    `${label}: ${kind} ${codePoint} at character ${position + 1} is not allowed; remove it`,
    { field: label, codePoint, position: position + 1 },
  );
}

/** Throws `INVALID_REQUEST` naming `label` when `text` is longer than it may be. */
export function assertLength(label: string, text: string, { noun, characters }: TextLimit = fieldText): void {
  if (text.length <= characters) return;
  throw new SpectrumError(
    'INVALID_REQUEST',
    `${label}: ${text.length} characters are too many; ${noun} has at most ${characters}`,
    { field: label, length: text.length, limit: characters },
  );
}

/** Throws `INVALID_REQUEST` when more rows arrive than a request may hold. */
export function assertRowCount(count: number, limit: number): void {
  if (count <= limit) return;
  throw new SpectrumError(
    'INVALID_REQUEST',
    `${count} rows are too many; send at most ${limit} rows in one request (50 to 100 perform best)`,
    { rows: count, limit },
  );
}

/** Complaint about a field, option or parameter that is given more than once. */
export function refuseDuplicate(label: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `${label} is given more than once; send it once`, { field: label });
}

// What XML 1.0 section 2.2 (Char) excludes: controls other than tab, line feed and carriage return, surrogates, U+FFFE
// and U+FFFF. DEL and the C1 controls are legal there, so that they pass as they are.
const uncarriable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
