import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../foundation/log.ts';
import { formatError } from './error-format.ts';
import { type ErrorAnswer, toErrorAnswer } from './errors.ts';
import { timeLimits } from './limits.ts';
import type { RequestMeter } from './rest/request-meter.ts';

export interface RefusalProps {
  readonly log: Log;
  readonly meter: RequestMeter;
}

/** Derives the function that answers a request with an error, in the format its path asks for. */
export function createRefusal({ log, meter }: RefusalProps) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const answer = toErrorAnswer(error);
    meter.countError(answer.code);
    if (answer.isFault) log.error({ requestId: request.id, err: error, url: request.url }, 'A request failed');
    const { status, contentType, body: text } = formatError(answer, request, pathOf(request.raw.url ?? ''));
    const body = Buffer.from(text, 'utf8');
    reply
      .code(status)
      .headers(headersOf(answer))
      .header('x-request-id', request.id)
      .header('content-type', contentType);
    if (hasUnreadBody(request)) refuseRest(request, reply, body);
    else reply.send(body);
  };
}

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function headersOf({ status, facts }: ErrorAnswer): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Basic realm="Spectrum", charset="UTF-8"' };
  if (status === 429) return { 'retry-after': String(Math.ceil(Number(facts.retryAfterMs ?? 1_000) / 1_000)) };
  if (status === 503) return { 'retry-after': '1' };
  if (status === 405 && Array.isArray(facts.allowed)) return { allow: facts.allowed.join(', ') };
  return {};
}

/** Small bodies are left to Node, which reads past them, so that the connection can go on. */
const smallBodyBytes = 65_536;

function hasUnreadBody({ raw }: FastifyRequest): boolean {
  if (raw.complete || raw.readableEnded) return false;
  const announced = raw.headers['content-length'];
  if (announced !== undefined) return Number(announced) > smallBodyBytes;
  return raw.headers['transfer-encoding'] !== undefined;
}

/**
 * Answers, then throws away what still comes for a moment before closing: a socket closed with unread data is reset,
 * and the client would lose the answer (RFC 9112 section 9.6).
 */
function refuseRest(request: FastifyRequest, reply: FastifyReply, body: Buffer): void {
  const { raw } = reply.hijack();
  const headers = { ...reply.getHeaders(), connection: 'close', 'content-length': body.length };
  raw.writeHead(reply.statusCode, headers as Record<string, string | number>);
  raw.write(body);
  const finish = () => {
    clearTimeout(timer);
    raw.end();
  };
  const timer = setTimeout(finish, timeLimits.lingerMs);
  request.raw.once('end', finish);
  request.raw.once('close', finish);
  request.raw.on('data', () => undefined);
  request.raw.resume();
}
