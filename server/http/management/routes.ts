import type { FastifyReply, FastifyRequest } from 'fastify';
import { managementPaths, type NodeSummary } from '../../../contract/management.ts';
import type { Configuration, ConfigurationSnapshot, Permission } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import { type RequestLimits, timeLimits } from '../limits.ts';
import { parseJson } from '../rest/json-request.ts';
import type { Route } from '../route.ts';
import type { Gatekeeper } from '../security/gatekeeper.ts';
import type { Caller, Right } from '../security/permissions.ts';
import { revisionHeader } from '../security/revision-gate.ts';
import { entityTag, readPrecondition } from './preconditions.ts';
import { acceptPassword, type Fields, type ManagedResource, managedResources, present } from './resource.ts';

export interface ManagementProps {
  readonly configuration: Configuration;
  readonly gatekeeper: Gatekeeper;
  readonly limits: RequestLimits;
  node(): NodeSummary;
}

/** Every URL of the management API. */
export function managementRoutes(props: ManagementProps): readonly Route[] {
  const api = new ManagementApi(props);
  const { summary, node } = managementPaths;
  const reads = managedResources.flatMap((resource): Route[] => [
    { method: 'GET', path: `/api/${resource.path}`, handler: api.list(resource) },
    { method: 'GET', path: `/api/${resource.path}/:name`, handler: api.get(resource) },
  ]);
  const writes = managedResources
    .filter(({ isWritable }) => isWritable)
    .flatMap((resource): Route[] => [
      { method: 'POST', path: `/api/${resource.path}`, handler: api.create(resource) },
      { method: 'PUT', path: `/api/${resource.path}/:name`, handler: api.put(resource) },
      { method: 'DELETE', path: `/api/${resource.path}/:name`, handler: api.delete(resource) },
    ]);
  return [
    { method: 'GET', path: summary, handler: api.summary() },
    { method: 'GET', path: node, handler: api.node() },
    ...reads,
    ...writes,
    { method: 'PUT', path: `${managementPaths.users}/:name/password`, handler: api.setPassword() },
  ];
}

type Handler = Route['handler'];

/** One authorized management request. */
interface Call {
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The `:name` of the path, decoded. */
  readonly name: string;
}

class ManagementApi {
  readonly #props: ManagementProps;

  constructor(props: ManagementProps) {
    this.#props = props;
  }

