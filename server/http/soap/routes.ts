import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import type { ExposedServices } from '../exposed-services.ts';
import type { ServiceEndpointProps } from '../rest/endpoint.ts';
import { formatDescriptions } from '../rest/listing.ts';
import { publicOrigin } from '../rest/public-url.ts';
import type { Route } from '../route.ts';
import { SoapEndpoint } from './endpoint.ts';
import { formatWsdl } from './wsdl.ts';

export interface SoapProps extends ServiceEndpointProps {
  readonly services: readonly ServiceDefinition[];
  /** Those that come and go with the configuration; none when absent. */
  readonly exposed?: ExposedServices | undefined;
}

/** Every URL of the SOAP interface. WSDLs are read without credentials, as programs that make stubs send none. */
export function soapRoutes(props: SoapProps): readonly Route[] {
  const listing = async (request: FastifyRequest, reply: FastifyReply) =>
    reply.type('text/html;charset=utf-8').send(
      formatDescriptions(await listServices(props), publicOrigin(request.raw), {
        title: 'SOAP services',
        introduction: 'Each service answers SOAP 1.1 and 1.2 messages. Its description in WSDL is behind the link.',
        pathOf: (name) => `/soap/${name}?wsdl`,
      }),
    );
  return [
    { method: 'GET', path: '/soap', handler: listing },
    { method: 'GET', path: '/soap/', handler: listing },
    ...props.services.flatMap((service) => soapRoutesOf(service, props)),
  ];
}

async function listServices({ services, exposed }: SoapProps): Promise<readonly ServiceDefinition[]> {
  return [...services, ...((await exposed?.list()) ?? [])].filter(hasSoap);
}

function hasSoap({ interfaces }: ServiceDefinition): boolean {
  return interfaces?.includes('soap') !== false;
}

/** The URLs of one service. */
export function soapRoutesOf(service: ServiceDefinition, props: ServiceEndpointProps): readonly Route[] {
  return hasSoap(service) ? serviceRoutes(service, new SoapEndpoint(service, props).handler()) : [];
}

/** Stubs made elsewhere also call `/soap/<Service>/`. */
function serviceRoutes(service: ServiceDefinition, call: Route['handler']): readonly Route[] {
  return [`/soap/${service.name}`, `/soap/${service.name}/`].flatMap((path): Route[] => [
    { method: 'GET', path, handler: describe(service) },
    { method: 'POST', path, handler: call },
  ]);
}

function describe(service: ServiceDefinition): Route['handler'] {
  return ({ raw }, reply) => {
    if (!/[?&]wsdl(?:[&=]|$)/i.test(raw.url ?? '')) {
      const path = `/soap/${service.name}`;
      throw new SpectrumError('UNKNOWN_PATH', `${path} answers POST only; its description is at ${path}?wsdl`, {});
    }
    return reply.type('text/xml;charset=utf-8').send(formatWsdl(service, publicOrigin(raw)));
  };
}
