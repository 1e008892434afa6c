import { serviceRegistry } from '../../../../server/services/index.ts';
import { householdService } from '../../../support/household-service.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';
import { childrenOf, descendantsOf, parseXmlTree, type XmlNode } from '../../../support/xml-tree.ts';

/**
 * What WS-I Basic Profile 1.1 asks of descriptions and messages, by its numbers, and what stub generators of Java and
 * .NET stumble over besides.
 */
const services = [sampleService, householdService, ...serviceRegistry];
const paths = [
  ...services.map(({ name }) => `/soap/${name}`),
  '/security/TokenManagerService',
  '/security/TokenLogoutService',
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ services });
});
afterAll(() => gateway.close());

const wsdlNamespace = 'http://schemas.xmlsoap.org/wsdl/';
const soapBinding = 'http://schemas.xmlsoap.org/wsdl/soap/';
const schemaNamespace = 'http://www.w3.org/2001/XMLSchema';

async function read(path: string): Promise<{ readonly text: string; readonly root: XmlNode }> {
  const text = await (await fetch(`${gateway.origin}${path}?wsdl`)).text();
  return { text, root: parseXmlTree(text) };
}

const local = (name: string | undefined) => (name ?? '').replace(/^.*:/, '');
const namesOf = (nodes: readonly XmlNode[]) => nodes.map(({ attributes }) => attributes.name ?? '');
const duplicates = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index);

