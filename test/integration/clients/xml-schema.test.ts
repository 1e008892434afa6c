import { validateXML } from 'xmllint-wasm';
import type { ServiceDefinition } from '../../../server/services/index.ts';
import { demonstrationValues } from '../../support/demonstration-places.ts';
import { householdService } from '../../support/household-service.ts';
import { openTestCluster, type TestCluster } from '../../support/test-cluster.ts';

/** libxml2 reads the schemas inside each WSDL and WADL and checks requests, answers and faults against them. */
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openTestCluster([householdService]);
});
afterAll(() => cluster.close());

const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';

test('requests, answers and faults of every service are valid by its WSDL', async () => {
  for (const service of cluster.services) {
    const schemas = await readSchemas(`/soap/${service.name}?wsdl`);
    expect(schemas).toHaveLength(3);
    const request = requestOf(service, demonstrationValues);
    const answer = await post(`/soap/${service.name}`, 'text/xml', wrap(request));
    const fault = await post(`/soap/${service.name}`, 'text/xml', wrap('<wrong/>'));
    const documents = [request, unwrap(answer), detailOf(fault)];
    expect([service.name, await validate(documents, schemas)]).toEqual([service.name, []]);
  }
});

test('requests and answers of every service are valid by its WADL', async () => {
  for (const service of cluster.services) {
    const schemas = await readSchemas(`/rest/${service.name}?_wadl`);
    expect(schemas).toHaveLength(1);
    const request = requestOf(service, demonstrationValues);
    const answer = await post(`/rest/${service.name}/results.xml`, 'application/xml', request);
    const documents = [request, answer];
    expect([service.name, await validate(documents, schemas)]).toEqual([service.name, []]);
  }
});

test('rows with lists and typed values are valid too', async () => {
  const member = '<q:Member><q:First.Name>Ann</q:First.Name><q:Age>40</q:Age></q:Member>';
  const request = `<q:CountHouseholdRequest xmlns:q="http://www.pb.com/spectrum/services/CountHousehold"><q:Input><q:Row><q:Name>Lee</q:Name><q:Members>${member}</q:Members></q:Row><q:Row/></q:Input></q:CountHouseholdRequest>`;
  const schemas = await readSchemas('/soap/CountHousehold?wsdl');
  const answer = await post('/soap/CountHousehold', 'text/xml', wrap(request));
  expect(await validate([request, unwrap(answer)], schemas)).toEqual([]);
  expect((await validate([request.replace('>40<', '>forty<')], schemas)).join()).toContain('forty');
});

test('what is not in the schema is found, so that these checks can fail', async () => {
  const schemas = await readSchemas('/soap/GreetPerson?wsdl');
  const request = requestOf(cluster.services[0] as ServiceDefinition, {}).replace(/FirstName/g, 'Unknown');
  expect((await validate([request], schemas)).join()).toContain('Unknown');
});

test.each(['TokenManagerService', 'TokenLogoutService'])('messages of %s are valid by its WSDL', async (name) => {
  const schemas = await readSchemas(`/security/${name}?wsdl`);
  const namespace = 'http://token.security.common.server.platform.spectrum.pb.com/';
  const operation = name === 'TokenManagerService' ? 'getAccessExpiringToken' : 'logout';
  const life = operation === 'logout' ? '' : '<tokenLifeInMinutes>5</tokenLifeInMinutes>';
  const request = `<t:${operation} xmlns:t="${namespace}">${life}</t:${operation}>`;
  const answer = await post(`/security/${name}`, 'text/xml', wrap(request), await credentialsFor(name));
  expect(await validate([request, unwrap(answer)], schemas)).toEqual([]);
});

/** Only who shows a token can end one. */
async function credentialsFor(name: string): Promise<string> {
  if (name === 'TokenManagerService') return cluster.authorization;
  const headers = { authorization: cluster.authorization };
  const response = await fetch(`${cluster.origin}/security/rest/token/access/5`, { headers });
  return `Bearer ${((await response.json()) as { access_token: string }).access_token}`;
}

/** The inline schemas as documents of their own; each takes the prefixes of the document around it along. */
async function readSchemas(path: string): Promise<readonly string[]> {
  const text = await (await fetch(cluster.origin + path)).text();
  const prefixes = [...new Set(text.match(/xmlns:\w+="[^"]*"/g) ?? [])].join(' ');
  const schemas = text.match(/<xs:schema\b[\s\S]*?<\/xs:schema>/g) ?? [];
  return schemas.map((schema) => schema.replace('<xs:schema', `<xs:schema ${prefixes}`));
}

async function validate(documents: readonly string[], schemas: readonly string[]): Promise<readonly string[]> {
  const files = schemas.map((contents, index) => ({ fileName: `${index}.xsd`, contents }));
  const imports = schemas.map((schema, index) => {
    const namespace = /targetNamespace="([^"]+)"/.exec(schema)?.[1];
    return `<xs:import namespace="${namespace}" schemaLocation="${index}.xsd"/>`;
  });
  const { valid, errors } = await validateXML({
    xml: documents.map((contents, index) => ({ fileName: `${index}.xml`, contents })),
    schema: [
      {
        fileName: 'all.xsd',
        contents: `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${[...imports].reverse().join('')}</xs:schema>`,
      },
    ],
    preload: files,
  });
  return valid ? [] : errors.map(({ message }) => message);
}

function requestOf({ name, input, options }: ServiceDefinition, values: Readonly<Record<string, string>>): string {
  const element = (local: string, content: string) => `<q:${local}>${content}</q:${local}>`;
  const fields = input.fields.map((field) => element(field.name, values[field.name] ?? ''));
  const userFields = element('user_fields', element('user_field', element('name', 'id') + element('value', '1')));
  const choices = Object.entries(options).map(([option, { defaultText }]) => element(option, defaultText));
  const rows = element(input.row, fields.join('') + userFields).repeat(2);
  return `<q:${name}Request xmlns:q="http://www.pb.com/spectrum/services/${name}">${element('options', choices.join(''))}${element(input.port, rows)}</q:${name}Request>`;
}

function wrap(content: string): string {
  return `<s:Envelope xmlns:s="${soapNamespace}"><s:Body>${content}</s:Body></s:Envelope>`;
}

function unwrap(message: string): string {
  return /<soap:Body>([\s\S]*)<\/soap:Body>/.exec(message)?.[1] ?? '';
}

function detailOf(message: string): string {
  return /<detail>([\s\S]*)<\/detail>/.exec(message)?.[1] ?? '';
}

async function post(path: string, type: string, body: string, authorization = cluster.authorization): Promise<string> {
  const headers = { authorization, 'content-type': type };
  return (await fetch(cluster.origin + path, { method: 'POST', headers, body })).text();
}
