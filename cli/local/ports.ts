import { createServer } from 'node:net';
import { CommandError } from '../command-error.ts';

/** `localhost` may lead to either, so a program on the other one would answer in our place. */
const loopbacks = ['127.0.0.1', '::1'];

/** Throws `portInUse` when the balancer could not listen there, before anything is started. */
export async function assertPortFree(host: string, port: number): Promise<void> {
  const hosts = host === '127.0.0.1' && port !== 0 ? loopbacks : [host];
  for (const each of hosts) {
    const error = await tryListening(each, port);
    if (error && !(each === '::1' && isNoSuchAddress(error))) throw asPortError(host, port, error);
  }
}

/** The sentence for a refused listen; other errors come back as they are. */
export function asPortError(host: string, port: number, error: NodeJS.ErrnoException): Error {
  const reason = reasons[error.code ?? ''];
  return reason ? new CommandError('portInUse', reason(host, port), { cause: error }) : error;
}

const reasons: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (_, port) => `port ${port} is in use by another program; stop that one or choose another with --port`,
  EACCES: (_, port) => `port ${port} needs more rights than this user has; choose one above 1023 with --port`,
  EADDRNOTAVAIL: (host) => `${host} is not an address of this machine; choose another with --host`,
  ENOTFOUND: (host) => `${host} is not known as a host name; choose another with --host`,
  EAI_AGAIN: (host) => `${host} is not known as a host name; choose another with --host`,
};

function isNoSuchAddress(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT';
}

function tryListening(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
