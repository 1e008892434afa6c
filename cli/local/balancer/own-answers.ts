import type { ErrorCode } from '../../../contract/errors.ts';

/** An answer of the balancer itself, in the shape of a node's error answers. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const ownAnswers = {
  noNode: define(503, 'NO_NODE_READY', 'No node is ready; try again in a second', { 'retry-after': '1' }),
  lost: define(
    503,
    'OUTCOME_UNKNOWN',
    'The node died before it answered and may have done its work; look before you repeat a change',
    {},
  ),
  lostTwice: define(503, 'NO_NODE_READY', 'Two nodes died before they answered; try again in a second', {
    'retry-after': '1',
  }),
  overdue: define(504, 'NODE_OVERDUE', 'The node did not answer in time; send fewer rows in one request', {}),
  invalidPath: define(400, 'INVALID_REQUEST', 'The request target is not a path; ask for one that begins with /', {}),
  invalidRequest: define(
    400,
    'INVALID_REQUEST',
    'The request cannot be passed on; send a path and headers without control characters',
    {},
  ),
} as const;

function define(status: number, code: ErrorCode, message: string, headers: Record<string, string>): OwnAnswer {
  return { status, headers, body: JSON.stringify({ code, message }) };
}
