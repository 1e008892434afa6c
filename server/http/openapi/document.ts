import type { ServiceDefinition } from '../../services/index.ts';
import { fitsQuery } from '../rest/call.ts';
import { exampleOf } from './examples.ts';
import { describeRefusals, errorSchema, refusalsOf } from './refusals.ts';
import {
  answerSchema,
  describeOptions,
  describeSchemas,
  type Format,
  type Json,
  objectSchema,
  requestSchema,
} from './schemas.ts';
import { describeTokenPaths, tokenSchema, tokenTag } from './token-paths.ts';

/** The OpenAPI 3.1 description of every service's REST interface; `origin` is where the client reached this node. */
export function createOpenApiDocument(services: readonly ServiceDefinition[], origin: string, version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Spectrum services',
      version,
      description:
        'Every service answers GET for one record and POST for several, in JSON at results.json and in XML at results.xml.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: origin }],
    security: [{ basic: [] }, { token: [] }, { token: [], session: [] }],
    tags: [...services.map(({ name, description }) => ({ name, description })), tokenTag],
    paths: { ...Object.fromEntries(services.flatMap(describePaths)), ...describeTokenPaths() },
    components: {
      schemas: Object.assign(
        { UserField: userFieldSchema, Token: tokenSchema, Error: errorSchema },
        ...services.map(describeSchemas),
      ),
      responses: describeRefusals(),
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'User name and password' },
        token: { type: 'http', scheme: 'bearer', description: 'A token of /security/rest/token/access/{minutes}' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'SESSION',
          description: 'Beside a session token: its session. Browsers keep it by themselves',
        },
      },
    },
  };
}

const userFieldSchema = objectSchema({ name: { type: 'string' }, value: { type: 'string' } }, ['name', 'value']);

function describePaths(service: ServiceDefinition): readonly (readonly [string, Json])[] {
  return (['json', 'xml'] as const).map((format) => {
    const post = describePost(service, format);
    const path = fitsQuery(service) ? { get: describeGet(service, format), post } : { post };
    return [`/rest/${service.name}/results.${format}`, path] as const;
  });
}

/** Operation ids name the generated functions: `getValidateAddress`, `postValidateAddressXml`. */
function describeOperation(service: ServiceDefinition, method: 'get' | 'post', format: Format): Json {
  const { name } = service;
  return {
    operationId: `${method}${name}${format === 'xml' ? 'Xml' : ''}`,
    tags: [name],
    responses: {
      200: {
        description: 'The answer, one or more rows for each record in its order. Status F marks a record that failed.',
        content: { [`application/${format}`]: { schema: answerSchema(service, format) } },
      },
      ...refusalsOf(),
    },
  };
}

function describeGet(service: ServiceDefinition, format: Format): Json {
  const { name, input, options } = service;
  const fields = input.fields.map((field) => ({
    name: `Data.${field.name}`,
    in: 'query',
    description: field.description,
    schema: { type: 'string' },
  }));
  const choices = Object.entries(describeOptions(options)).map(([option, { description, ...schema }]) => ({
    name: `Option.${option}`,
    in: 'query',
    description,
    schema,
  }));
  return {
    ...describeOperation(service, 'get', format),
    summary: `${name} for one record`,
    parameters: [...fields, ...choices],
  };
}

function describePost(service: ServiceDefinition, format: Format): Json {
  const { name, description } = service;
  const { json, xml } = exampleOf(service);
  return {
    ...describeOperation(service, 'post', format),
    summary: `${name} for several records`,
    description,
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: requestSchema(service, 'json'), example: json },
        'application/xml': { schema: requestSchema(service, 'xml'), example: xml },
      },
    },
  };
}
