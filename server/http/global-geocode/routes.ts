import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import type { ServiceCall } from '../rest/call.ts';
import type { ServiceEndpointProps } from '../rest/endpoint.ts';
import { ServiceRunner } from '../rest/service-runner.ts';
import type { Route } from '../route.ts';
import { Capabilities } from './capabilities.ts';
import { formatXmlValue } from './geocode-answer.ts';
import { type Members, readQueryMembers } from './members.ts';
import { type Operation, operations } from './operations.ts';

type Format = 'json' | 'xml';
const suffixes = ['', '.json', '.xml'] as const;

export interface GlobalGeocodeProps extends ServiceEndpointProps {
  readonly services: readonly ServiceDefinition[];
}

/**
 * The REST forms of the global geocoder (geocoding reference section 3): the same services as at `results.json`, in nested
 * messages of their own. The format follows the suffix, then `Accept`; JSON when neither says.
 */
export function globalGeocodeRoutes(props: GlobalGeocodeProps): readonly Route[] {
  const known = operations.flatMap((operation) => {
    const definition = props.services.find(({ name }) => name === operation.service);
    return definition ? [{ ...operation, definition }] : [];
  });
  if (known.length === 0) return [];
  const calls = known.flatMap((operation) => {
    const answer = createHandler(operation, operation.definition, props);
    return toRoutes(operation.name, ['GET', 'POST'], answer);
  });
  const capabilities = new Capabilities(known, props.surroundings);
  return [
    ...calls,
    ...listRoutes('capabilities', (members) => capabilities.describe(members)),
    ...listRoutes('dictionaries', (members) => capabilities.listDictionaries(members)),
  ];
}

type Handler = (request: FastifyRequest, reply: FastifyReply, format: Format) => void | Promise<void>;

function toRoutes(path: string, method: Route['method'], handler: Handler): readonly Route[] {
  return suffixes.map((suffix) => ({
    method,
    path: `/rest/GlobalGeocode/${path}${suffix}`,
    handler: (request, reply) => handler(request, reply, formatOf(suffix, request)),
  }));
}

/** Lists are read without credentials, as those of all services are. */
function listRoutes(path: string, describe: (members: Members) => object): readonly Route[] {
  return toRoutes(path, 'GET', (request, reply, format) => {
    send(reply, format, describe(readQueryMembers(request.raw.url ?? '')));
  });
}

function createHandler(
  operation: Operation,
  definition: ServiceDefinition,
  { gatekeeper, surroundings, limits, meter }: GlobalGeocodeProps,
): Handler {
  const runner = new ServiceRunner(definition, surroundings);
  const right = { entityType: 'Services', permission: 'execute', entity: definition.name } as const;
  const counter = meter.of(definition.name);
  return async (request, reply, format) => {
    const startedMs = performance.now();
    const { raw } = request;
    await gatekeeper.admitTo('rest', raw, right);
    const isPost = raw.method === 'POST';
    const call = isPost ? await readPosted(raw, limits.bodyBytes, operation) : operation.readQuery(raw.url ?? '');
    const responses = (await runner.run(call)).map(operation.present);
    send(reply, format, isPost && !operation.takesOne ? { responses } : (responses[0] ?? {}));
    counter.record(call.rows.length, performance.now() - startedMs);
  };
}

async function readPosted(raw: IncomingMessage, limitBytes: number, operation: Operation): Promise<ServiceCall> {
  const { kind, text } = await readBody(raw, checkBodyHeaders(raw.headers, limitBytes), limitBytes);
  if (kind === 'json') return operation.readBody(text);
  throw new SpectrumError('UNSUPPORTED_CONTENT_TYPE', 'This operation reads JSON only; send application/json', {});
}

function formatOf(suffix: (typeof suffixes)[number], { headers }: FastifyRequest): Format {
  if (suffix !== '') return suffix === '.xml' ? 'xml' : 'json';
  const accepted = headers.accept ?? '';
  return accepted.includes('xml') && !accepted.includes('json') ? 'xml' : 'json';
}

function send(reply: FastifyReply, format: Format, value: object): void {
  const isXml = format === 'xml';
  const text = isXml ? formatXmlValue('GeocodeServiceResponse', value) : JSON.stringify(value, undefined, 2);
  reply.header('content-type', `application/${format};charset=utf-8`).send(text);
}
