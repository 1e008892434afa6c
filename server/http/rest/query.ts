import { SpectrumError } from '../../foundation/errors.ts';
import { fieldLimits } from '../limits.ts';
import {
  assertLength,
  assertText,
  type InputShape,
  noOptions,
  noUserFields,
  type RowDraft,
  refuseDuplicate,
  type ServiceCall,
  type TextLimit,
  type UserField,
  userFieldText,
} from './call.ts';

const fieldPrefix = 'Data.';
const optionPrefix = 'Option.';

/**
 * Reads `Data.*` and `Option.*` of a query (rest-soap-conventions section 2); other parameters are ignored.
 * Throws `INVALID_REQUEST` naming the parameter for bad percent-encoding, repeated parameters and unfit text.
 * @param url path and query as received
 */
export function parseQuery(shape: InputShape, url: string): ServiceCall {
  const row: RowDraft = { ...shape.emptyRow };
  const draft: QueryDraft = { row, userFields: undefined, options: undefined };
  const start = url.indexOf('?') + 1;
  if (start > 0) readParameters(shape, toUtf8(url), start, draft);
  return {
    rows: [row],
    userFields: [draft.userFields ?? noUserFields],
    options: draft.options ?? noOptions,
  };
}

interface QueryDraft {
  readonly row: RowDraft;
  userFields: UserField[] | undefined;
  options: Record<string, string> | undefined;
}

function readParameters(shape: InputShape, query: string, start: number, draft: QueryDraft): void {
  let from = start;
  while (from < query.length) {
    const ampersand = query.indexOf('&', from);
    const end = ampersand < 0 ? query.length : ampersand;
    if (end > from) readParameter(shape, query, from, end, draft);
    from = end + 1;
  }
}

function readParameter(shape: InputShape, query: string, from: number, end: number, draft: QueryDraft): void {
  const equals = query.indexOf('=', from);
  const nameEnd = equals < 0 || equals > end ? end : equals;
  const valueStart = Math.min(nameEnd + 1, end);
  const name = query.slice(from, nameEnd);
  const field = shape.parameters.get(name);
  if (field === undefined) {
    readOther(shape, decode('query', name), query.slice(valueStart, end), draft);
    return;
  }
  if (draft.row[field] !== undefined) throw refuseDuplicate(name);
  draft.row[field] = decode(name, query.slice(valueStart, end));
}

/** Options, user fields, and fields whose names are percent-encoded. */
function readOther(shape: InputShape, label: string, rawValue: string, draft: QueryDraft): void {
  const { row } = draft;
  const field = shape.parameters.get(label);
  if (field !== undefined) {
    if (row[field] !== undefined) throw refuseDuplicate(label);
    row[field] = decode(label, rawValue);
  } else if (label.startsWith(fieldPrefix)) addUserField(label, decode(label, rawValue, userFieldText), draft);
  else if (label.startsWith(optionPrefix)) addOption(label, decode(label, rawValue), draft);
}

function addUserField(label: string, value: string, draft: QueryDraft): void {
  const name = label.slice(fieldPrefix.length);
  if (name === '') throw new SpectrumError('INVALID_REQUEST', 'Data.: a field name is missing', { field: label });
  draft.userFields ??= [];
  if (draft.userFields.length >= fieldLimits.userFieldsPerRow) {
    const limit = fieldLimits.userFieldsPerRow;
    throw new SpectrumError('INVALID_REQUEST', `more than ${limit} user fields; send fewer`, { limit });
  }
  draft.userFields.push({ name, value });
}

function addOption(label: string, value: string, draft: QueryDraft): void {
  const name = label.slice(optionPrefix.length);
  draft.options ??= Object.create(null) as Record<string, string>;
  if (draft.options[name] !== undefined) throw refuseDuplicate(label);
  draft.options[name] = value;
}

/** `+` and `%20` both mean space. */
function decode(label: string, raw: string, limit?: TextLimit): string {
  const spaced = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  if (spaced.includes('%')) {
    const decoded = decodePercent(label, spaced);
    assertText(label, decoded, limit);
    return decoded;
  }
  assertLength(label, spaced, limit);
  return spaced;
}

function decodePercent(label: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SpectrumError(
      'INVALID_REQUEST',
      `${label}: the percent-encoding is not valid UTF-8; encode each byte of the UTF-8 text as %XX`,
      { field: label },
    );
  }
}

/**
 * Node hands over bytes above 0x7F of a request line as Latin-1 characters; clients that send them mean UTF-8. The
 * result is percent-encoded there again, so that one place decodes and checks whatever is not plain ASCII.
 */
function toUtf8(url: string): string {
  if (hasOnlyAscii(url)) return url;
  return encodeURI(Buffer.from(url, 'latin1').toString('utf8')).replaceAll('%25', '%');
}

function hasOnlyAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
