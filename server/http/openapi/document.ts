import { type ErrorCode, errorCodes } from '../../../contract/errors.ts';
import type { FieldDefinition, OptionTable, PortDefinition, ServiceDefinition } from '../../services/index.ts';
import { fitsQuery } from '../rest/call.ts';
import { exampleOf } from './examples.ts';

type Json = Readonly<Record<string, unknown>>;

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
    security: [{ basic: [] }, { token: [] }],
    tags: services.map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries(services.flatMap(describePaths)),
    components: {
      schemas: Object.assign(sharedSchemas(), ...services.map(describeSchemas)),
      responses: Object.fromEntries(refusals.map(({ name, description }) => [name, refusalResponse(description)])),
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'User name and password' },
        token: { type: 'http', scheme: 'bearer', description: 'A token of /security/rest/token/access/{minutes}' },
      },
    },
  };
}

function describePaths(service: ServiceDefinition): readonly (readonly [string, Json])[] {
  return (['json', 'xml'] as const).map((format) => {
    const post = describePost(service, format);
    const path = fitsQuery(service) ? { get: describeGet(service, format), post } : { post };
    return [`/rest/${service.name}/results.${format}`, path] as const;
  });
}

type Format = 'json' | 'xml';

/** Operation ids name the generated functions: `getValidateAddress`, `postValidateAddressXml`. */
function describeOperation({ name }: ServiceDefinition, method: 'get' | 'post', format: Format): Json {
  return {
    operationId: `${method}${name}${format === 'xml' ? 'Xml' : ''}`,
    tags: [name],
    responses: {
      200: {
        description: 'The answer, one or more rows for each record in its order. Status F marks a record that failed.',
        content:
          format === 'json'
            ? { 'application/json': { schema: reference(`${name}Answer`) } }
            : { 'application/xml': { schema: { type: 'string' } } },
      },
      ...Object.fromEntries(refusals.map((refusal) => [refusal.status, refusalReference(refusal.name)])),
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
  return {
    ...describeOperation(service, 'post', format),
    summary: `${name} for several records`,
    description,
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: reference(`${name}Request`), example: exampleOf(service) },
        'application/xml': { schema: { type: 'string' } },
      },
    },
  };
}

function describeSchemas({ name, input, output, options }: ServiceDefinition): Json {
  return {
    [`${name}Request`]: objectSchema({
      options: reference(`${name}Options`),
      [input.port]: objectSchema({ [input.row]: arrayOf(reference(`${name}Row`)) }, [input.row]),
    }),
    [`${name}Options`]: objectSchema(describeOptions(options)),
    [`${name}Row`]: rowSchema(input),
    [`${name}Answer`]: objectSchema({ [output.port]: arrayOf(reference(`${name}Result`)) }, [output.port]),
    [`${name}Result`]: { ...rowSchema(output), required: ['user_fields'] },
  };
}

function rowSchema({ fields }: PortDefinition): Json {
  return objectSchema({ ...describeFields(fields), user_fields: arrayOf(reference('UserField')) });
}

function describeFields(fields: readonly FieldDefinition[]): Json {
  const entries = fields.map(({ name, description, type, list }) => {
    if (list !== undefined) return [name, { ...arrayOf(objectSchema(describeFields(list.fields))), description }];
    return [name, { type: type === undefined ? 'string' : jsonTypes[type], description }];
  });
  return Object.fromEntries(entries);
}

const jsonTypes: Readonly<Record<NonNullable<FieldDefinition['type']>, string>> = {
  integer: 'integer',
  double: 'number',
  boolean: 'boolean',
};

/**
 * The default stands in the words: forms fill in a `default`, and a filled-in option counts before the one that is saved
 * for the service.
 */
function describeOptions(options: OptionTable): Readonly<Record<string, Json>> {
  const entries = Object.entries(options).map(([name, { description, allowed, defaultText, values }]) => {
    const choice = values === undefined ? ` Allowed: ${allowed}.` : '';
    return [
      name,
      {
        type: 'string',
        description: `${description}${choice} Default: ${defaultText || 'empty'}.`,
        ...(values === undefined ? {} : { enum: values }),
      },
    ];
  });
  return Object.fromEntries(entries);
}

function sharedSchemas(): Json {
  return {
    UserField: objectSchema({ name: { type: 'string' }, value: { type: 'string' } }, ['name', 'value']),
    Error: objectSchema(
      {
        code: { type: 'string', enum: Object.keys(errorCodes) },
        message: { type: 'string', description: 'What was wrong and what is allowed, in one sentence' },
        requestId: { type: 'string' },
      },
      ['code', 'message', 'requestId'],
    ),
  };
}

interface Refusal {
  readonly name: string;
  readonly status: number;
  readonly description: string;
}

const refusals: readonly Refusal[] = [
  refusal('INVALID_REQUEST', 'The request or one of its options is wrong'),
  refusal('CREDENTIALS_REQUIRED', 'Credentials are missing or wrong'),
  refusal('NOT_PERMITTED', 'The user may not call the service'),
  refusal('BODY_TOO_LARGE', 'The body is larger than the node takes'),
  refusal('UNSUPPORTED_CONTENT_TYPE', 'The body is neither JSON nor XML in UTF-8'),
  refusal('DATABASE_UNAVAILABLE', 'The node cannot answer now; try again'),
];

function refusal(code: ErrorCode, description: string): Refusal {
  return { name: `E${errorCodes[code].status}`, status: errorCodes[code].status, description };
}

function refusalResponse(description: string): Json {
  return {
    description,
    content: {
      'application/json': { schema: reference('Error') },
      'application/xml': { schema: { type: 'string' } },
    },
  };
}

function refusalReference(name: string): Json {
  return { $ref: `#/components/responses/${name}` };
}

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function arrayOf(items: Json): Json {
  return { type: 'array', items };
}

function objectSchema(properties: Json, required?: readonly string[]): Json {
  return { type: 'object', properties, ...(required === undefined ? {} : { required }) };
}
