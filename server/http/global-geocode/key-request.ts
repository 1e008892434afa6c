import { noUserFields, type ServiceCall } from '../rest/call.ts';
import { type Members, parseBody, pick, readObjects, readQueryMembers } from './members.ts';

/** Members of a key, and the fields of the stage that they are; `key` in a query, `value` in a body. */
const keyMembers: Readonly<Record<string, string>> = { value: 'Key', key: 'Key', country: 'Country' };
const typeMembers: Readonly<Record<string, string>> = { type: 'Type' };

/** Reads a query of one key. */
export function readKeyQuery(url: string): ServiceCall {
  const members = readQueryMembers(url);
  return toCall([members], members);
}

/** Reads a posted request of several keys. Throws `MALFORMED_JSON` or `INVALID_REQUEST`. */
export function readKeyBody(text: string): ServiceCall {
  const body = parseBody(text);
  return toCall(readObjects(body.keys, 'keys'), body);
}

function toCall(keys: readonly Members[], request: Members): ServiceCall {
  const rows = keys.map((key) => pick(keyMembers, key));
  return { rows, userFields: rows.map(() => noUserFields), options: pick(typeMembers, request) };
}
