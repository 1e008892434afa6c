import type { FastifyReply } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition, ServiceResource } from '../../services/index.ts';
import type { ExposedServices } from '../exposed-services.ts';
import type { Route } from '../route.ts';
import { fitsQuery } from './call.ts';
import { ServiceEndpoint, type ServiceEndpointProps } from './endpoint.ts';
import type { LaneStop } from './express-lane.ts';
import { formatListing, formatWelcome } from './listing.ts';
import { createPathReader } from './path-values.ts';
import { publicOrigin } from './public-url.ts';
import { formatWadl } from './wadl.ts';

export interface RestProps extends ServiceEndpointProps {
  readonly services: readonly ServiceDefinition[];
  /** Those that come and go with the configuration; none when absent. */
  readonly exposed?: ExposedServices | undefined;
  readonly nodeName: string;
}

export interface RestInterface {
  /** Every URL. */
  readonly routes: readonly Route[];
  /** Those at which a service is called by GET. */
  readonly stops: readonly LaneStop[];
}

/** The REST interface. */
export function createRestInterface(props: RestProps): RestInterface {
  const { services, exposed, nodeName } = props;
  const listing: Route['handler'] = async (request, reply) =>
    sendPage(reply, formatListing([...services, ...((await exposed?.list()) ?? [])], publicOrigin(request.raw)));
  const pages: readonly Route[] = [
    {
      method: 'GET',
      path: '/',
      handler: ({ raw }, reply) => sendPage(reply, formatWelcome(nodeName, publicOrigin(raw))),
    },
    { method: 'GET', path: '/rest', handler: listing },
    { method: 'GET', path: '/rest/', handler: listing },
  ];
  const interfaces = services.map((service) => restInterfaceOf(service, props));
  return {
    routes: [...pages, ...interfaces.flatMap(({ routes }) => routes)],
    stops: interfaces.flatMap(({ stops }) => stops),
  };
}

/** The URLs of one service. Both `results` and `result` are in use (rest-soap-conventions section 1). */
export function restInterfaceOf(service: ServiceDefinition, props: ServiceEndpointProps): RestInterface {
  if (service.interfaces?.includes('rest') === false) return { routes: [], stops: [] };
  const endpoint = new ServiceEndpoint(service, props);
  const stops = listStops(service, endpoint);
  return {
    routes: [
      { method: 'GET', path: `/rest/${service.name}`, handler: describe(service) },
      ...stops.map(toRoute),
      ...(service.resources ?? []).map((resource) => toResourceRoute(service, resource, endpoint)),
    ],
    stops: stops.filter(({ methods }) => methods.includes('GET')),
  };
}

/** A URL that the service itself asks for; parts of it may be values. */
function toResourceRoute(service: ServiceDefinition, resource: ServiceResource, endpoint: ServiceEndpoint): Route {
  const path = `/rest/${service.name}/${resource.path}`;
  const handler = endpoint.handler(resource.format, createPathReader(path));
  return { method: resource.method, path, handler, calls: { door: 'rest', service: service.name } };
}

interface Stop extends LaneStop {
  readonly endpoint: ServiceEndpoint;
  readonly methods: readonly ('GET' | 'POST')[];
}

function listStops(service: ServiceDefinition, endpoint: ServiceEndpoint): readonly Stop[] {
  const methods = fitsQuery(service) ? (['GET', 'POST'] as const) : (['POST'] as const);
  return ['results', 'result'].flatMap((qualifier) =>
    (['json', 'xml'] as const).map((format) => {
      const path = `/rest/${service.name}/${qualifier}.${format}`;
      return { service: service.name, methods, path, endpoint, format };
    }),
  );
}

function toRoute({ methods, path, endpoint, format }: Stop): Route {
  return { method: methods, path, handler: endpoint.handler(format) };
}

function describe(service: ServiceDefinition): Route['handler'] {
  return (request, reply) => {
    const { raw } = request;
    if (!/[?&]_?wadl(?:[&=]|$)/.test(raw.url ?? '')) {
      const base = `/rest/${service.name}`;
      throw new SpectrumError(
        'UNKNOWN_PATH',
        `${base} alone answers nothing; call ${base}/results.json or ${base}/results.xml, or read ${base}?_wadl`,
        {},
      );
    }
    return reply.type('application/xml;charset=utf-8').send(formatWadl(service, publicOrigin(raw)));
  };
}

function sendPage(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/html;charset=utf-8').send(text);
}
