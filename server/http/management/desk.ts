import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration, ConfigurationKind, ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import { type RequestLimits, timeLimits } from '../limits.ts';
import { parseJson } from '../rest/json-request.ts';
import type { Route } from '../route.ts';
import type { Gatekeeper } from '../security/gatekeeper.ts';
import type { Caller, Right } from '../security/permissions.ts';
import { revisionHeader } from '../security/revision-gate.ts';
import type { Fields } from './resource.ts';

export interface DeskProps {
  readonly configuration: Configuration;
  readonly gatekeeper: Gatekeeper;
  readonly limits: RequestLimits;
}

/** One authorized management request. */
export interface ManagementCall {
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The `:name` of the path, decoded. */
  readonly name: string;
}

export interface ObjectChange {
  readonly kind: ConfigurationKind;
  readonly name: string;
  readonly expected: 'absent' | number;
  /** Undefined deletes the object. */
  readonly value?: Fields;
}

/** What every management request goes through: authorization, JSON in and out, and writes with their revision. */
export class ManagementDesk {
  readonly #props: DeskProps;

  constructor(props: DeskProps) {
    this.#props = props;
  }

  /** Authorizes, refuses when this node's copy is too old to be managed by, and puts the revision on the answer. */
  guarded(right: Right, handle: (call: ManagementCall) => void | Promise<void>): Route['handler'] {
    return async (request, reply) => {
      const caller = await this.#props.gatekeeper.admit(request.raw, right);
      const ageMs = this.#props.configuration.ageMs();
      if (ageMs > timeLimits.configurationAgeMs) {
        throw new SpectrumError(
          'CONFIGURATION_UNAVAILABLE',
          `This node last saw the configuration ${Math.round(ageMs / 1000)} s ago; services go on, management waits for the table`,
          { ageMs: Math.round(ageMs) },
        );
      }
      const { name = '' } = request.params as { readonly name?: string };
      await handle({ caller, request, reply, name });
      return reply;
    };
  }

  async write({ caller, request, reply }: ManagementCall, change: ObjectChange): Promise<void> {
    const key = request.headers['idempotency-key'];
    const commit = await this.#props.configuration.commit({
      ...change,
      operation: change.value === undefined ? 'delete' : 'put',
      by: caller.name,
      idempotencyKey: key === undefined ? undefined : String(key),
    });
    const revision = `${commit.epoch}.${commit.revision}`;
    reply.header('etag', `"${revision}"`).header(revisionHeader, revision);
  }

  send(reply: FastifyReply, body: object): void {
    const { epoch, revision } = this.snapshot();
    if (!reply.hasHeader(revisionHeader)) reply.header(revisionHeader, `${epoch}.${revision}`);
    reply
      .header('content-type', 'application/json;charset=utf-8')
      .send(Buffer.from(`${JSON.stringify(body, undefined, 2)}\n`));
  }

  snapshot(): ConfigurationSnapshot {
    return this.#props.configuration.snapshot();
  }

  /** The JSON object in the body; throws when it is something else. */
  async readObject({ raw }: FastifyRequest): Promise<Fields> {
    const { bodyBytes } = this.#props.limits;
    const kind = checkBodyHeaders(raw.headers, bodyBytes);
    if (kind !== 'json') {
      throw new SpectrumError('UNSUPPORTED_CONTENT_TYPE', 'The management API reads JSON; send application/json', {});
    }
    const { text } = await readBody(raw, kind, bodyBytes);
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    throw new SpectrumError('INVALID_OBJECT', 'The request body is not an object; send {…}', {});
  }
}
