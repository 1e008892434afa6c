import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import type { Route } from '../route.ts';
import { fitsQuery } from './call.ts';
import { ServiceEndpoint, type ServiceEndpointProps } from './endpoint.ts';
import type { LaneStop } from './express-lane.ts';
import { formatListing, formatWelcome } from './listing.ts';
import { publicOrigin } from './public-url.ts';
import { formatWadl } from './wadl.ts';

export interface RestProps extends ServiceEndpointProps {
  readonly services: readonly ServiceDefinition[];
  readonly nodeName: string;
}

export interface RestInterface {
  /** Every URL. */
  readonly routes: readonly Route[];
  /** Those at which a service is called by GET. */
  readonly stops: readonly LaneStop[];
}

/** The REST interface. Both `results` and `result` are in use (rest-soap-conventions section 1). */
export function createRestInterface(props: RestProps): RestInterface {
  const { services, nodeName } = props;
  const listing = page(({ raw }) => formatListing(services, publicOrigin(raw)));
  const endpoints = services.map((service) => ({ service, endpoint: new ServiceEndpoint(service, props) }));
  const pages: readonly Route[] = [
    { method: 'GET', path: '/', handler: page(({ raw }) => formatWelcome(nodeName, publicOrigin(raw))) },
    { method: 'GET', path: '/rest', handler: listing },
    { method: 'GET', path: '/rest/', handler: listing },
  ];
  const stops = endpoints.flatMap(({ service, endpoint }) => listStops(service, endpoint));
  return {
    routes: [
      ...pages,
      ...services.map(
        (service): Route => ({ method: 'GET', path: `/rest/${service.name}`, handler: describe(service) }),
      ),
      ...stops.map(toRoute),
    ],
    stops: stops.filter(({ methods }) => methods.includes('GET')),
  };
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

function page(format: (request: FastifyRequest) => string) {
  return (request: FastifyRequest, reply: FastifyReply) => reply.type('text/html;charset=utf-8').send(format(request));
}
