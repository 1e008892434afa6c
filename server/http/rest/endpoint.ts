import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceAnswer, ServiceDefinition } from '../../services/index.ts';
import { checkBodyHeaders, type RequestBody, readBody } from '../body.ts';
import type { RequestLimits } from '../limits.ts';
import type { Gatekeeper } from '../security/gatekeeper.ts';
import type { Right } from '../security/permissions.ts';
import { createInputShape, type InputShape, type ServiceCall } from './call.ts';
import { type AnswerWriter, createJsonWriter } from './json-answer.ts';
import { parseJsonRequest } from './json-request.ts';
import { parseQuery } from './query.ts';
import type { RequestMeter } from './request-meter.ts';
import { ServiceRunner, type ServiceSurroundings } from './service-runner.ts';
import { createXmlWriter } from './xml-answer.ts';
import { parseXmlRequest } from './xml-request.ts';

export type AnswerFormat = 'json' | 'xml';

export interface ServiceEndpointProps {
  readonly surroundings: ServiceSurroundings;
  readonly gatekeeper: Gatekeeper;
  readonly limits: RequestLimits;
  readonly meter: RequestMeter;
}

/** Everything between the socket and one service: parse, authorize, call, present. */
export class ServiceEndpoint {
  readonly #props: ServiceEndpointProps;
  readonly #shape: InputShape;
  readonly #right: Right;
  readonly #runner: ServiceRunner;
  readonly #writers: Readonly<Record<AnswerFormat, AnswerWriter>>;

  constructor(definition: ServiceDefinition, props: ServiceEndpointProps) {
    this.#props = props;
    this.#shape = createInputShape(definition);
    this.#right = { entityType: 'Services', permission: 'execute', entity: definition.name };
    this.#runner = new ServiceRunner(definition, props.surroundings);
    this.#writers = { json: createJsonWriter(definition), xml: createXmlWriter(definition) };
  }

  /** The Fastify handler of `results.<format>`; GET reads the query, POST the body. */
  handler(format: AnswerFormat) {
    const present = this.#presenter(format);
    return (request: FastifyRequest, reply: FastifyReply): void | Promise<void> => {
      const { raw } = request;
      const startedMs = performance.now();
      const admitted = this.#props.gatekeeper.admitTo('rest', raw, this.#right);
      const call = admitted instanceof Promise ? admitted.then(() => this.#read(raw)) : this.#read(raw);
      if (call instanceof Promise) return call.then((parsed) => this.#answer(parsed, startedMs, reply, present));
      return this.#answer(call, startedMs, reply, present);
    };
  }

  #read(raw: IncomingMessage): ServiceCall | Promise<ServiceCall> {
    if (raw.method !== 'POST') return parseQuery(this.#shape, raw.url ?? '');
    const { limits } = this.#props;
    if (raw.headers['content-length'] === '0') {
      throw new SpectrumError('INVALID_REQUEST', 'The request body is empty; send the rows as JSON or XML', {});
    }
    const kind = checkBodyHeaders(raw.headers, limits.bodyBytes);
    return readBody(raw, kind, limits.bodyBytes).then((body) => this.#parse(body));
  }

  #parse({ kind, text }: RequestBody): ServiceCall {
    const parse = kind === 'json' ? parseJsonRequest : parseXmlRequest;
    return parse(this.#shape, text, this.#props.limits.rows);
  }

  #answer(call: ServiceCall, startedMs: number, reply: FastifyReply, present: Presenter): void | Promise<void> {
    const answer = this.#runner.run(call);
    if (answer instanceof Promise) return answer.then((rows) => present(rows, call, startedMs, reply));
    present(answer, call, startedMs, reply);
  }

  #presenter(format: AnswerFormat): Presenter {
    const write = this.#writers[format];
    const contentType = `application/${format};charset=utf-8`;
    const meter = this.#props.meter.of(this.#shape.service);
    return (answer, call, startedMs, reply) => {
      const text = write(answer, call.userFields);
      sendText(reply, contentType, text);
      meter.record(call.rows.length, performance.now() - startedMs);
    };
  }
}

type Presenter = (answer: ServiceAnswer, call: ServiceCall, startedMs: number, reply: FastifyReply) => void;

// As a string, so that Node writes head and body in one piece.
function sendText(reply: FastifyReply, contentType: string, text: string): void {
  reply.header('content-type', contentType);
  reply.send(text);
}
