import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';

/** A DynamoDB-compatible server. */
export interface TableServer {
  readonly port: number;
  /** Finishes the calls in hand, then closes the store. */
  close(): Promise<void>;
}

export interface TableServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Folder of the store; in memory when undefined. */
  readonly path?: string | undefined;
}

/** Milliseconds until a new table is usable; DynamoDB takes seconds, and nobody here waits for the difference. */
const createTableMs = 5;

/** Starts a table server; rejects when the address cannot be used. A store that cannot be opened throws on first use. */
export async function startTableServer(options: TableServerOptions): Promise<TableServer> {
  const server = dynalite({ path: options.path, createTableMs, deleteTableMs: createTableMs });
  const answer = server.listeners('request')[0];
  server.removeAllListeners('request');
  server.on('request', (request, response) => void relay(request, response, (whole) => answer?.(whole, response)));
  // Idle nodes ask about once a second; their connections should outlive the pause.
  server.keepAliveTimeout = 65_000;
  await listen(server, options);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return { port, close: () => close(server) };
}

/**
 * Hands a request over once its body is complete: dynalite throws, and takes the whole process with it, when a client
 * goes away while its body is being read.
 */
async function relay(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (whole: Readable) => void,
): Promise<void> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part);
  } catch {
    response.destroy();
    return;
  }
  const { method, url, headers } = request;
  answer(Object.assign(Readable.from(parts, { objectMode: false }), { method, url, headers }));
}

function listen(server: Server, { host, port }: TableServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
  });
  server.closeIdleConnections();
  await closed;
}
