import { Agent, type ClientRequest, type IncomingHttpHeaders, request as openRequest } from 'node:http';
import { timeLimits } from '../limits.ts';

/** A request as one node sends it to another. */
export interface NodeCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

export interface NodeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Nodes of a group that are tried before the caller is told that none answers. */
export const nodesTried = 3;

/** Kept connections to other nodes. */
export class NodeConnections {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  /** Undefined when the node does not answer; a kept connection may have been closed by it meanwhile, so once anew. */
  async ask(address: string, call: NodeCall): Promise<NodeAnswer | undefined> {
    return this.#send(address, call)
      .catch((error: unknown) => {
        if (error instanceof StaleConnection) return this.#send(address, call);
        throw error;
      })
      .catch(() => undefined);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(address: string, { method, url, headers, body }: NodeCall): Promise<NodeAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(`http://${address}`);
      const timeout = timeLimits.forwardedAnswerMs;
      const outgoing = openRequest({ host: hostname, port, method, path: url, headers, agent: this.#agent, timeout });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${address} did not answer within ${timeout} ms`)));
      outgoing.on('error', (error) => reject(isStale(outgoing, error) ? new StaleConnection() : error));
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.end(body);
    });
  }
}

/** The connection was one that had carried a call before. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

function isStale({ reusedSocket }: ClientRequest, { code }: NodeJS.ErrnoException): boolean {
  return reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}
