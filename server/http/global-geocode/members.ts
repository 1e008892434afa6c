import { SpectrumError } from '../../foundation/errors.ts';
import { assertText } from '../rest/call.ts';

/** Members of a posted object, or parameters of a query. */
export type Members = Readonly<Record<string, unknown>>;

/** Addresses, points or keys of one posted request at most. */
export const mostAddresses = 100;

/** Unknown parameters are ignored. */
export function readQueryMembers(url: string): Members {
  const start = url.indexOf('?') + 1;
  return Object.fromEntries(start > 0 ? new URLSearchParams(url.slice(start)) : []);
}

/** Throws `MALFORMED_JSON` or `INVALID_REQUEST`. */
export function parseBody(text: string): Members {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new SpectrumError('MALFORMED_JSON', 'The request body is not JSON', { cause: String(error) });
  }
  if (!isMembers(body)) throw refuse('The request body is no JSON object');
  return body;
}

/** The objects of a list of a request; throws `INVALID_REQUEST` when it is none, or too long. */
export function readObjects(list: unknown, name: string): readonly Members[] {
  if (!Array.isArray(list)) throw refuse(`${name} is missing; send an array of ${name}`);
  if (list.length > mostAddresses) {
    throw refuse(`${list.length} ${name} are too many; send at most ${mostAddresses} in one request`);
  }
  return list.map((entry: unknown, index) => {
    if (!isMembers(entry)) throw refuse(`${name}[${index}] is no object`);
    return entry;
  });
}

/** Members with a value, under the names of the stage, as text. */
export function pick(names: Readonly<Record<string, string>>, members: Members): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [member, name] of Object.entries(names)) {
    const value = members[member];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    const text = String(value);
    assertText(member, text);
    picked[name] = text;
  }
  return picked;
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function refuse(sentence: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', sentence, {});
}
