import { householdService } from '../support/household-service.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ services: [householdService] });
});
afterAll(() => gateway.close());

const path = '/rest/CountHousehold/results';
const json = {
  Input: {
    Row: [
      {
        Name: 'Lee',
        Members: [
          { 'First.Name': 'Ann', Age: 40 },
          { 'First.Name': 'B & "C"', Age: '5' },
        ],
      },
      { Name: 'Nobody', Members: [] },
    ],
  },
};
const member = (name: string, age: string) =>
  `<h:Member><h:First.Name>${name}</h:First.Name><h:Age>${age}</h:Age></h:Member>`;
const xml =
  '<h:CountHouseholdRequest xmlns:h="http://www.pb.com/spectrum/services/CountHousehold"><h:Input>' +
  `<h:Row><h:Name>Lee</h:Name><h:Members>${member('Ann', '40')}${member('B &amp; "C"', '5')}</h:Members></h:Row>` +
  '<h:Row><h:Name>Nobody</h:Name><h:Members/></h:Row></h:Input></h:CountHouseholdRequest>';

const jsonAnswer = `{
  "Output" : [ {
    "Name" : "Lee",
    "Count" : 2,
    "MeanAge" : 22.5,
    "IsEmpty" : false,
    "Members" : [ {
      "First.Name" : "Ann",
      "Age" : 40
    }, {
      "First.Name" : "B & \\"C\\"",
      "Age" : 5
    } ],
    "user_fields" : [ ]
  }, {
    "Name" : "Nobody",
    "Count" : 0,
    "IsEmpty" : true,
    "Members" : [ ],
    "user_fields" : [ ]
  } ]
}`;
const quoted = 'B &amp; &quot;C&quot;';
const xmlRows = (p: string) =>
  (
    '<p:Output><p:Row><p:Name>Lee</p:Name><p:Count>2</p:Count><p:MeanAge>22.5</p:MeanAge><p:IsEmpty>false</p:IsEmpty><p:Members>' +
    '<p:Member><p:First.Name>Ann</p:First.Name><p:Age>40</p:Age></p:Member>' +
    `<p:Member><p:First.Name>${quoted}</p:First.Name><p:Age>5</p:Age></p:Member></p:Members><p:user_fields/></p:Row>` +
    '<p:Row><p:Name>Nobody</p:Name><p:Count>0</p:Count><p:IsEmpty>true</p:IsEmpty><p:Members></p:Members><p:user_fields/></p:Row></p:Output>'
  ).replaceAll('p:', `${p}:`);

async function send(url: string, type: string, body: string) {
  const headers = { authorization: gateway.authorization, 'content-type': type };
  const response = await fetch(gateway.origin + url, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

test.each([
  ['JSON', 'application/json', JSON.stringify(json)],
  ['XML', 'application/xml', xml],
])('lists and typed values go in as %s and come out as both', async (_title, type, body) => {
  expect(await send(`${path}.json`, type, body)).toEqual({ status: 200, text: jsonAnswer });
  expect((await send(`${path}.xml`, type, body)).text).toContain(xmlRows('ns2'));
});

test('lists and typed values travel over SOAP', async () => {
  const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${xml}</e:Body></e:Envelope>`;
  expect((await send('/soap/CountHousehold', 'text/xml', envelope)).text).toContain(xmlRows('ns3'));
});

test('a query cannot hold lists, so there is no GET, and no description has one', async () => {
  const response = await fetch(`${gateway.origin}${path}.json?Data.Name=Lee`, {
    headers: { authorization: gateway.authorization },
  });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  const wadl = await (await fetch(`${gateway.origin}/rest/CountHousehold?_wadl`)).text();
  expect([...wadl.matchAll(/<method name="(\w+)"/g)].map(([, method]) => method)).toEqual(['POST', 'POST']);
  const { paths } = (await (await fetch(`${gateway.origin}/openapi.json`)).json()) as { paths: Record<string, object> };
  const services = Object.entries(paths).filter(([path]) => path.startsWith('/rest/'));
  expect(services.map(([, methods]) => Object.keys(methods))).toEqual([['post'], ['post']]);
});

test('descriptions give lists and types', async () => {
  const wsdl = await (await fetch(`${gateway.origin}/soap/CountHousehold?wsdl`)).text();
  for (const piece of [
    '<xs:element name="Members" type="ns1:Input.Members.MemberList" form="qualified" minOccurs="0"/>',
    '<xs:complexType name="Input.Members.Member"><xs:all>',
    '<xs:element name="Age" type="xs:int"',
    '<xs:element name="MeanAge" type="xs:double"',
    '<xs:element name="IsEmpty" type="xs:boolean"',
  ]) {
    expect(wsdl).toContain(piece);
  }
  const document = (await (await fetch(`${gateway.origin}/openapi.json`)).json()) as {
    components: { schemas: Record<string, { properties: Record<string, unknown> }> };
  };
  expect(document.components.schemas.CountHouseholdResult?.properties).toMatchObject({
    Count: { type: 'integer' },
    Members: { type: 'array', items: { properties: { Age: { type: 'integer' } } } },
  });
});

test.each([
  [
    'an unknown field in a row',
    { 'Middle.Name': 'x' },
    'Members: "Middle.Name" is not one of its fields; use First.Name, Age',
  ],
  ['a list in a list', { Age: [] }, 'Members[0].Age is an array; send text'],
  ['a control character', { 'First.Name': '\u0001' }, 'First.Name: control character U+0001'],
])('%s is refused', async (_title, entry, sentence) => {
  const { status, text } = await send(
    `${path}.json`,
    'application/json',
    JSON.stringify({ Input: { Row: [{ Members: [entry] }] } }),
  );
  expect([status, JSON.parse(text).message]).toEqual([400, expect.stringContaining(sentence)]);
});

test.each([
  ['an unknown field in a row', '<Member><x/></Member>', '&quot;x&quot; is not one of its fields'],
  ['another type of rows', '<Person/>', 'Person (inside Members) is not known; use Member'],
  ['text instead of rows', 'hello', 'stands between elements'],
])('%s is refused in XML', async (_title, content, sentence) => {
  const body = `<CountHouseholdRequest><Input><Row><Members>${content}</Members></Row></Input></CountHouseholdRequest>`;
  const { status, text } = await send(`${path}.xml`, 'application/xml', body);
  expect([status, text]).toEqual([400, expect.stringContaining(sentence)]);
});

test('an object instead of a list is refused', async () => {
  const { text } = await send(`${path}.json`, 'application/json', '{"Input":{"Row":[{"Members":{"Age":1}}]}}');
  expect(JSON.parse(text).message).toContain('Members is an object; send an array of objects');
});
