import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import { publicOrigin } from '../rest/public-url.ts';
import type { Route } from '../route.ts';
import { readCredentials, sessionCookie } from './credentials.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { revisionHeader } from './revision-gate.ts';
import { formatSecurityWadl } from './token-wadl.ts';
import type { IssuedToken, TokenRequest, Tokens } from './tokens.ts';

export interface TokenProps {
  readonly gatekeeper: Gatekeeper;
  readonly tokens: Tokens;
}

/** The longest life that is not endless: a hundred years. */
const longestLifeMinutes = 52_560_000;

/** Every URL of the token service (rest-soap-conventions section 6). */
export function tokenRoutes(props: TokenProps): readonly Route[] {
  const base = '/security/rest';
  return [
    { method: 'GET', path: base, handler: describe },
    { method: 'GET', path: `${base}/`, handler: describe },
    { method: 'GET', path: `${base}/token/access/session/:minutes`, handler: issue(props, 'session') },
    { method: 'GET', path: `${base}/token/access/:minutes`, handler: issue(props, 'open') },
    { method: 'GET', path: `${base}/token/logout`, handler: logout(props) },
  ];
}

/** Minutes from 0 (no end) on; throws `INVALID_REQUEST` for anything else. */
export function parseLifeMinutes(text: string): number {
  const minutes = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (minutes <= longestLifeMinutes) return minutes;
  throw new SpectrumError(
    'INVALID_REQUEST',
    `Time to live: ${JSON.stringify(text.slice(0, 40))} is not allowed; use whole minutes from 0 (no end) to ${longestLifeMinutes}`,
    { field: 'ttlInMinutes', given: text.slice(0, 40) },
  );
}

/** Hands the session over as a cookie too, as a browser keeps it best. */
export function setSessionCookie(reply: FastifyReply, { raw }: FastifyRequest, { session }: IssuedToken): void {
  if (session === undefined) return;
  const secure = publicOrigin(raw).startsWith('https') ? '; Secure' : '';
  reply.header('set-cookie', `${sessionCookie}=${session}; Path=/; HttpOnly; SameSite=Lax${secure}`);
}

/** Ends the token that the request shows; throws `CREDENTIALS_REQUIRED` when it shows none. */
export async function revokePresented(
  { gatekeeper, tokens }: TokenProps,
  { raw }: FastifyRequest,
  reply: FastifyReply,
) {
  const credentials = readCredentials(raw.headers);
  if (credentials.kind !== 'token') {
    throw new SpectrumError('CREDENTIALS_REQUIRED', 'There is no token to end; send it as Bearer or as cookie', {});
  }
  await gatekeeper.identify(raw);
  const { epoch, revision } = await tokens.revoke(credentials);
  reply.header(revisionHeader, `${epoch}.${revision}`);
}

function issue({ gatekeeper, tokens }: TokenProps, kind: TokenRequest['kind']): Route['handler'] {
  return async (request, reply) => {
    const { name } = await gatekeeper.identify(request.raw);
    const { minutes = '' } = request.params as { readonly minutes?: string };
    const issued = await tokens.issue(name, { kind, lifeMinutes: parseLifeMinutes(minutes) }, request.raw);
    setSessionCookie(reply, request, issued);
    const { token, session, userName } = issued;
    // Tokens are secrets: no cache may keep them.
    reply.header('cache-control', 'no-store');
    return sendJson(reply, { access_token: token, ...(session === undefined ? {} : { session }), username: userName });
  };
}

function logout(props: TokenProps): Route['handler'] {
  return async (request, reply) => {
    await revokePresented(props, request, reply);
    return sendJson(reply, {});
  };
}

function describe({ raw }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!/[?&]_?wadl(?:[&=]|$)/.test(raw.url ?? '')) {
    throw new SpectrumError('UNKNOWN_PATH', '/security/rest alone answers nothing; read /security/rest?_wadl', {});
  }
  return reply.type('application/xml;charset=utf-8').send(formatSecurityWadl(publicOrigin(raw)));
}

function sendJson(reply: FastifyReply, value: object): FastifyReply {
  return reply.type('application/json;charset=utf-8').send(JSON.stringify(value));
}
