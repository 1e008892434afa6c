import { createServer, type Server } from 'node:http';
import { forward } from './forwarding.ts';
import { HealthChecks } from './health-checks.ts';
import { balancerLimits } from './limits.ts';
import { NodeTable } from './nodes.ts';

const sweepEveryMs = 50;

export interface Balancer {
  readonly server: Server;
  readonly table: NodeTable;
  /** Accepts nothing more, finishes what is in flight within the drain time, then closes every connection. */
  drain(): Promise<void>;
}

/** Builds the balancer without listening. `onChange` is called whenever a node's state changes. */
export function createBalancer(onChange: () => void, waitForNodeMs: number = balancerLimits.waitForNodeMs): Balancer {
  const checks: HealthChecks = new HealthChecks(() => table);
  const table = new NodeTable(onChange, (node) => checks.check(node), waitForNodeMs);
  // An Upgrade header is left out and the request served as it is (RFC 9110 section 7.8): Java's own client sends one
  // with every first request.
  const server = createServer(
    {
      keepAliveTimeout: balancerLimits.keepAliveMs,
      headersTimeout: balancerLimits.headersMs,
      requestTimeout: balancerLimits.requestMs,
    },
    (request, response) => {
      if (!server.listening) response.shouldKeepAlive = false;
      response.on('error', () => response.destroy());
      void forward(table, request, response);
    },
  );
  return { server, table, drain: () => drain(server, table, checks) };
}

async function drain(server: Server, table: NodeTable, checks: HealthChecks): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Connections whose request was in flight become idle later, and would be kept alive for their full time.
  const sweep = setInterval(() => server.closeIdleConnections(), sweepEveryMs);
  const overdue = setTimeout(() => server.closeAllConnections(), balancerLimits.drainMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(overdue);
  checks.close();
  await table.close();
}
