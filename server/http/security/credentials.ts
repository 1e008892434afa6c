import type { IncomingHttpHeaders } from 'node:http';

/** The parts of a request that say who sends it; Node's own request has them all. */
export interface Requester {
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** What a request shows: a token, or an `Authorization` header to be read as Basic, or nothing. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string; readonly session: string | undefined }
  | { readonly kind: 'authorization'; readonly authorization: string | undefined };

const tokenCookie = 'spectrum.authentication.token';
export const sessionCookie = 'SESSION';

/** Finds the credentials (rest-soap-conventions section 6): the header counts before the cookie. */
export function readCredentials({ authorization, cookie }: IncomingHttpHeaders): Credentials {
  if (authorization !== undefined && authorization !== '') {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (token === undefined) return { kind: 'authorization', authorization };
    return { kind: 'token', token, session: readCookie(cookie, sessionCookie) };
  }
  const token = cookie === undefined ? undefined : readCookie(cookie, tokenCookie);
  if (token === undefined) return { kind: 'authorization', authorization: undefined };
  return { kind: 'token', token, session: readCookie(cookie, sessionCookie) };
}

/** The computer a request comes from: what the nearest proxy says, else the other end of the connection. */
export function hostOf({ headers, socket }: Requester): string {
  const forwarded = headers['x-forwarded-for'];
  const nearest = forwarded === undefined ? undefined : String(forwarded).split(',').at(-1)?.trim();
  return (nearest || socket.remoteAddress || '').replace(/^::ffff:/, '');
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) {
      return part
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
    }
  }
  return undefined;
}
