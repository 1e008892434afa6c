import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { demonstrationValues } from '../../support/demonstration-places.ts';
import { openTestCluster, type TestCluster } from '../../support/test-cluster.ts';
import { childrenOf, descendantsOf, parseXmlTree, type XmlNode } from '../../support/xml-tree.ts';

/** The vendor's own client step by step, as rest-soap-conventions section 7 derives it from its source. */
let cluster: TestCluster;
let url: string;
beforeAll(async () => {
  cluster = await openTestCluster();
  url = `${cluster.origin}/`;
});
afterAll(() => cluster.close());

/** Steps 1 and 2: the listing, after the repairs that the client makes, is XML with one link for each service. */
async function findServices(): Promise<Map<string, string>> {
  const response = await fetch(`${url}rest`, { headers: { authorization: cluster.authorization } });
  expect(response.headers.get('content-type')).toMatch(/charset=utf-8/i);
  const page = repairs.reduce((result, [from, to]) => result.replaceAll(from, to), await response.text());
  const links = descendantsOf(parseXmlTree(page), 'a').map((link) => link.text);
  const wadls = links.filter((link) => link.endsWith('?_wadl'));
  return new Map(wadls.map((link) => [link.replace(`${url}rest/`, '').replace('?_wadl', ''), link]));
}

/** Those of the client's older and newer releases. */
const repairs = [
  ['<HEAD>', '<head>'],
  ['<HTML>', '<html>'],
  ['"><meta', '"/><meta'],
  ['"><title', '"/><title'],
  ['><meta', '/><meta'],
  ['><title', '/><title'],
] as const;

interface Operation {
  readonly url: string;
  readonly requestType: string;
  readonly contentType: string;
  /** Python argument to query name. */
  readonly parameters: Map<string, string>;
}

/** Steps 3 to 7: names are compared with their prefix, attributes are fetched without asking whether they are there. */
function readOperations(wadl: XmlNode): Map<string, Operation> {
  const operations = new Map<string, Operation>();
  const [resources] = unprefixed(wadl, 'resources');
  const base = attributeOf(resources, 'base').replace(/\/$/, '');
  const walk = (node: XmlNode, currentUrl: string) => {
    for (const resource of unprefixed(node, 'resource')) {
      const resourceUrl = currentUrl + attributeOf(resource, 'path');
      for (const method of unprefixed(resource, 'method')) {
        const requestType = attributeOf(method, 'name');
        const path = resourceUrl.replace(base, '').replace(/^\/|\/$/g, '');
        operations.set(`${path.replaceAll('/', '_')}_${requestType}`.replaceAll('.', '_'), {
          url: resourceUrl,
          requestType,
          contentType: readContentType(method),
          parameters: readParameters(method),
        });
      }
      walk(resource, resourceUrl);
    }
  };
  walk(resources as XmlNode, base);
  return operations;
}

/** The last representation of a method decides; older releases want an element of every one in XML. */
function readContentType(method: XmlNode): string {
  let contentType = 'application/xml';
  for (const representation of descendantsOf(method, 'representation')) {
    contentType = attributeOf(representation, 'mediaType');
    if (contentType === 'application/xml') attributeOf(representation, 'element');
  }
  return contentType;
}

function readParameters(method: XmlNode): Map<string, string> {
  const parameters = descendantsOf(method, 'param').map((param) => {
    expect(attributeOf(param, 'type')).toBe('xs:string');
    const name = attributeOf(param, 'name');
    return [name.replaceAll('.', '_'), name] as const;
  });
  return new Map(parameters);
}

function unprefixed(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return childrenOf(node, name).filter(({ qualifiedName }) => qualifiedName === name);
}

function attributeOf(node: XmlNode | undefined, name: string): string {
  const value = node?.attributes[name];
  if (value === undefined) throw new Error(`${node?.qualifiedName} has no ${name}`);
  return value;
}

async function readWadl(address: string): Promise<XmlNode> {
  const response = await fetch(address);
  expect(response.status).toBe(200);
  return parseXmlTree(await response.text());
}

test('the listing names every service by the address the client used', async () => {
  expect([...(await findServices()).keys()]).toEqual(cluster.services.map(({ name }) => name));
});

