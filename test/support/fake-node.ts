import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NodeAddress } from '../../cli/local/messages.ts';
import { healthPaths } from '../../contract/health.ts';

interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A node in miniature: its readiness is a field, its answers a function. */
export interface FakeNode extends NodeAddress {
  readonly server: Server;
  readonly received: ReceivedRequest[];
  isReady: boolean;
  close(): Promise<void>;
}

export type FakeAnswer = (request: ReceivedRequest, response: ServerResponse, node: FakeNode) => void;

/** Answers `name` unless told otherwise. */
export async function startFakeNode(name: string, answer: FakeAnswer = answerName): Promise<FakeNode> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === healthPaths.ready) {
        response.writeHead(node.isReady ? 200 : 503).end();
        return;
      }
      const { method = '', url = '', headers } = request;
      const received = { method, url, headers, body: Buffer.concat(chunks) };
      node.received.push(received);
      answer(received, response, node);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const node: FakeNode = {
    name,
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    server,
    received: [],
    isReady: true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return node;
}

export const answerName: FakeAnswer = (_request, response, node) => {
  response.end(node.name);
};
