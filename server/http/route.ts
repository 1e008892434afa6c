import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { OpenableInterface } from './security/gatekeeper.ts';

/** One line of a room's table of URLs. */
export interface Route {
  readonly method: HTTPMethods | readonly HTTPMethods[];
  /** Path with `:name` for a part. */
  readonly path: string;
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
  /** The service that is called here, where the path alone does not tell. */
  readonly calls?: ServiceCallRoute;
}

export interface ServiceCallRoute {
  readonly door: OpenableInterface;
  readonly service: string;
}

/** What the not-found handler needs to tell a wrong method from a wrong path. */
export interface RouteIndex {
  /** Methods that the path is served by; empty when it is not served at all. */
  methodsOf(path: string): readonly string[];
}

/** Registers every route and remembers which methods each path knows. */
export function addRoutes(server: FastifyInstance, routes: readonly Route[]): RouteIndex {
  for (const { method, path, handler } of routes) {
    server.route({ method: withHead(method), url: path, handler });
  }
  const patterns = routes.map(({ method, path }) => ({
    methods: withHead(method),
    pattern: new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`),
  }));
  return {
    methodsOf(path) {
      const found = patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
      return [...new Set(found)];
    },
  };
}

/** Whoever may read may ask for the headers alone; Node.js leaves out the body. */
function withHead(method: Route['method']): HTTPMethods[] {
  return [method].flat().flatMap((name): HTTPMethods[] => (name === 'GET' ? ['GET', 'HEAD'] : [name as HTTPMethods]));
}
