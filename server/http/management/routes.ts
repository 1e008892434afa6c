import { managementPaths, type NodeSummary } from '../../../contract/management.ts';
import type { NodeRegistration } from '../../cluster/index.ts';
import type { ConfigurationSnapshot, Permission } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { Route } from '../route.ts';
import type { Right } from '../security/permissions.ts';
import { type DeskProps, type ManagementCall, ManagementDesk } from './desk.ts';
import { entityTag, readPrecondition } from './preconditions.ts';
import { acceptPassword, type Fields, type ManagedResource, managedResources, present } from './resource.ts';

export interface ManagementProps extends DeskProps {
  node(): NodeSummary;
  /** The nodes of the cluster that live, as the runtime table has them; throws `TableError` when it is away. */
  listNodes(): Promise<readonly NodeRegistration[]>;
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

class ManagementApi {
  readonly #props: ManagementProps;
  readonly #desk: ManagementDesk;

  constructor(props: ManagementProps) {
    this.#props = props;
    this.#desk = new ManagementDesk(props);
  }

  summary(): Handler {
    return this.#desk.guarded({ entityType: 'Platform', permission: 'view' }, ({ reply }) => {
      const { name, cluster, version } = this.#props.node();
      const collections = managedResources.map(({ path }) => `/api/${path}`);
      this.#desk.send(reply, {
        cluster,
        node: name,
        version,
        paths: [managementPaths.node, managementPaths.services, ...collections],
      });
    });
  }

  node(): Handler {
    return this.#desk.guarded({ entityType: 'Platform', permission: 'view' }, ({ reply }) =>
      this.#desk.send(reply, this.#props.node()),
    );
  }

  list(resource: ManagedResource): Handler {
    return this.#desk.guarded(rightTo('view', resource), ({ reply }) => {
      const snapshot = this.#desk.snapshot();
      const items = snapshot.list<Fields>(resource.kind).map((object) => present(resource, object, snapshot.epoch));
      reply.header('etag', entityTag(snapshot, snapshot.revision));
      this.#desk.send(reply, { items });
    });
  }

  get(resource: ManagedResource): Handler {
    return this.#desk.guarded(rightTo('view', resource), ({ request, reply, name }) => {
      const snapshot = this.#desk.snapshot();
      const object = findObject(snapshot, resource, name);
      const tag = entityTag(snapshot, object.revision);
      reply.header('etag', tag);
      if (request.headers['if-none-match'] === tag) reply.code(304).send();
      else this.#desk.send(reply, present(resource, object, snapshot.epoch));
    });
  }

  create(resource: ManagedResource): Handler {
    return this.#desk.guarded(rightTo('create', resource), async (call) => {
      const { name, ...sent } = await this.#desk.readObject(call.request);
      if (typeof name !== 'string') {
        throw new SpectrumError('INVALID_OBJECT', 'name: is missing; send it as text', { field: 'name' });
      }
      await this.#desk.write(call, {
        kind: resource.kind,
        name,
        expected: 'absent',
        value: await resource.accept(sent, true),
      });
      call.reply.header('location', `/api/${resource.path}/${encodeURIComponent(name)}`);
      this.#sendObject(call, resource, name, 201);
    });
  }

  put(resource: ManagedResource): Handler {
    return this.#desk.guarded(rightTo('modify', resource), async (call) => {
      const { name, request } = call;
      const expected = readPrecondition(request.headers, this.#desk.snapshot().find(resource.kind, name));
      const { name: _ignored, revision: _read, ...sent } = await this.#desk.readObject(request);
      const value = await resource.accept(sent, expected === 'absent');
      await this.#desk.write(call, { kind: resource.kind, name, expected, value });
      this.#sendObject(call, resource, name, expected === 'absent' ? 201 : 200);
    });
  }

  delete(resource: ManagedResource): Handler {
    return this.#desk.guarded(rightTo('delete', resource), async (call) => {
      const expected = readPrecondition(call.request.headers, this.#desk.snapshot().find(resource.kind, call.name));
      await this.#desk.write(call, { kind: resource.kind, name: call.name, expected });
      call.reply.code(204).send();
    });
  }

  setPassword(): Handler {
    const users = managedResources.find(({ kind }) => kind === 'user') as ManagedResource;
    return this.#desk.guarded(rightTo('modify', users), async (call) => {
      const { name, request } = call;
      const expected = readPrecondition(request.headers, this.#desk.snapshot().find('user', name));
      const { password } = await this.#desk.readObject(request);
      const { value } = findObject(this.#desk.snapshot(), users, name);
      await this.#desk.write(call, {
        kind: 'user',
        name,
        expected,
        value: { ...value, passwordHash: await acceptPassword(password) },
      });
      call.reply.code(204).send();
    });
  }

  #sendObject({ reply }: ManagementCall, resource: ManagedResource, name: string, status: number): void {
    const snapshot = this.#desk.snapshot();
    reply.code(status);
    this.#desk.send(reply, present(resource, findObject(snapshot, resource, name), snapshot.epoch));
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
