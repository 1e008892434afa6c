import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { ConfigurationSnapshot } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { ServiceDefinition } from '../services/index.ts';
import { pathOf } from './refusal.ts';
import type { LaneStop } from './rest/express-lane.ts';
import { toPathPattern } from './rest/path-values.ts';
import type { Route } from './route.ts';
import type { Gatekeeper } from './security/gatekeeper.ts';
import { revisionHeader } from './security/revision-gate.ts';

/** Services that come and go with the configuration. The answer comes at once when what makes them is loaded. */
export interface ExposedServices {
  /** The service of this name as it is now; undefined when there is none. Throws for one that cannot run here. */
  find(name: string): ServiceDefinition | undefined | Promise<ServiceDefinition | undefined>;
  list(): readonly ServiceDefinition[] | Promise<readonly ServiceDefinition[]>;
  /**
   * Everything that keeps a dataflow from being exposed under this name.
   * @param flows where its subflows are; the configuration of now when absent
   */
  check(
    name: string,
    document: unknown,
    flows?: Flows,
  ): readonly DataflowProblem[] | Promise<readonly DataflowProblem[]>;
  /** The service that a dataflow would be, to try it. Throws `INVALID_DATAFLOW`. */
  create(name: string, document: unknown): ServiceDefinition | Promise<ServiceDefinition>;
  /** The types of stages with the JSON Schema of their settings, for palettes and forms. */
  stages(): readonly object[] | Promise<readonly object[]>;
  /** What a `.df` file holds. Throws `MALFORMED_XML` or `INVALID_DATAFLOW`. */
  readFile(text: string): DataflowFile | Promise<DataflowFile>;
  /** A dataflow as a `.df` file. */
  writeFile(name: string, document: unknown, user: string): string | Promise<string>;
}

/** Dataflows, as a state of the configuration has them. */
export type Flows = Pick<ConfigurationSnapshot, 'find' | 'list'>;

/** A dataflow as a file has it. */
interface DataflowFile {
  readonly name: string;
  /** Whether it was exposed where it comes from. */
  readonly exposed: boolean;
  readonly document: object;
  /** What is kept and not understood. */
  readonly notUnderstood: readonly DataflowProblem[];
}

/** Something wrong with a dataflow, and where. */
interface DataflowProblem {
  readonly stage?: string;
  readonly port?: string;
  readonly sentence: string;
}

/** Every URL of one service. */
export interface ServiceUrls {
  readonly routes: readonly Route[];
  readonly stops: readonly LaneStop[];
}

export interface ExposedInterfacesProps {
  readonly services: ExposedServices;
  readonly gatekeeper: Gatekeeper;
  /** Derives the URLs of a service, by the same functions as for those that are always there. */
  createUrls(service: ServiceDefinition): ServiceUrls;
}

interface Urls {
  readonly exact: ReadonlyMap<string, readonly Route[]>;
  /** Those with values in their path. */
  readonly patterns: readonly { readonly pattern: RegExp; readonly route: Route }[];
  readonly stops: ReadonlyMap<string, LaneStop>;
}

const servicePath = /^\/(?:rest|soap|api\/v1\/services)\/([^/]+)/;

/**
 * The interfaces of exposed services. A request finds its service once and stays with it, so that a version that is
 * exposed meanwhile is for the next request.
 */
export class ExposedInterfaces {
  readonly #props: ExposedInterfacesProps;
  readonly #urls = new WeakMap<ServiceDefinition, Urls>();

  constructor(props: ExposedInterfacesProps) {
    this.#props = props;
  }

  /** Who answers a request; undefined when no exposed service does. Throws `METHOD_NOT_ALLOWED`. */
  async handlerOf({ raw }: FastifyRequest): Promise<Route['handler'] | undefined> {
    const path = pathOf(raw.url ?? '');
    const [, name] = servicePath.exec(path) ?? [];
    if (name === undefined) return undefined;
    // A caller who has exposed a version is answered by it.
    if (raw.headers[revisionHeader] !== undefined) await this.#props.gatekeeper.catchUp(raw);
    const service = await this.#props.services.find(name);
    if (service === undefined) return undefined;
    const routes = findRoutes(this.#urlsOf(service), path);
    if (routes.length === 0) return undefined;
    const method = raw.method === 'HEAD' ? 'GET' : String(raw.method);
    const route = routes.find((one) => [one.method].flat().includes(method));
    if (route !== undefined) return route.handler;
    const allowed = [...new Set(routes.flatMap((one) => [one.method].flat()))];
    const sentence = `${raw.method} is not allowed here; use ${allowed.join(' or ')}`;
    throw new SpectrumError('METHOD_NOT_ALLOWED', sentence, { method: raw.method, allowed });
  }

  /** Where the express lane calls an exposed service; undefined when the request takes the other way. */
  stopAt(path: string, { headers }: IncomingMessage): LaneStop | undefined {
    const [, name] = servicePath.exec(path) ?? [];
    if (name === undefined || headers[revisionHeader] !== undefined) return undefined;
    try {
      const service = this.#props.services.find(name);
      if (service === undefined || service instanceof Promise) return undefined;
      return this.#urlsOf(service).stops.get(path);
    } catch {
      // Refusals are told on the other way.
      return undefined;
    }
  }

  #urlsOf(service: ServiceDefinition): Urls {
    const known = this.#urls.get(service);
    if (known !== undefined) return known;
    const urls = index(this.#props.createUrls(service));
    this.#urls.set(service, urls);
    return urls;
  }
}

function index({ routes, stops }: ServiceUrls): Urls {
  const exact = new Map<string, Route[]>();
  const patterns: { pattern: RegExp; route: Route }[] = [];
  for (const route of routes) {
    if (route.path.includes('${')) patterns.push({ pattern: toPathPattern(route.path), route });
    else exact.set(route.path, [...(exact.get(route.path) ?? []), route]);
  }
  return { exact, patterns, stops: new Map(stops.map((stop) => [stop.path, stop])) };
}

function findRoutes({ exact, patterns }: Urls, path: string): readonly Route[] {
  return exact.get(path) ?? patterns.filter(({ pattern }) => pattern.test(path)).map(({ route }) => route);
}
