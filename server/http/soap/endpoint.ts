import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import { createInputShape, type InputShape, type ServiceCall, userFieldsOf } from '../rest/call.ts';
import type { ServiceEndpointProps } from '../rest/endpoint.ts';
import type { AnswerWriter } from '../rest/json-answer.ts';
import { ServiceRunner } from '../rest/service-runner.ts';
import { createRowsWriter, serviceNamespace, xmlHeader } from '../rest/xml-answer.ts';
import { RequestReader } from '../rest/xml-request.ts';
import type { Right } from '../security/permissions.ts';
import { frameEnvelope, readEnvelope } from './envelope.ts';
import { descriptionNamespace } from './namespaces.ts';
import { type SoapVersion, soap11, soap12 } from './versions.ts';

/** Everything between the socket and one service over SOAP: parse, authorize, call, present. */
export class SoapEndpoint {
  readonly #props: ServiceEndpointProps;
  readonly #shape: InputShape;
  readonly #right: Right;
  readonly #runner: ServiceRunner;
  readonly #writers: Readonly<Record<SoapVersion['name'], AnswerWriter>>;

  constructor(definition: ServiceDefinition, props: ServiceEndpointProps) {
    this.#props = props;
    this.#shape = createInputShape(definition);
    this.#right = { entityType: 'Services', permission: 'execute', entity: definition.name };
    this.#runner = new ServiceRunner(definition, props.surroundings);
    this.#writers = { '1.1': createSoapWriter(definition, soap11), '1.2': createSoapWriter(definition, soap12) };
  }

  /** The Fastify handler of the service's POST; whatever `soapAction` says, the body says what is asked. */
  handler() {
    const meter = this.#props.meter.of(this.#shape.service);
    return async ({ raw }: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const startedMs = performance.now();
      const { gatekeeper, limits } = this.#props;
      await gatekeeper.admitTo('soap', raw, this.#right);
      if (checkBodyHeaders(raw.headers, limits.bodyBytes) !== 'xml') throw refuseContentType(raw.headers);
      const { text } = await readBody(raw, 'xml', limits.bodyBytes);
      const { call, version } = this.#parse(text);
      const answer = await this.#runner.run(call);
      const message = this.#writers[version.name](answer, userFieldsOf(call, answer));
      reply.header('content-type', version.contentType).send(Buffer.from(message, 'utf8'));
      meter.record(call.rows.length, performance.now() - startedMs);
      return reply;
    };
  }

  #parse(text: string): { readonly call: ServiceCall; readonly version: SoapVersion } {
    const reader = new RequestReader(this.#shape, this.#props.limits.rows);
    const version = readEnvelope(text, reader);
    return { call: reader.call(), version };
  }
}

function createSoapWriter(definition: ServiceDefinition, version: SoapVersion): AnswerWriter {
  const { opening, closing } = frameEnvelope(version);
  const root = `ns3:${definition.name}Response`;
  return createRowsWriter(definition, {
    prefix: 'ns3',
    opening: `${xmlHeader}${opening}<${root} xmlns:ns2="${descriptionNamespace}" xmlns:ns3="${serviceNamespace(definition.name)}">`,
    closing: `</${root}>${closing}`,
  });
}

function refuseContentType(headers: FastifyRequest['raw']['headers']): SpectrumError {
  const given = headers['content-type'] ?? '';
  return new SpectrumError(
    'UNSUPPORTED_CONTENT_TYPE',
    `Content-Type ${JSON.stringify(given.slice(0, 100))} is not SOAP; send text/xml, or application/soap+xml for SOAP 1.2`,
    { contentType: given, allowed: ['text/xml', 'application/soap+xml'] },
  );
}
