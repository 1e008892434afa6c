import type { FastifyRequest } from 'fastify';
import { type ErrorAnswer, formatErrorJson, formatErrorXml } from './errors.ts';
import { faultStatus, formatFault } from './soap/fault.ts';
import { versionOf } from './soap/versions.ts';

/** An error as its caller reads it. */
export interface FormattedError {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Writes an error in the words of the interface that was called: a SOAP fault, XML or JSON. */
export function formatError(
  answer: ErrorAnswer,
  { method, headers, id }: FastifyRequest,
  path: string,
): FormattedError {
  if (method === 'POST' && soapPaths.test(path)) {
    const version = versionOf(headers['content-type']);
    return { status: faultStatus(answer), contentType: version.contentType, body: formatFault(answer, version) };
  }
  const { status } = answer;
  if (path.endsWith('.xml')) {
    return { status, contentType: 'application/xml;charset=utf-8', body: formatErrorXml(answer, id) };
  }
  return { status, contentType: 'application/json;charset=utf-8', body: formatErrorJson(answer, id) };
}

const soapPaths = /^\/(?:soap\/|security\/[^/]+\/?$)/;
