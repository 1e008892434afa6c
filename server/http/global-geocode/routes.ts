import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { OutputRow, ServiceDefinition } from '../../services/index.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import type { ServiceCall } from '../rest/call.ts';
import type { ServiceEndpointProps } from '../rest/endpoint.ts';
import { ServiceRunner } from '../rest/service-runner.ts';
import type { Route } from '../route.ts';
import { formatXmlValue, toGeocodeResponse } from './geocode-answer.ts';
import { mostAddresses, readGeocodeBody, readGeocodeQuery } from './geocode-request.ts';
import { readInteractiveQuery, toInteractiveResponse } from './interactive.ts';

type Format = 'json' | 'xml';

export interface GlobalGeocodeProps extends ServiceEndpointProps {
  readonly services: readonly ServiceDefinition[];
}

/** Operations and the services that they call. */
const operations = [
  { operation: 'geocode', service: 'GlobalGeocode', takesBody: true },
  { operation: 'reverseGeocode', service: 'GlobalReverseGeocode', takesBody: false },
  { operation: 'interactive', service: 'GlobalTypeAhead', takesBody: false },
] as const;

/**
 * The REST forms of the global geocoder (geocoding reference section 3): the same services as at `results.json`, in nested
 * messages of their own. The format follows the suffix, then `Accept`; JSON when neither says.
 */
export function globalGeocodeRoutes(props: GlobalGeocodeProps): readonly Route[] {
  const known = operations.flatMap(({ operation, service, takesBody }) => {
    const definition = props.services.find(({ name }) => name === service);
    return definition ? [{ operation, takesBody, answer: createHandler(definition, props, forms[operation]) }] : [];
  });
  const calls = known.flatMap(({ operation, takesBody, answer }) =>
    (['', '.json', '.xml'] as const).map(
      (suffix): Route => ({
        method: takesBody ? ['GET', 'POST'] : 'GET',
        path: `/rest/GlobalGeocode/${operation}${suffix}`,
        handler: (request, reply) => answer(request, reply, formatOf(suffix, request)),
      }),
    ),
  );
  return calls.length === 0 ? [] : [...calls, ...capabilityRoutes()];
}

/** How an operation's query becomes a call of its service, and its rows a response. */
interface Form {
  readQuery(url: string): ServiceCall;
  present(rows: readonly OutputRow[]): object;
}

const geocodeForm: Form = { readQuery: readGeocodeQuery, present: toGeocodeResponse };
const forms: Readonly<Record<(typeof operations)[number]['operation'], Form>> = {
  geocode: geocodeForm,
  reverseGeocode: geocodeForm,
  interactive: { readQuery: readInteractiveQuery, present: toInteractiveResponse },
};

function createHandler(
  definition: ServiceDefinition,
  { gatekeeper, surroundings, limits, meter }: GlobalGeocodeProps,
  form: Form,
) {
  const runner = new ServiceRunner(definition, surroundings);
  const right = { entityType: 'Services', permission: 'execute', entity: definition.name } as const;
  const counter = meter.of(definition.name);
  return async (request: FastifyRequest, reply: FastifyReply, format: Format): Promise<void> => {
    const startedMs = performance.now();
    const { raw } = request;
    await gatekeeper.admitTo('rest', raw, right);
    const isPost = raw.method === 'POST';
    const call = isPost ? await readPosted(raw, limits.bodyBytes) : form.readQuery(raw.url ?? '');
    const responses = (await runner.run(call)).map(form.present);
    send(reply, format, isPost ? { responses } : (responses[0] ?? {}));
    counter.record(call.rows.length, performance.now() - startedMs);
  };
}

async function readPosted(raw: IncomingMessage, limitBytes: number): Promise<ServiceCall> {
  const { kind, text } = await readBody(raw, checkBodyHeaders(raw.headers, limitBytes), limitBytes);
  if (kind === 'json') return readGeocodeBody(text);
  throw new SpectrumError('UNSUPPORTED_CONTENT_TYPE', 'This operation reads JSON only; send application/json', {});
}

/** What the geocoder can do. */
function capabilityRoutes(): readonly Route[] {
  const capabilities = {
    supportedCountries: ['USA'],
    supportedOperations: operations.map(({ operation }) => operation),
    maximumBatchSize: mostAddresses,
    coordinateSystems: ['EPSG:4326'],
  };
  return (['', '.json', '.xml'] as const).map((suffix) => ({
    method: 'GET',
    path: `/rest/GlobalGeocode/capabilities${suffix}`,
    handler: (request, reply) => send(reply, formatOf(suffix, request), capabilities),
  }));
}

function formatOf(suffix: '' | '.json' | '.xml', { headers }: FastifyRequest): Format {
  if (suffix !== '') return suffix === '.xml' ? 'xml' : 'json';
  const accepted = headers.accept ?? '';
  return accepted.includes('xml') && !accepted.includes('json') ? 'xml' : 'json';
}

function send(reply: FastifyReply, format: Format, value: object): void {
  const isXml = format === 'xml';
  const text = isXml ? formatXmlValue('GeocodeServiceResponse', value) : JSON.stringify(value, undefined, 2);
  reply.header('content-type', `application/${format};charset=utf-8`).send(text);
}
