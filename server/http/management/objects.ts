import { type ConfigurationKind, kinds } from '../../../contract/kinds.ts';
import { defaultSetting, isKnownSetting } from '../../../contract/known-settings.ts';
import { collectionPath, type DatabaseSummary, type NodeSummary } from '../../../contract/management.ts';
import type { ConfigurationObject, ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import type { ExposedServices } from '../exposed-services.ts';
import type { Route } from '../route.ts';
import { type DeskProps, type Fields, type Handle, type ManagementCall, ManagementDesk } from './desk.ts';
import { assertExposable, assertMayExpose } from './exposure.ts';
import { arrange, encodeCursor, parseListQuery } from './list-query.ts';
import { entityTag, isNotModified, readPrecondition } from './preconditions.ts';
import { acceptPassword, acceptValue, type ManagedResource, managedResources, present, rightTo } from './resources.ts';
import { streamItems } from './rows.ts';
import { assertMayRun } from './runnable.ts';

export interface ObjectsProps extends DeskProps {
  readonly services: readonly ServiceDefinition[];
  readonly exposed?: ExposedServices | undefined;
  node(): NodeSummary;
}

/** How long a new vintage is waited for, so that an answer can tell whether this node could open it. */
const vintageWaitMs = 1_000;
const vintagePollMs = 20;

/** The URLs of every kind of object: the table of kinds is all that is special about any of them. */
export function objectRoutes(props: ObjectsProps): readonly Route[] {
  const api = new ObjectsApi(props);
  return [
    ...managedResources.flatMap((resource) => api.routesOf(resource)),
    { method: 'PUT', path: `${collectionPath(kinds.user.collection)}/:name/password`, handler: api.setPassword() },
  ];
}

/** The object; throws `UNKNOWN_OBJECT` when there is none. */
export function getObject(
  snapshot: ConfigurationSnapshot,
  kind: ConfigurationKind,
  name: string,
): ConfigurationObject<Fields> {
  const object = snapshot.find<Fields>(kind, name);
  if (object !== undefined) return object;
  const sentence = `There is no ${kind} named ${JSON.stringify(name.slice(0, 200))}`;
  throw new SpectrumError('UNKNOWN_OBJECT', sentence, { kind, name });
}

class ObjectsApi {
  readonly #props: ObjectsProps;
  readonly #desk: ManagementDesk;

  constructor(props: ObjectsProps) {
    this.#props = props;
    this.#desk = new ManagementDesk(props);
  }

  routesOf(resource: ManagedResource): readonly Route[] {
    const { path, definition } = resource;
    const one = `${path}/:name`;
    const route = (method: Route['method'], url: string, handle: Handle): Route => ({
      method,
      path: url,
      handler: this.#desk.open(handle),
    });
    const reads = [
      route('GET', path, (call) => this.#list(resource, call)),
      route('GET', one, (call) => this.#get(resource, call)),
    ];
    if (definition.writtenBy === 'nodes') return reads;
    return [
      ...reads,
      route('POST', path, (call) => this.#create(resource, call)),
      route('PUT', one, (call) => this.#put(resource, call)),
      route('DELETE', one, (call) => this.#delete(resource, call)),
    ];
  }

  /** Whoever may change users, and everybody for themselves (platform reference section 2.1). */
  setPassword(): Route['handler'] {
    return this.#desk.open(async (call) => {
      const { name, caller, request, reply } = call;
      if (caller.name !== name) this.#desk.assertPermitted(call, rightTo('modify', 'user', name));
      const target = { kind: 'user', name } as const;
      const expected = readPrecondition(this.#desk, call, target);
      const { password } = await this.#desk.readObject(request);
      const passwordHash = await acceptPassword(password, this.#desk.snapshot());
      const { value } = getObject(this.#desk.snapshot(), 'user', name);
      const { epoch, revision } = await this.#desk.write(call, {
        ...target,
        expected,
        value: { ...value, passwordHash },
      });
      reply.code(204).header('etag', `"${epoch}.${revision}"`).send();
    });
  }

  #list({ kind, definition }: ManagedResource, call: ManagementCall): void {
    const snapshot = this.#desk.snapshot();
    const objects = snapshot.list(kind).filter(({ name }) => call.caller.mayOnce(rightTo('view', kind, name)));
    // Overrides may show single objects to whoever may not see the others.
    if (objects.length === 0) this.#desk.assertPermitted(call, rightTo('view', kind));
    const query = parseListQuery(call.query, definition);
    if (isNotModified(call, entityTag(snapshot, snapshot.revision))) return;
    const items = arrange(
      objects.map((object) => this.#present(object, snapshot)),
      query,
    );
    const page = items.slice(0, query.limit);
    const last = page.at(-1);
    const next = last !== undefined && items.length > page.length ? encodeCursor(last, query.order) : undefined;
    if (next !== undefined) {
      const search = new URLSearchParams(call.query);
      search.set('cursor', next);
      call.reply.header('link', `<${collectionPath(definition.collection)}?${search}>; rel="next"`);
    }
    streamItems(this.#desk, call, page, () => next);
  }

  #get({ kind }: ManagedResource, call: ManagementCall): void {
    this.#desk.assertPermitted(call, rightTo('view', kind, call.name));
    const snapshot = this.#desk.snapshot();
    if (kind === 'setting' && isKnownSetting(call.name) && snapshot.find(kind, call.name) === undefined) {
      this.#desk.send(call.reply, { name: call.name, value: defaultSetting(call.name) });
      return;
    }
    const object = getObject(snapshot, kind, call.name);
    if (isNotModified(call, entityTag(snapshot, object.revision))) return;
    this.#desk.send(call.reply, this.#present(object, snapshot));
  }

  async #create({ kind, path }: ManagedResource, call: ManagementCall): Promise<void> {
    const sent = await this.#desk.readObject(call.request);
    const { name } = sent;
    if (typeof name !== 'string') {
      throw new SpectrumError('INVALID_OBJECT', `name: is missing; send ${kinds[kind].nameAllowed}`, { field: 'name' });
    }
    this.#desk.assertPermitted(call, rightTo('create', kind, name));
    call.reply.header('location', `${path}/${encodeURIComponent(name)}`);
    await this.#save(kind, { ...call, name }, { sent, expected: 'absent' });
  }

  async #put({ kind }: ManagedResource, call: ManagementCall): Promise<void> {
    const { name } = call;
    const isCreation = call.request.headers['if-none-match'] !== undefined;
    this.#desk.assertPermitted(call, rightTo(isCreation ? 'create' : 'modify', kind, name));
    const expected = readPrecondition(this.#desk, call, { kind, name });
    const sent = await this.#desk.readObject(call.request);
    if (sent.name !== undefined && sent.name !== name) {
      const sentence = `name: ${JSON.stringify(sent.name)} is not the one of the path; a name cannot change`;
      throw new SpectrumError('INVALID_OBJECT', sentence, { field: 'name' });
    }
    await this.#save(kind, call, { sent, expected });
  }

  async #delete({ kind }: ManagedResource, call: ManagementCall): Promise<void> {
    const { name, reply } = call;
    this.#desk.assertPermitted(call, rightTo('delete', kind, name));
    const expected = readPrecondition(this.#desk, call, { kind, name });
    await this.#desk.write(call, { kind, name, expected });
    reply.code(204).send();
  }

  async #save(
    kind: ConfigurationKind,
    call: ManagementCall,
    { sent, expected }: { readonly sent: Fields; readonly expected: 'absent' | number },
  ): Promise<void> {
    const { name, reply } = call;
    const isNew = expected === 'absent';
    const { services, exposed } = this.#props;
    const before = this.#desk.snapshot();
    const value = await acceptValue(
      { kind, name, value: withoutAnswerFields(sent), isNew },
      { snapshot: before, services },
    );
    assertMayExpose(this.#desk, call, { kind, name, value });
    assertMayRun(this.#desk, call, { kind, name, value });
    if (kind === 'dataflow') await assertExposable({ name, value, before, services, exposed });
    await this.#desk.write(call, { kind, name, expected, value });
    if (kind === 'database-resource') await this.#waitForVintage(name, value.vintage);
    const snapshot = this.#desk.snapshot();
    const saved = getObject(snapshot, kind, name);
    reply.code(isNew ? 201 : 200).header('etag', entityTag(snapshot, saved.revision));
    this.#desk.send(reply, this.#present(saved, snapshot));
  }

  #present(object: ConfigurationObject, { epoch }: ConfigurationSnapshot): Fields {
    const shown = present(object, epoch);
    if (object.kind !== 'database-resource') return shown;
    const { vintage, pendingVintage, problem } = this.#summaryOf(object.name) ?? {};
    return { ...shown, onThisNode: { vintage, pendingVintage, problem } };
  }

  #summaryOf(name: string): DatabaseSummary | undefined {
    return this.#props.node().databases.find((summary) => summary.name === name);
  }

  /** Nodes never refuse a vintage that is not there yet; whoever names one is told what this node found. */
  async #waitForVintage(name: string, vintage: unknown): Promise<void> {
    const endMs = performance.now() + vintageWaitMs;
    while (performance.now() < endMs) {
      const summary = this.#summaryOf(name);
      if (!summary || summary.vintage === vintage || summary.problem !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, vintagePollMs));
    }
  }
}

/** What was read can be sent back as it is: these say something about the object and are not part of it. */
function withoutAnswerFields({ name: _, revision: _seen, onThisNode: _found, ...value }: Fields): Fields {
  return value;
}
