import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import type { Route } from '../route.ts';
import { fitsQuery } from './call.ts';
import { ServiceEndpoint, type ServiceEndpointProps } from './endpoint.ts';
import { formatListing, formatWelcome } from './listing.ts';
import { publicOrigin } from './public-url.ts';
import { formatWadl } from './wadl.ts';

export interface RestProps extends ServiceEndpointProps {
  readonly services: readonly ServiceDefinition[];
  readonly nodeName: string;
}

/** Every URL of the REST interface. Both `results` and `result` are in use (rest-soap-conventions section 1). */
export function restRoutes(props: RestProps): readonly Route[] {
  const { services, nodeName } = props;
  const listing = page(({ raw }) => formatListing(services, publicOrigin(raw)));
  return [
    { method: 'GET', path: '/', handler: page(({ raw }) => formatWelcome(nodeName, publicOrigin(raw))) },
    { method: 'GET', path: '/rest', handler: listing },
    { method: 'GET', path: '/rest/', handler: listing },
    ...services.flatMap((service) => serviceRoutes(service, new ServiceEndpoint(service, props))),
  ];
}

function serviceRoutes(service: ServiceDefinition, endpoint: ServiceEndpoint): readonly Route[] {
  const path = `/rest/${service.name}`;
  const methods = fitsQuery(service) ? (['GET', 'POST'] as const) : (['POST'] as const);
  return [
    { method: 'GET', path, handler: describe(service) },
    ...['results', 'result'].flatMap((qualifier): Route[] => [
      { method: methods, path: `${path}/${qualifier}.json`, handler: endpoint.handler('json') },
      { method: methods, path: `${path}/${qualifier}.xml`, handler: endpoint.handler('xml') },
    ]),
  ];
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
