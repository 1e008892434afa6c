import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeNodeOptions {
  /** Loopback address of its own, so that all nodes listen on one port as tasks do. */
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly behaviour: 'ready' | 'not-ready' | 'hung' | 'wrong';
  /** By how much its clock is ahead. */
  readonly clockOffsetMs?: number;
  /** Whole milliseconds, as `Date.now()` gives them. */
  readonly stampsWholeMs?: boolean;
  /** Extra milliseconds on the way back, to make the path uneven. */
  readonly answerDelayMs?: () => number;
  readonly clockStatus?: 'SYNCHRONIZED' | 'NOT_SYNCHRONIZED';
}

export interface FakeNode {
  readonly port: number;
  close(): Promise<void>;
}

/** A node's health port as another machine sees it: real HTTP, with faults on demand. */
export async function startFakeNode(options: FakeNodeOptions): Promise<FakeNode> {
  const server = createServer((request, response) => {
    if (options.behaviour === 'hung') return;
    const path = request.url?.split('?')[0];
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (options.behaviour === 'wrong') answer(200, { status: 'ok' });
    else if (path === '/time') answerTime(options, answer);
    else
      answer(options.behaviour === 'ready' ? 200 : 503, {
        ready: options.behaviour === 'ready',
        node: options.address,
      });
  });
  await new Promise<void>((resolve) => server.listen(options.port, options.address, resolve));
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

function answerTime(options: FakeNodeOptions, answer: (status: number, body: unknown) => void): void {
  const { clockOffsetMs = 0, stampsWholeMs = false, answerDelayMs = () => 0, clockStatus } = options;
  const nowMs = () => {
    const now = performance.timeOrigin + performance.now() + clockOffsetMs;
    return stampsWholeMs ? Math.floor(now) : now;
  };
  const t1 = nowMs();
  const t2 = nowMs();
  const clock = clockStatus ? { status: clockStatus, errorBoundMs: 1 } : undefined;
  const delayMs = answerDelayMs();
  const send = () => answer(200, { node: options.address, t1, t2, uncertaintyMs: 0, clock });
  if (delayMs > 0) setTimeout(send, delayMs);
  else send();
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
