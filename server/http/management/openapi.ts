import { errorCodes } from '../../../contract/errors.ts';
import { kinds } from '../../../contract/kinds.ts';
import { managementPaths } from '../../../contract/management.ts';
import { accessActs } from '../../../contract/runtime-table.ts';
import { toJsonSchema } from '../../foundation/json-schema.ts';
import type { ServiceDefinition } from '../../services/index.ts';
import { publicOrigin } from '../rest/public-url.ts';
import type { Route } from '../route.ts';
import { describeAnswers, describeParameters, type Json, type Operation, otherOperations } from './operations.ts';
import { type ManagedResource, managedResources } from './resources.ts';

export interface ManagementDocumentProps {
  readonly services: readonly ServiceDefinition[];
  version(): string;
}

/** The URL of the description of the management API, without credentials as that of the services. */
export function managementOpenApiRoutes({ services, version }: ManagementDocumentProps): readonly Route[] {
  return [
    {
      method: 'GET',
      path: managementPaths.openApi,
      handler: ({ raw }, reply) =>
        reply
          .type('application/json;charset=utf-8')
          .send(`${JSON.stringify(createManagementDocument(services, publicOrigin(raw), version()), undefined, 2)}\n`),
    },
  ];
}

/** OpenAPI 3.1 of the management API, derived from the table of kinds and the table of other operations. */
function createManagementDocument(services: readonly ServiceDefinition[], origin: string, version: string): Json {
  const operations = [...managedResources.flatMap(operationsOf), ...otherOperations(services)];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Spectrum management',
      version,
      description:
        'Users, roles, resources, flows and settings of a cluster. Answers carry the revision of the configuration as Spectrum-Revision; a request that sends it back is answered by a node that has seen it. An update names the ETag it has read.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: origin }],
    security: [{ basic: [] }, { token: [] }],
    tags: tagsOf(operations),
    paths: describePaths(operations),
    components: {
      schemas: { ...Object.fromEntries(managedResources.map(describeSchema)), ...sharedSchemas },
      parameters: describeParameters(),
      responses: describeAnswers(),
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'User name and password' },
        token: { type: 'http', scheme: 'bearer', description: 'A token of /security/rest/token/access/{minutes}' },
      },
    },
  };
}

function tagsOf(operations: readonly Operation[]): readonly Json[] {
  const descriptions = new Map(
    managedResources.map(({ definition }) => [definition.collection, definition.description]),
  );
  return [...new Set(operations.map(({ tag }) => tag))].map((name) => {
    const description = descriptions.get(name);
    return { name, ...(description === undefined ? {} : { description }) };
  });
}

