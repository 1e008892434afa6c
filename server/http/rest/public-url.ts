import type { IncomingMessage } from 'node:http';

/**
 * Scheme, host and port as the client used them, without a final slash: every advertised URL starts so
 * (rest-soap-conventions sections 7 and 11). What a proxy forwarded wins over what it sent itself.
 */
export function publicOrigin({ headers, socket }: IncomingMessage): string {
  const scheme = firstOf(headers['x-forwarded-proto'])?.toLowerCase() === 'https' ? 'https' : 'http';
  const host = [firstOf(headers['x-forwarded-host']), headers.host].find(
    (name) => name !== undefined && hostPattern.test(name),
  );
  return `${scheme}://${host ?? `localhost:${socket.localPort}`}`;
}

/** Proxies in a row append to these headers; the first entry is what the client saw. */
function firstOf(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header).split(',')[0]?.trim();
}

// A name, an IPv4 or a bracketed IPv6 address, and a port: nothing that could break out of an attribute.
const hostPattern = /^([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/;
