import { type ErrorCode, errorCodes } from '../../../contract/errors.ts';
import { type Json, objectSchema, reference } from './schemas.ts';

interface Refusal {
  readonly name: string;
  readonly status: number;
  readonly description: string;
}

const refusals: readonly Refusal[] = [
  refusal('INVALID_REQUEST', 'The request or one of its options is wrong'),
  refusal('CREDENTIALS_REQUIRED', 'Credentials are missing or wrong'),
  refusal('NOT_PERMITTED', 'The user may not call the service'),
  refusal('BODY_TOO_LARGE', 'The body is larger than the node takes'),
  refusal('UNSUPPORTED_CONTENT_TYPE', 'The body is neither JSON nor XML in UTF-8'),
  refusal('DATABASE_UNAVAILABLE', 'The node cannot answer now; try again'),
];

/** The schema of every refusal. */
export const errorSchema: Json = {
  ...objectSchema(
    {
      code: { type: 'string', enum: Object.keys(errorCodes) },
      message: { type: 'string', description: 'What was wrong and what is allowed, in one sentence' },
      requestId: { type: 'string' },
    },
    ['code', 'message', 'requestId'],
  ),
  xml: { name: 'error' },
};

/** The shared responses, by the names that `refusalsOf` refers to. */
export function describeRefusals(): Json {
  return Object.fromEntries(refusals.map(({ name, description }) => [name, refusalResponse(description)]));
}

/** References to the responses of these statuses; to all when none are given. */
export function refusalsOf(statuses?: readonly number[]): Json {
  const chosen = refusals.filter(({ status }) => statuses?.includes(status) ?? true);
  return Object.fromEntries(chosen.map(({ name, status }) => [status, { $ref: `#/components/responses/${name}` }]));
}

function refusal(code: ErrorCode, description: string): Refusal {
  return { name: `E${errorCodes[code].status}`, status: errorCodes[code].status, description };
}

function refusalResponse(description: string): Json {
  const schema = reference('Error');
  return { description, content: { 'application/json': { schema }, 'application/xml': { schema } } };
}