test('every service is called by its WADL alone', async () => {
  for (const [name, address] of await findServices()) {
    const operation = readOperations(await readWadl(address)).get('results_json_GET');
    expect(operation).toMatchObject({ requestType: 'GET', contentType: 'application/json' });
    const { url: address2, contentType, parameters } = operation as Operation;
    expect(address2).toBe(`${url}rest/${name}/results.json`);
    const sent = [...parameters].flatMap(([argument, query]) => {
      const value = demonstrationValues[argument.replace(/^Data_/, '')];
      return value === undefined ? [] : [`${query}=${quote(value)}`];
    });
    const headers = { authorization: cluster.authorization, 'content-type': contentType, accept: contentType };
    const response = await fetch(`${address2}?${sent.join('&')}`, { headers });
    expect([name, response.status]).toEqual([name, 200]);
    expect(Object.keys(JSON.parse(await response.text()))).toEqual([
      cluster.services.find((service) => service.name === name)?.output.port,
    ]);
  }
});

test('parameters are those of the service in its order, fields before options, no two with one argument', async () => {
  const services = await findServices();
  for (const { name, input, options } of cluster.services) {
    const operations = readOperations(await readWadl(services.get(name) as string));
    expect([...operations.keys()]).toEqual([
      'results_json_GET',
      'results_json_POST',
      'results_xml_GET',
      'results_xml_POST',
    ]);
    const expected = [
      ...input.fields.map((field) => `Data.${field.name}`),
      ...Object.keys(options).map((option) => `Option.${option}`),
    ];
    expect([...(operations.get('results_json_GET')?.parameters.values() ?? [])]).toEqual(expected);
  }
});

test('a value with every character that the client encodes arrives as it was, and an error has a status', async () => {
  const address = (await findServices()).get('GreetPerson') as string;
  const operation = readOperations(await readWadl(address)).get('results_json_GET') as Operation;
  const headers = {
    authorization: cluster.authorization,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  const value = "1/2 A&B=C+D %2F ?#;,:@ é 'x'";
  const name = operation.parameters.get('Data_FirstName');
  const answer = await fetch(`${operation.url}?${name}=${quote(value)}`, { headers });
  expect(JSON.parse(await answer.text())).toMatchObject({ output_port: [{ Greeting: `Hello ${value}` }] });
  const refused = await fetch(`${operation.url}?${operation.parameters.get('Option_Tone')}=${quote('no/such')}`, {
    headers,
  });
  expect(refused.status).toBe(400);
});

test('whatever name the client calls the cluster by, every advertised address has it', async () => {
  const host = 'spectrum.example:8443';
  const advertised: Readonly<Record<string, string>> = {
    '/rest': `>http://${host}/rest/ValidateAddress?_wadl<`,
    '/soap': `>http://${host}/soap/ValidateAddress?wsdl<`,
    '/rest/ValidateAddress?_wadl': `<resources base="http://${host}/rest/ValidateAddress">`,
    '/soap/ValidateAddress?wsdl': `location="http://${host}/soap/ValidateAddress"`,
    '/security/rest?_wadl': `<resources base="http://${host}/security/rest">`,
    '/security/TokenManagerService?wsdl': `location="http://${host}/security/TokenManagerService"`,
    '/openapi.json': `"url": "http://${host}"`,
  };
  for (const [path, piece] of Object.entries(advertised)) {
    const page = await readAs(host, path);
    expect([path, page.includes(piece), page.includes(cluster.origin)]).toEqual([path, true, false]);
  }
});

/** Reads a page under another name of the cluster, which `fetch` cannot. */
function readAs(host: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get(`${cluster.origin}${path}`, { headers: { host } }, (response) => resolve(text(response)));
    asked.on('error', reject);
  });
}

test('encoded slashes in a path reach the node as part of a name', async () => {
  const response = await fetch(`${cluster.origin}/rest/Greet%2FPerson/results.json`, {
    headers: { authorization: cluster.authorization },
  });
  expect([response.status, await response.text()]).toEqual([
    404,
    expect.stringContaining('no service named \\"Greet/Person\\"'),
  ]);
});

test('grammars are inline, so that nothing else is fetched', async () => {
  for (const address of (await findServices()).values()) {
    const wadl = await readWadl(address);
    expect(descendantsOf(wadl, 'include')).toEqual([]);
    expect(descendantsOf(wadl, 'grammars')).toHaveLength(1);
  }
});

/** `urllib.parse.quote(value, safe='')`. */
function quote(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
