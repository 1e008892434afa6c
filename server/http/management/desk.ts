import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type Configuration,
  type ConfigurationCommit,
  type ConfigurationKind,
  type ConfigurationSnapshot,
  hideSecrets,
} from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import { type RequestLimits, timeLimits } from '../limits.ts';
import { parseJson } from '../rest/json-request.ts';
import type { Route } from '../route.ts';
import type { Gatekeeper } from '../security/gatekeeper.ts';
import { type Caller, notPermitted, type Right } from '../security/permissions.ts';
import { revisionHeader } from '../security/revision-gate.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface DeskProps {
  readonly configuration: Configuration;
  readonly gatekeeper: Gatekeeper;
  readonly limits: RequestLimits;
}

/** One authenticated management request. */
export interface ManagementCall {
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The `:name` of the path, decoded. */
  readonly name: string;
  readonly query: URLSearchParams;
}

export type Handle = (call: ManagementCall) => void | Promise<void>;

export interface ObjectChange {
  readonly kind: ConfigurationKind;
  readonly name: string;
  readonly expected: 'absent' | number;
  /** Undefined deletes the object. */
  readonly value?: Fields;
  /** Why, for the audit log; the `reason` of the query when absent. */
  readonly reason?: string;
}

/** What every management request goes through: authorization, JSON in and out, and writes with their revision. */
export class ManagementDesk {
  readonly configuration: Configuration;
  readonly #props: DeskProps;

  constructor(props: DeskProps) {
    this.#props = props;
    this.configuration = props.configuration;
  }

  /** As `open`, for whoever has the right. */
  guarded(right: Right, handle: Handle): Route['handler'] {
    return this.open((call) => {
      this.assertPermitted(call, right);
      return handle(call);
    });
  }

  /**
   * Authenticates, refuses when this node's copy is too old to be managed by, and puts the revision on the answer;
   * what the caller may do is the handler's to ask.
   */
  open(handle: Handle): Route['handler'] {
    return async (request, reply) => {
      const caller = await this.#props.gatekeeper.identify(request.raw);
      this.#stamp(reply, this.snapshot());
      this.#assertRecent();
      const { name = '' } = request.params as { readonly name?: string };
      const query = new URLSearchParams(/\?(.*)$/s.exec(request.raw.url ?? '')?.[1] ?? '');
      await handle({ caller, request, reply, name, query });
      return reply;
    };
  }

  /** Throws `NOT_PERMITTED` naming the right that the caller lacks. */
  assertPermitted(call: ManagementCall, right: Right): void {
    if (!call.caller.mayOnce(right)) throw this.#refuse(call, notPermitted(call.caller, right));
  }

  async write(call: ManagementCall, change: ObjectChange): Promise<ConfigurationCommit> {
    const { caller, request, reply, query } = call;
    const { reason = query.get('reason') ?? undefined, ...rest } = change;
    const key = request.headers['idempotency-key'];
    try {
      const commit = await this.configuration.commit({
        ...rest,
        ...(reason !== undefined && { reason }),
        operation: change.value === undefined ? 'delete' : 'put',
        by: caller.name,
        grants: 'own-permissions',
        idempotencyKey: key === undefined ? undefined : String(key),
      });
      this.#stamp(reply, commit);
      return commit;
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      if (error.code === 'REVISION_CONFLICT') throw this.conflict(call, change, error.message);
      throw error.code === 'NOT_PERMITTED' ? this.#refuse(call, error) : error;
    }
  }

  #refuse({ caller, request }: ManagementCall, refusal: SpectrumError): SpectrumError {
    this.#props.gatekeeper.noteRefusal(caller, refusal, request.raw);
    return refusal;
  }

  /** A conflict that carries the value and the revision as they are now, which is the entity tag of the refusal. */
  conflict({ reply }: ManagementCall, { kind, name }: ObjectChange, sentence: string): SpectrumError {
    const snapshot = this.snapshot();
    const current = snapshot.find(kind, name);
    const facts = { kind, name };
    if (current === undefined) return new SpectrumError('REVISION_CONFLICT', sentence, facts);
    const revision = `${snapshot.epoch}.${current.revision}`;
    reply.header('etag', `"${revision}"`);
    const value = hideSecrets(kind, current.value);
    return new SpectrumError('REVISION_CONFLICT', sentence, { ...facts, revision, current: value });
  }

  send(reply: FastifyReply, body: object): void {
    reply
      .header('content-type', 'application/json;charset=utf-8')
      .send(Buffer.from(`${JSON.stringify(body, undefined, 2)}\n`));
  }

  /** Sends pieces of text as they come, without holding the whole. */
  stream(reply: FastifyReply, contentType: string, pieces: AsyncIterable<string>): void {
    reply.header('content-type', contentType).send(Readable.from(inChunks(pieces), { objectMode: false }));
  }

  snapshot(): ConfigurationSnapshot {
    return this.configuration.snapshot();
  }

  /** The JSON object in the body; throws when it is something else. */
  async readObject({ raw }: FastifyRequest): Promise<Fields> {
    const value = parseJson(await this.readText(raw, Math.max(this.#props.limits.bodyBytes, longestObjectBytes)));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    throw new SpectrumError('INVALID_OBJECT', 'The request body is not an object; send {…}', {});
  }

  async readText(raw: FastifyRequest['raw'], limitBytes: number): Promise<string> {
    const kind = checkBodyHeaders(raw.headers, limitBytes, smallerObject);
    if (kind !== 'json') {
      throw new SpectrumError('UNSUPPORTED_CONTENT_TYPE', 'The management API reads JSON; send application/json', {});
    }
    return (await readBody(raw, kind, limitBytes, smallerObject)).text;
  }

  #stamp(reply: FastifyReply, { epoch, revision }: { readonly epoch: number; readonly revision: number }): void {
    // What one caller may see is not for a cache to show to another.
    reply.header(revisionHeader, `${epoch}.${revision}`).header('cache-control', 'private, no-cache');
  }

  #assertRecent(): void {
    const ageMs = this.configuration.ageMs();
    if (ageMs <= timeLimits.configurationAgeMs) return;
    throw new SpectrumError(
      'CONFIGURATION_UNAVAILABLE',
      `This node last saw the configuration ${Math.round(ageMs / 1000)} s ago; services go on, management waits for the table`,
      { ageMs: Math.round(ageMs) },
    );
  }
}

/** A little more than the largest value, so that the refusal of one past it names both sizes. */
const longestObjectBytes = 9 * 2 ** 20;
const smallerObject = 'send a smaller object, or a file in parts: an import of a part leaves the rest as it is';
const chunkCharacters = 16_384;

/** Small pieces are sent together: a chunk for each would cost more than its content. */
async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < chunkCharacters) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk);
}
