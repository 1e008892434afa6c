import { managementPaths } from '../../../contract/management.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import type { ExposedServices } from '../exposed-services.ts';
import { createInputShape, type ServiceCall } from '../rest/call.ts';
import { parseJsonRequest } from '../rest/json-request.ts';
import { ServiceRunner, type ServiceSurroundings } from '../rest/service-runner.ts';
import type { Route } from '../route.ts';
import type { Right } from '../security/permissions.ts';
import { type DeskProps, type Fields, type Handle, ManagementDesk } from './desk.ts';
import { entityTag, readPrecondition } from './preconditions.ts';
import { checkOptions } from './service-options.ts';

export interface ServicesProps extends DeskProps {
  readonly services: readonly ServiceDefinition[];
  /** Those that come and go with the configuration; none when absent. */
  readonly exposed?: ExposedServices | undefined;
  readonly surroundings: ServiceSurroundings;
}

/** Rows that a preview takes at most. */
const previewRows = 50;

/** URLs about services: what they are, their saved defaults, and a preview. */
export function servicesRoutes(props: ServicesProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const list = desk.guarded({ entityType: 'Services', permission: 'view' }, async ({ reply }) => {
    const known = [...props.services, ...((await props.exposed?.list()) ?? [])];
    desk.send(reply, { items: known.map(({ name, module, description }) => ({ name, module, description })) });
  });
  return [
    { method: 'GET', path: managementPaths.services, handler: list },
    ...props.services.flatMap((service) => managementRoutesOf(service, props)),
  ];
}

/** The URLs about one service. */
export function managementRoutesOf(service: ServiceDefinition, props: ServicesProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  const path = `${managementPaths.services}/${service.name}`;
  const right = (permission: Right['permission']): Right => ({
    entityType: 'Services',
    permission,
    entity: service.name,
  });
  const runner = new ServiceRunner(service, props.surroundings);
  return [
    { method: 'GET', path, handler: desk.guarded(right('view'), describe(service, desk)) },
    { method: 'GET', path: `${path}/defaults`, handler: desk.guarded(right('view'), readDefaults(service, desk)) },
    { method: 'PUT', path: `${path}/defaults`, handler: desk.guarded(right('modify'), saveDefaults(service, desk)) },
    {
      method: 'DELETE',
      path: `${path}/defaults`,
      handler: desk.guarded(right('modify'), forgetDefaults(service, desk)),
    },
    { method: 'POST', path: `${path}/preview`, handler: desk.guarded(right('execute'), preview(runner, desk)) },
  ];
}

function describe(service: ServiceDefinition, desk: ManagementDesk): Handle {
  const { name, module, description, input, output, options } = service;
  return ({ reply }) => {
    const saved = findDefaults(desk, name)?.value.options ?? {};
    const described = Object.entries(options).map(
      ([option, { description: purpose, allowed, values, defaultText }]) => ({
        name: option,
        description: purpose,
        allowed,
        values,
        factoryDefault: defaultText,
        savedDefault: saved[option],
      }),
    );
    desk.send(reply, { name, module, description, input, output, options: described });
  };
}

function readDefaults({ name }: ServiceDefinition, desk: ManagementDesk): Handle {
  return ({ reply }) => {
    const saved = findDefaults(desk, name);
    if (saved !== undefined) reply.header('etag', entityTag(desk.snapshot(), saved.revision));
    desk.send(reply, { options: saved?.value.options ?? {} });
  };
}

function saveDefaults(service: ServiceDefinition, desk: ManagementDesk): Handle {
  const { name } = service;
  return async (call) => {
    const current = findDefaults(desk, name);
    const expected = readPrecondition(desk, call, { kind: 'service-default', name });
    const { options } = await desk.readObject(call.request);
    const checked = checkOptions(service, options);
    const value = { ...current?.value, options: checked };
    const { epoch, revision } = await desk.write(call, { kind: 'service-default', name, expected, value });
    call.reply.code(expected === 'absent' ? 201 : 200).header('etag', `"${epoch}.${revision}"`);
    desk.send(call.reply, { options: checked });
  };
}

function forgetDefaults({ name }: ServiceDefinition, desk: ManagementDesk): Handle {
  return async (call) => {
    const expected = readPrecondition(desk, call, { kind: 'service-default', name });
    await desk.write(call, { kind: 'service-default', name, expected });
    call.reply.code(204).send();
  };
}

/** Runs a few rows with the options given over the saved ones, as a caller would get them; nothing is stored. */
export function preview(runner: ServiceRunner, desk: ManagementDesk): Handle {
  const shape = createInputShape(runner.definition);
  return async ({ request, reply }) => {
    const { rows, options } = await desk.readObject(request);
    if (!Array.isArray(rows)) {
      throw new SpectrumError('INVALID_OBJECT', 'rows: is missing; send an array of objects, field to text or null', {
        field: 'rows',
      });
    }
    const body = JSON.stringify({ options, [shape.port]: { [shape.row]: rows } });
    const call: ServiceCall = parseJsonRequest(shape, body, previewRows);
    const startedMs = performance.now();
    const answers = await runner.run(call);
    desk.send(reply, { answers, durationMs: Math.round((performance.now() - startedMs) * 1_000) / 1_000 });
  };
}

interface SavedDefaults extends Fields {
  readonly options: Readonly<Record<string, string>>;
}

function findDefaults(desk: ManagementDesk, service: string) {
  return desk.snapshot().find<SavedDefaults>('service-default', service);
}