/** `access-control` is `AccessControl` in names of operations and schemas. */
function pascal(text: string): string {
  return text.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function operationsOf(resource: ManagedResource): readonly Operation[] {
  const { kind, path, definition } = resource;
  const [one, many, tag] = [pascal(kind), pascal(definition.collection), definition.collection];
  const target = `${path}/{name}`;
  const base = { tag, schema: { $ref: `#/components/schemas/${one}` } };
  const reads: readonly Operation[] = [
    {
      ...base,
      method: 'get',
      path,
      id: `list${many}`,
      summary: `Lists ${tag}`,
      parameters: ['Filter', 'Sort', 'Limit', 'Cursor'],
      answer: 'list',
    },
    {
      ...base,
      method: 'get',
      path: target,
      id: `get${one}`,
      summary: `Reads one of ${tag}`,
      parameters: ['IfNoneMatch'],
    },
  ];
  if (definition.writtenBy === 'nodes') return reads;
  const write = { ...base, parameters: ['IfMatch', 'IfNoneMatch', 'IdempotencyKey', 'Reason'] } as const;
  return [
    ...reads,
    {
      ...base,
      method: 'post',
      path,
      id: `create${one}`,
      summary: `Creates one of ${tag}`,
      parameters: ['IdempotencyKey', 'Reason'],
      body: { allOf: [base.schema, { type: 'object', required: ['name'] }] },
      answer: 'created',
    },
    {
      ...write,
      method: 'put',
      path: target,
      id: `put${one}`,
      summary: `Creates or replaces one of ${tag}`,
      body: base.schema,
      answer: 'saved',
    },
    {
      ...write,
      method: 'delete',
      path: target,
      id: `delete${one}`,
      summary: `Deletes one of ${tag}`,
      answer: 'nothing',
    },
    {
      ...base,
      method: 'get',
      path: `${target}/history`,
      id: `list${one}History`,
      summary: 'Who changed it, when, and what',
      parameters: ['Limit', 'Before'],
      schema: { $ref: '#/components/schemas/HistoryEntry' },
      answer: 'list',
    },
    {
      ...write,
      method: 'post',
      path: `${target}/restore`,
      id: `restore${one}`,
      summary: 'Gives it the value it had at a revision',
      body: { type: 'object', properties: { revision: { type: 'string' } }, required: ['revision'] },
      answer: 'saved',
    },
  ];
}

/** An object as it is sent and answered: its value with name and revision beside the fields. */
function describeSchema({ kind, definition }: ManagedResource): readonly [string, Json] {
  const { properties, ...schema } = toJsonSchema(definition.schema) as { readonly properties: Json };
  return [
    pascal(kind),
    {
      ...schema,
      properties: {
        name: { type: 'string', description: definition.nameAllowed },
        revision: {
          type: 'string',
          readOnly: true,
          description: '<epoch>.<revision> of the change that last wrote it',
        },
        ...properties,
        ...(kind === 'database-resource' && { onThisNode: vintageSchema }),
      },
    },
  ];
}

const vintageSchema = {
  type: 'object',
  readOnly: true,
  description: 'What the answering node has open; another vintage than asked for is pending, and the problem says why',
  properties: {
    vintage: { type: 'string' },
    pendingVintage: { type: 'string' },
    problem: { type: 'string' },
  },
};

const change = {
  type: 'object',
  properties: { field: { type: 'string' }, from: {}, to: {}, hidden: { type: 'boolean' } },
  required: ['field'],
};
const entry = {
  revision: { type: 'string' },
  operation: { type: 'string', enum: ['put', 'delete', 'seal'] },
  by: { type: 'string' },
  at: { type: 'string', format: 'date-time' },
  reason: { type: 'string' },
};

const sharedSchemas: Json = {
  HistoryEntry: { type: 'object', properties: { ...entry, changes: { type: 'array', items: change } } },
  AuditEntry: {
    type: 'object',
    properties: {
      ...entry,
      operation: { type: 'string', enum: [...entry.operation.enum, ...accessActs] },
      kind: { type: 'string' },
      name: { type: 'string' },
      value: {},
      until: { type: 'string', format: 'date-time', description: 'The last of events that were alike' },
      count: { type: 'integer', description: 'How many events were alike' },
      host: { type: 'string', description: 'Where the request came from' },
    },
  },
  ImportStep: {
    type: 'object',
    properties: {
      operation: { type: 'string', enum: ['create', 'change', 'remove'] },
      kind: { type: 'string', enum: Object.keys(kinds) },
      name: { type: 'string' },
      changes: { type: 'array', items: change },
      needsPassword: { type: 'boolean' },
      problem: { type: 'string' },
      revision: { type: 'string' },
    },
  },
  ConfigurationFile: {
    type: 'object',
    properties: {
      type: { type: 'string', const: 'spectrum-configuration' },
      version: { type: 'integer', const: 1 },
      epoch: { type: 'integer' },
      revision: { type: 'integer' },
      objects: {
        type: 'array',
        items: {
          type: 'object',
          properties: { kind: { type: 'string' }, name: { type: 'string' }, value: {} },
          required: ['kind', 'name', 'value'],
        },
      },
      sealed: { type: 'object' },
    },
    required: ['type', 'version', 'objects'],
  },
  Error: {
    type: 'object',
    properties: {
      code: { type: 'string', enum: Object.keys(errorCodes) },
      message: { type: 'string', description: 'What was wrong and what is allowed, in one sentence' },
      requestId: { type: 'string' },
      field: { type: 'string', description: 'The field or parameter that is wrong' },
      issues: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            field: { type: 'string' },
            given: { type: 'string' },
            problem: { type: 'string' },
            allowed: { type: 'string' },
          },
        },
      },
      current: { description: 'The value as it is now, of a conflict' },
      revision: { type: 'string', description: 'The revision of the object as it is now, of a conflict' },
      users: { type: 'array', items: { type: 'string' }, description: 'What uses the object that cannot go' },
    },
    required: ['code', 'message', 'requestId'],
  },
};

function describePaths(operations: readonly Operation[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const { method, path, id, tag, summary, body } = operation;
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(() => ({ $ref: '#/components/parameters/Name' }));
    const parameters = [...(operation.parameters ?? []), 'SpectrumRevision'];
    const references = parameters.map((parameter) => ({ $ref: `#/components/parameters/${parameter}` }));
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId: id,
        tags: [tag],
        summary,
        parameters: [...named, ...references],
        ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
        responses: responsesOf(operation),
      },
    };
  }
  return paths;
}

function responsesOf({ answer = 'object', schema, text, method, path }: Operation): Json {
  const json = (content: Json) => ({ 'application/json': { schema: content } });
  const ok = { description: 'As asked', content: { ...json(schema ?? {}), ...text } };
  const lists = {
    type: 'object',
    properties: { items: { type: 'array', items: schema ?? {} }, next: { type: 'string' } },
  };
  const answers: Readonly<Record<NonNullable<Operation['answer']>, Json>> = {
    object: { 200: ok },
    list: {
      200: {
        description: 'The items; next brings the page after them',
        content: { ...json(lists), 'application/x-ndjson': { schema: { type: 'string' } }, ...text },
      },
    },
    created: { 201: ok },
    saved: { 200: ok, 201: ok },
    accepted: { 202: ok },
    nothing: { 204: { description: 'Done' } },
  };
  const writes = method === 'get' ? [] : ['409', '415', '422'];
  const isTarget = path.includes('{name}');
  const statuses = [
    '400',
    '401',
    '403',
    ...(isTarget ? ['404'] : []),
    ...writes,
    ...(isTarget && writes.length > 0 ? ['428'] : []),
    '503',
  ];
  return {
    ...answers[answer],
    ...(isTarget && method === 'get' && answer === 'object' && { 304: { description: 'Not changed since' } }),
    ...Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/E${status}` }])),
  };
}
