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

/** What is asked when the framework knows no route for a request. */
export interface RouteIndex {
  /** Who answers at a path that is the same in every request. */
  handlerOf(method: string, path: string): Route['handler'] | undefined;
  /** Methods that the path is served by; empty when it is not served at all. */
  methodsOf(path: string): readonly string[];
}

/**
 * Registers the routes that have parts in their path, and keeps the others, most of which are those of services, in a
 * table of its own: the framework takes as long to register them as a node takes for all the rest of its start.
 */
export function addRoutes(server: FastifyInstance, routes: readonly Route[]): RouteIndex {
  const table = routes.map((route) => ({ ...route, methods: withHead(route.method), pattern: toPattern(route.path) }));
  const patterned = table.filter(({ path }) => path.includes(':'));
  const exact = new Map<string, Map<string, Route['handler']>>();
  for (const { path, methods, pattern, handler } of table) {
    // A path that fits a pattern too is found before it by the framework only.
    if (patterned.some((one) => one.pattern === pattern || one.pattern.test(path))) {
      server.route({ method: methods, url: path, handler });
      continue;
    }
    const handlers = exact.get(path) ?? new Map<string, Route['handler']>();
    for (const method of methods) handlers.set(method, handler);
    exact.set(path, handlers);
  }
  return {
    handlerOf: (method, path) => exact.get(decodePath(path))?.get(method),
    methodsOf(path) {
      const found = table.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
      return [...new Set(found)];
    },
  };
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
}

/** Some clients encode letters that need it not; an encoded slash stays one. */
function decodePath(path: string): string {
  try {
    return path.includes('%') ? decodeURI(path) : path;
  } catch {
    return path;
  }
}

/** Whoever may read may ask for the headers alone; Node.js leaves out the body. */
function withHead(method: Route['method']): HTTPMethods[] {
  return [method].flat().flatMap((name): HTTPMethods[] => (name === 'GET' ? ['GET', 'HEAD'] : [name as HTTPMethods]));
}
