import { networkInterfaces } from 'node:os';

/** Where containers reach their platform's services, not each other (RFC 3927). */
const linkLocal = /^169\.254\./;

/** The host under which other machines reach this one when it listens on `host`. */
export function findOwnAddress(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const own = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry && !entry.internal && entry.family === 'IPv4' && !linkLocal.test(entry.address));
  return own?.address ?? '127.0.0.1';
}
