import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Names requests: by the `X-Request-Id` the caller sent when it is fit for a log line, else by a number behind a
 * prefix of this process, which costs nothing and is as unique.
 */
export function createRequestIds(): (request: Pick<IncomingMessage, 'headers'>) => string {
  const prefix = randomBytes(6).toString('base64url');
  let count = 0;
  return ({ headers }) => {
    const given = headers['x-request-id'];
    if (typeof given === 'string' && fitId.test(given)) return given;
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}

const fitId = /^[\w.:/+=@-]{1,128}$/;