describe.each(paths)('%s', (path) => {
  test('is one XML 1.0 document in UTF-8 with its parts in order (R2023, R4002, R4004)', async () => {
    const { text, root } = await read(path);
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
    expect(text).not.toContain('<!DOCTYPE');
    const order = ['documentation', 'types', 'message', 'portType', 'binding', 'service'];
    const ranks = root.children.map(({ name }) => order.indexOf(name));
    expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
    expect(ranks).not.toContain(-1);
    expect([root.namespace, descendantsOf(root, 'include')]).toEqual([wsdlNamespace, []]);
  });

  test('has schemas with namespaces of their own, which import what they use (R2101, R2102, R2105, R2110)', async () => {
    const { text, root } = await read(path);
    const prefixes = new Map([...text.matchAll(/xmlns:(\w+)="([^"]*)"/g)].map(([, prefix, uri]) => [prefix, uri]));
    const schemas = descendantsOf(root, 'schema');
    expect(duplicates(schemas.map(({ attributes }) => attributes.targetNamespace ?? ''))).toEqual([]);
    for (const schema of schemas) {
      const { targetNamespace } = schema.attributes;
      expect([schema.namespace, typeof targetNamespace]).toEqual([schemaNamespace, 'string']);
      const imported = childrenOf(schema, 'import').map(({ attributes }) => attributes.namespace);
      const used = descendantsOf(schema, 'element').map(({ attributes }) =>
        prefixes.get((attributes.type ?? '').split(':')[0]),
      );
      const reachable = new Set([schemaNamespace, targetNamespace, ...imported]);
      expect(used.filter((namespace) => !reachable.has(namespace))).toEqual([]);
    }
    expect(text).not.toMatch(/soapenc|soap\/encoding|ArrayOf/);
  });

  test('binds every operation as document/literal over HTTP, alike in portType and binding (R2201, R2204, R2304, R2701 to R2754)', async () => {
    const { root } = await read(path);
    const [portType] = childrenOf(root, 'portType');
    const [binding] = childrenOf(root, 'binding');
    const operations = childrenOf(binding, 'operation');
    expect(namesOf(operations)).toEqual(namesOf(childrenOf(portType, 'operation')));
    expect(duplicates(namesOf(operations))).toEqual([]);
    const [protocol] = childrenOf(binding, 'binding');
    expect(protocol).toMatchObject({
      namespace: soapBinding,
      attributes: { style: 'document', transport: 'http://schemas.xmlsoap.org/soap/http' },
    });
    for (const operation of operations) {
      const bodies = descendantsOf(operation, 'body');
      expect(bodies.map(({ attributes }) => attributes)).toEqual([{ use: 'literal' }, { use: 'literal' }]);
      const described = childrenOf(portType, 'operation').find(
        ({ attributes }) => attributes.name === operation.attributes.name,
      );
      expect(namesOf(childrenOf(operation, 'fault'))).toEqual(namesOf(childrenOf(described, 'fault')));
      for (const fault of childrenOf(operation, 'fault')) {
        expect(childrenOf(fault, 'fault')[0]?.attributes).toEqual({ name: fault.attributes.name, use: 'literal' });
      }
    }
  });

  test('has messages of one part each, by element, that the schemas declare; no two operations look alike (R2204, R2210, R2710)', async () => {
    const { root } = await read(path);
    const declared = descendantsOf(root, 'schema').flatMap((schema) => namesOf(childrenOf(schema, 'element')));
    const messages = childrenOf(root, 'message');
    for (const message of messages) {
      const parts = childrenOf(message, 'part').map(({ attributes }) => attributes);
      expect([parts.length, Object.keys(parts[0] ?? {})]).toEqual([1, ['name', 'element']]);
      expect(declared).toContain(local(parts[0]?.element));
    }
    const inputs = descendantsOf(childrenOf(root, 'portType')[0] as XmlNode, 'input');
    const elements = inputs.map(({ attributes }) => {
      const message = messages.find((each) => each.attributes.name === local(attributes.message));
      return childrenOf(message, 'part')[0]?.attributes.element ?? '';
    });
    expect(duplicates(elements)).toEqual([]);
  });

  test('has one port, at the address of this document (R2711)', async () => {
    const { root } = await read(path);
    const addresses = descendantsOf(root, 'address').map(({ attributes }) => attributes.location);
    expect(addresses).toEqual([gateway.origin + path]);
  });

  test('has no type that generated classes could not hold', async () => {
    const { root } = await read(path);
    for (const schema of descendantsOf(root, 'schema')) {
      const types = childrenOf(schema, 'complexType');
      expect(duplicates(namesOf(types).map((name) => name.toLowerCase()))).toEqual([]);
      for (const type of types) {
        const members = namesOf(descendantsOf(type, 'element'));
        // C# knows no member named like its class; Java and C# drop the dots of a name.
        expect(members).not.toContain(type.attributes.name);
        expect(duplicates(members.map((name) => name.replace(/[._-]/g, '').toLowerCase()))).toEqual([]);
        // A group with a repeated element, or a nillable one that is optional too, becomes a wrapper for each value.
        const groups = childrenOf(type).map(({ name }) => name);
        expect(['all', 'sequence', undefined]).toContain(groups[0]);
        const isRepeated = descendantsOf(type, 'element').some(({ attributes }) => attributes.maxOccurs !== undefined);
        expect(groups[0] === 'all' && isRepeated).toBe(false);
        expect(descendantsOf(type, 'element').filter(({ attributes }) => 'nillable' in attributes)).toEqual([]);
      }
    }
  });
});

const envelope = 'http://schemas.xmlsoap.org/soap/envelope/';

async function send(content: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${gateway.origin}/soap/GreetPerson`, {
    method: 'POST',
    headers: { authorization: gateway.authorization, 'content-type': 'text/xml; charset=utf-8', ...headers },
    body: `<e:Envelope xmlns:e="${envelope}"><e:Body>${content}</e:Body></e:Envelope>`,
  });
  return { response, root: parseXmlTree(await response.text()) };
}

test.each(['""', '"urn:anything"', undefined])('the action %s is accepted (R1109, R2745)', async (action) => {
  const headers: Record<string, string> = action === undefined ? {} : { soapaction: action };
  const { response } = await send('<GreetPersonRequest/>', headers);
  expect(response.status).toBe(200);
});

test('an answer has one element in its Body, no header, no encoding style (R1005, R1014, R1111, R9980)', async () => {
  const { response, root } = await send('<GreetPersonRequest/>');
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/xml;charset=utf-8']);
  expect([root.name, root.namespace, root.attributes.encodingStyle]).toEqual(['Envelope', envelope, undefined]);
  expect(root.children.map(({ name, children }) => [name, children.length])).toEqual([['Body', 1]]);
});

test('a fault has its three members without namespace and travels with 500 (R1000, R1001, R1004, R1126)', async () => {
  const { response, root } = await send('<GreetPersonRequest><Wrong/></GreetPersonRequest>');
  expect([response.status, response.headers.get('content-type')]).toEqual([500, 'text/xml;charset=utf-8']);
  const [fault] = descendantsOf(root, 'Fault');
  const members = childrenOf(fault).map(({ name, namespace }) => [name, namespace]);
  expect(members).toEqual([
    ['faultcode', ''],
    ['faultstring', ''],
    ['detail', ''],
  ]);
  expect(childrenOf(fault, 'faultcode')[0]?.text).toBe('soap:Client');
});
