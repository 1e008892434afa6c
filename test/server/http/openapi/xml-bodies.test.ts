import { type ServiceDefinition, serviceRegistry } from '../../../../server/services/index.ts';
import { createDemonstrationPlaces, demonstrationValues } from '../../../support/demonstration-places.ts';
import { householdService } from '../../../support/household-service.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';
import { childrenOf, parseXmlTree, type XmlNode } from '../../../support/xml-tree.ts';

/** A client that knows nothing but the document: it writes and reads XML by the `xml` objects of OpenAPI 3.1. */
const services: readonly ServiceDefinition[] = [sampleService, householdService, ...serviceRegistry];

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly xml?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly prefix?: string;
    readonly wrapped?: boolean;
  };
}

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      { readonly post: { readonly requestBody: Content; readonly responses: Readonly<Record<string, Content>> } }
    >
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Content>>;
  };
}

let gateway: TestGateway;
let document: Document;
beforeAll(async () => {
  gateway = await openTestGateway({ services, database: createDemonstrationPlaces() });
  document = (await (await fetch(`${gateway.origin}/openapi.json`)).json()) as Document;
});
afterAll(() => gateway.close());

function resolve(schema: Schema | undefined): Schema {
  if (schema === undefined) throw new Error('the document has no such schema');
  if (schema.$ref === undefined) return schema;
  return resolve(document.components.schemas[schema.$ref.replace('#/components/schemas/', '')]);
}

function write(given: Schema | undefined, property: string, value: unknown): string {
  const schema = resolve(given);
  const { name = property, namespace, prefix, wrapped } = schema.xml ?? {};
  const element = (content: string) =>
    `<${prefix}:${name} xmlns:${prefix}="${namespace}">${content}</${prefix}:${name}>`;
  if (schema.type === 'array') {
    const items = (value as readonly unknown[]).map((item) => write(schema.items, property, item)).join('');
    return wrapped === true ? element(items) : items;
  }
  if (schema.type !== 'object')
    return element(String(value).replace(/[<&>]/g, (character) => `&#${character.charCodeAt(0)};`));
  const members = Object.entries(value as object).map(([key, member]) => write(schema.properties?.[key], key, member));
  return element(members.join(''));
}

function read(given: Schema | undefined, node: XmlNode): unknown {
  const schema = resolve(given);
  if (schema.type === 'array') return node.children.map((child) => read(schema.items, child));
  if (schema.type === 'object') return readObject(schema, node);
  expect(node.children).toEqual([]);
  if (schema.type === 'boolean') return node.text === 'true';
  return schema.type === 'string' ? node.text : Number(node.text);
}

function readObject({ properties = {}, required = [] }: Schema, node: XmlNode): unknown {
  const values: Record<string, unknown> = {};
  for (const child of node.children) {
    const [property, schema] = findProperty(properties, child);
    const isRepeated = schema.type === 'array' && schema.xml?.wrapped !== true;
    values[property] = isRepeated
      ? [...((values[property] as unknown[] | undefined) ?? []), read(schema.items, child)]
      : read(schema, child);
  }
  expect(Object.keys(values)).toEqual(expect.arrayContaining([...required]));
  return values;
}

function findProperty(properties: Readonly<Record<string, Schema>>, { name, namespace }: XmlNode): [string, Schema] {
  for (const [property, given] of Object.entries(properties)) {
    const schema = resolve(given);
    const isRepeated = schema.type === 'array' && schema.xml?.wrapped !== true;
    const { xml } = isRepeated ? resolve(schema.items) : schema;
    if ((xml?.name ?? property) === name && (xml?.namespace ?? '') === namespace) return [property, schema];
  }
  throw new Error(`${name} in ${namespace} is not described`);
}

async function post(service: string, format: 'json' | 'xml', body: string) {
  const response = await fetch(`${gateway.origin}/rest/${service}/results.${format}`, {
    method: 'POST',
    headers: { authorization: gateway.authorization, 'content-type': `application/${format}` },
    body,
  });
  return { status: response.status, text: await response.text() };
}

function operationOf(service: string, format: 'json' | 'xml') {
  const operation = document.paths[`/rest/${service}/results.${format}`]?.post;
  if (operation === undefined) throw new Error(`${service} is not described`);
  return operation;
}

/** Fields, options, user fields, and rows inside a field. */
function requestOf({ input, options }: ServiceDefinition) {
  const fields = input.fields.map(({ name, list }) => {
    if (list === undefined) return [name, demonstrationValues[name] ?? 'a <&> b'];
    return [name, [Object.fromEntries(list.fields.map((field) => [field.name, field.type === undefined ? 'x' : '5']))]];
  });
  const row = (id: string) => ({ ...Object.fromEntries(fields), user_fields: [{ name: 'id', value: id }] });
  const choices = Object.entries(options).flatMap(([name, { defaultText }]) =>
    defaultText === '' ? [] : [[name, defaultText]],
  );
  return { options: Object.fromEntries(choices), [input.port]: { [input.row]: [row('1'), row('2')] } };
}

test.each(services.map((service) => [service.name, service] as const))(
  '%s is called in XML by its description alone and answers as in JSON',
  async (name, service) => {
    const { requestBody, responses } = operationOf(name, 'xml');
    const request = requestOf(service);
    const xml = write(requestBody.content['application/xml']?.schema, '', request);
    const sent = await post(name, 'xml', xml);
    expect([sent.status, name]).toEqual([200, name]);
    const root = parseXmlTree(sent.text);
    const answer = resolve(responses['200']?.content['application/xml']?.schema);
    expect([root.name, root.namespace]).toEqual([answer.xml?.name, answer.xml?.namespace]);
    const { port, row } = service.output;
    const rows = (read(answer, root) as Record<string, Record<string, unknown>>)[port]?.[row];
    const inJson = JSON.parse((await post(name, 'json', JSON.stringify(request))).text) as Record<string, unknown>;
    expect(rows ?? []).toEqual(inJson[port]);
  },
);

test('the examples are answered as they stand, in both formats alike', async () => {
  for (const { name } of services.filter(({ input }) => input.fields.every(({ list }) => list === undefined))) {
    const { content } = operationOf(name, 'json').requestBody;
    const xml = await post(name, 'xml', String(content['application/xml']?.example));
    const json = await post(name, 'json', JSON.stringify(content['application/json']?.example));
    expect([name, xml.status, json.status]).toEqual([name, 200, 200]);
  }
});

test('a refusal in XML has the members of its description', async () => {
  const { status, text } = await post('GreetPerson', 'xml', '<wrong/>');
  const schema = document.components.responses.E400?.content['application/xml']?.schema;
  const root = parseXmlTree(text);
  expect([status, root.name]).toEqual([400, resolve(schema).xml?.name]);
  expect(childrenOf(root).length).toBeGreaterThanOrEqual(3);
  expect(read(schema, { ...root, children: root.children.slice(0, 3) })).toMatchObject({ code: 'INVALID_REQUEST' });
});
