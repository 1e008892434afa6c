import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceAnswer, ServiceDefinition } from '../../services/index.ts';
import { checkBodyHeaders, type RequestBody, readBody } from '../body.ts';
import type { RequestLimits } from '../limits.ts';
import type { Gatekeeper } from '../security/gatekeeper.ts';
import type { Caller, Right } from '../security/permissions.ts';
import { createInputShape, type InputShape, type ServiceCall, userFieldsOf } from './call.ts';
import { createGeoJsonWriter } from './geojson-answer.ts';
import { type AnswerWriter, createJsonWriter } from './json-answer.ts';
import { parseJsonRequest } from './json-request.ts';
import type { PathReader } from './path-values.ts';
import { parseQuery } from './query.ts';
import type { RequestMeter, ServiceMeter } from './request-meter.ts';
import { ServiceRunner, type ServiceSurroundings } from './service-runner.ts';
import { createXmlWriter } from './xml-answer.ts';
import { parseXmlRequest } from './xml-request.ts';

export type AnswerFormat = 'json' | 'xml' | 'geojson';

/** An answer as it is sent. */
export interface PresentedAnswer {
  readonly contentType: string;
  readonly text: string;
}

interface FormatWriter {
  readonly write: AnswerWriter;
  readonly contentType: string;
}

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
  readonly #writers: Readonly<Record<AnswerFormat, FormatWriter>>;
  readonly #meter: ServiceMeter;

  constructor(definition: ServiceDefinition, props: ServiceEndpointProps) {
    this.#props = props;
    this.#shape = createInputShape(definition);
    this.#right = { entityType: 'Services', permission: 'execute', entity: definition.name };
    this.#runner = new ServiceRunner(definition, props.surroundings);
    this.#writers = {
      json: { write: createJsonWriter(definition), contentType: 'application/json;charset=utf-8' },
      xml: { write: createXmlWriter(definition), contentType: 'application/xml;charset=utf-8' },
      geojson: { write: createGeoJsonWriter(definition), contentType: 'application/geo+json;charset=utf-8' },
    };
    this.#meter = props.meter.of(definition.name);
  }

  /**
   * The Fastify handler of `results.<format>`; GET reads the query, POST the body.
   * @param addPathValues puts in what stands in the path
   */
  handler(format: AnswerFormat, addPathValues: PathReader = (call) => call) {
    return ({ raw }: FastifyRequest, reply: FastifyReply): void | Promise<void> => {
      const startedMs = performance.now();
      const admitted = this.admit(raw);
      const call = admitted instanceof Promise ? admitted.then(() => this.#read(raw)) : this.#read(raw);
      const respond = (parsed: ServiceCall) =>
        this.#answer(addPathValues(parsed, raw.url ?? ''), startedMs, reply, format);
      return call instanceof Promise ? call.then(respond) : respond(call);
    };
  }

  /** The caller, when the call is theirs to make. */
  admit(raw: IncomingMessage): Caller | Promise<Caller> {
    return this.#props.gatekeeper.admitTo('rest', raw, this.#right);
  }

  readQuery(raw: IncomingMessage): ServiceCall {
    return parseQuery(this.#shape, raw.url ?? '');
  }

  run(call: ServiceCall): ServiceAnswer | Promise<ServiceAnswer> {
    return this.#runner.run(call);
  }

  present(format: AnswerFormat, call: ServiceCall, answer: ServiceAnswer): PresentedAnswer {
    const { write, contentType } = this.#writers[format];
    return { contentType, text: write(answer, userFieldsOf(call, answer)) };
  }

  /** Counts a call as answered. */
  record(call: ServiceCall, startedMs: number): void {
    this.#meter.record(call.rows.length, performance.now() - startedMs);
  }

  #read(raw: IncomingMessage): ServiceCall | Promise<ServiceCall> {
    if (raw.method !== 'POST') return this.readQuery(raw);
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

  #answer(call: ServiceCall, startedMs: number, reply: FastifyReply, format: AnswerFormat): void | Promise<void> {
    const send = (rows: ServiceAnswer): void => {
      const { text, contentType } = this.present(format, call, rows);
      reply.header('content-type', contentType).send(text);
      this.record(call, startedMs);
    };
    const answer = this.run(call);
    return answer instanceof Promise ? answer.then(send) : send(answer);
  }
}