  summary(): Handler {
    return this.#guarded({ entityType: 'Platform', permission: 'view' }, ({ reply }) => {
      const { name, cluster, version } = this.#props.node();
      const collections = managedResources.map(({ path }) => `/api/${path}`);
      this.#send(reply, { cluster, node: name, version, paths: [managementPaths.node, ...collections] });
    });
  }

  node(): Handler {
    return this.#guarded({ entityType: 'Platform', permission: 'view' }, ({ reply }) =>
      this.#send(reply, this.#props.node()),
    );
  }

  list(resource: ManagedResource): Handler {
    return this.#guarded(rightTo('view', resource), ({ reply }) => {
      const snapshot = this.#snapshot();
      const items = snapshot.list<Fields>(resource.kind).map((object) => present(resource, object, snapshot.epoch));
      reply.header('etag', entityTag(snapshot, snapshot.revision));
      this.#send(reply, { items });
    });
  }

  get(resource: ManagedResource): Handler {
    return this.#guarded(rightTo('view', resource), ({ request, reply, name }) => {
      const snapshot = this.#snapshot();
      const object = findObject(snapshot, resource, name);
      const tag = entityTag(snapshot, object.revision);
      reply.header('etag', tag);
      if (request.headers['if-none-match'] === tag) reply.code(304).send();
      else this.#send(reply, present(resource, object, snapshot.epoch));
    });
  }

  create(resource: ManagedResource): Handler {
    return this.#guarded(rightTo('create', resource), async (call) => {
      const { name, ...sent } = await this.#readObject(call.request);
      if (typeof name !== 'string') {
        throw new SpectrumError('INVALID_OBJECT', 'name: is missing; send it as text', { field: 'name' });
      }
      await this.#write(call, resource, name, { expected: 'absent', value: await resource.accept(sent) });
      call.reply.header('location', `/api/${resource.path}/${encodeURIComponent(name)}`);
      this.#sendObject(call, resource, name, 201);
    });
  }

  put(resource: ManagedResource): Handler {
    return this.#guarded(rightTo('modify', resource), async (call) => {
      const { name, request } = call;
      const expected = readPrecondition(request.headers, this.#snapshot().find(resource.kind, name));
      const { name: _ignored, revision: _read, ...sent } = await this.#readObject(request);
      await this.#write(call, resource, name, { expected, value: await resource.accept(sent) });
      this.#sendObject(call, resource, name, expected === 'absent' ? 201 : 200);
    });
  }

  delete(resource: ManagedResource): Handler {
    return this.#guarded(rightTo('delete', resource), async (call) => {
      const expected = readPrecondition(call.request.headers, this.#snapshot().find(resource.kind, call.name));
      await this.#write(call, resource, call.name, { expected });
      call.reply.code(204).send();
    });
  }

  setPassword(): Handler {
    const users = managedResources.find(({ kind }) => kind === 'user') as ManagedResource;
    return this.#guarded(rightTo('modify', users), async (call) => {
      const { name, request } = call;
      const expected = readPrecondition(request.headers, this.#snapshot().find('user', name));
      const { password } = await this.#readObject(request);
      const { value } = findObject(this.#snapshot(), users, name);
      await this.#write(call, users, name, {
        expected,
        value: { ...value, passwordHash: await acceptPassword(password) },
      });
      call.reply.code(204).send();
    });
  }

  /** Authorizes, refuses when this node's copy is too old to be managed by, and puts the revision on the answer. */
  #guarded(right: Right, handle: (call: Call) => void | Promise<void>): Handler {
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

  async #write(
    { caller, request, reply }: Call,
    { kind }: ManagedResource,
    name: string,
    change: { readonly expected: 'absent' | number; readonly value?: Fields },
  ): Promise<void> {
    const key = request.headers['idempotency-key'];
    const commit = await this.#props.configuration.commit({
      kind,
      name,
      operation: change.value === undefined ? 'delete' : 'put',
      value: change.value,
      expected: change.expected,
      by: caller.name,
      idempotencyKey: key === undefined ? undefined : String(key),
    });
    const revision = `${commit.epoch}.${commit.revision}`;
    reply.header('etag', `"${revision}"`).header(revisionHeader, revision);
  }

  #sendObject({ reply }: Call, resource: ManagedResource, name: string, status: number): void {
    const snapshot = this.#snapshot();
    reply.code(status);
    this.#send(reply, present(resource, findObject(snapshot, resource, name), snapshot.epoch));
  }

  #send(reply: FastifyReply, body: object): void {
    const { epoch, revision } = this.#snapshot();
    if (!reply.hasHeader(revisionHeader)) reply.header(revisionHeader, `${epoch}.${revision}`);
    reply
      .header('content-type', 'application/json;charset=utf-8')
      .send(Buffer.from(`${JSON.stringify(body, undefined, 2)}\n`));
  }

  #snapshot(): ConfigurationSnapshot {
    return this.#props.configuration.snapshot();
  }

  async #readObject({ raw }: FastifyRequest): Promise<Fields> {
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

function rightTo(permission: Permission, { entityType }: ManagedResource): Right {
  return { entityType, permission };
}

function findObject(snapshot: ConfigurationSnapshot, { kind }: ManagedResource, name: string) {
  const object = snapshot.find<Fields>(kind, name);
  if (object !== undefined) return object;
  throw new SpectrumError('UNKNOWN_OBJECT', `There is no ${kind} named ${JSON.stringify(name.slice(0, 200))}`, {
    kind,
    name,
  });
}
