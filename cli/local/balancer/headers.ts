import type { IncomingMessage } from 'node:http';

/** About one connection, so never passed on (RFC 9110 section 7.6.1), with those that Node.js and undici write anew. */
const hopByHop = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Replaced by what this balancer knows itself. */
const replaced = new Set([
  'content-length',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/** Headers for the node, as alternating names and values in the client's order. */
export function forwardedHeaders(request: IncomingMessage): string[] {
  const named = namedByConnection(request.headers.connection);
  const headers: string[] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = String(request.rawHeaders[at]);
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || replaced.has(lower) || named.has(lower)) continue;
    headers.push(name, String(request.rawHeaders[at + 1]));
  }
  const before = request.headers['x-forwarded-for'];
  const client = request.socket.remoteAddress ?? 'unknown';
  headers.push('x-forwarded-for', before === undefined ? client : `${String(before)}, ${client}`);
  if (request.headers.host !== undefined) headers.push('x-forwarded-host', request.headers.host);
  headers.push('x-forwarded-proto', 'http', 'x-forwarded-port', String(request.socket.localPort ?? ''));
  return headers;
}

/** Headers for the client. */
export function answeredHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const named = namedByConnection(headers.connection);
  const passed: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name) && !named.has(name)) passed[name] = value;
  }
  return passed;
}

function namedByConnection(value: string | string[] | undefined): ReadonlySet<string> {
  if (value === undefined) return none;
  return new Set(
    String(value)
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
}

const none: ReadonlySet<string> = new Set();
