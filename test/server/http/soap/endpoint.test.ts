import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
});
afterAll(() => gateway.close());

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';
const namespace = 'http://www.pb.com/spectrum/services/GreetPerson';

const row = '<g:Person><g:FirstName>Ann</g:FirstName><g:Name.Last>Lee</g:Name.Last></g:Person>';
const rows = (content: string) => `<g:input_port>${content}</g:input_port>`;

function envelope(content: string, { root = namespace, version = soap11, header = '' } = {}): string {
  return `<e:Envelope xmlns:e="${version}" xmlns:g="${root}">${header}<e:Body><g:GreetPersonRequest>${content}</g:GreetPersonRequest></e:Body></e:Envelope>`;
}

async function call(body: string | undefined, headers: Record<string, string> = {}, path = '/soap/GreetPerson') {
  const response = await fetch(gateway.origin + path, {
    method: 'POST',
    headers: { authorization: gateway.authorization, 'content-type': 'text/xml; charset=utf-8', ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test('answers a message in the published form', async () => {
  const { status, headers, text } = await call(envelope(rows(row)));
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/xml;charset=utf-8');
  expect(text).toBe(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><soap:Envelope xmlns:soap="${soap11}"><soap:Body>` +
      `<ns3:GreetPersonResponse xmlns:ns2="http://spectrum.pb.com/" xmlns:ns3="${namespace}"><ns3:output_port>` +
      '<ns3:Greeting><ns3:Greeting>Hello Ann</ns3:Greeting><ns3:Name.Last>Lee</ns3:Name.Last><ns3:user_fields/></ns3:Greeting>' +
      '</ns3:output_port></ns3:GreetPersonResponse></soap:Body></soap:Envelope>',
  );
});

test('takes options, several rows and user fields, and returns each row its own', async () => {
  const userField = (value: string) =>
    `<g:user_fields><g:user_field><g:name>id</g:name><g:value>${value}</g:value></g:user_field></g:user_fields>`;
  const person = (name: string, id: string) =>
    `<g:Person><g:FirstName>${name}</g:FirstName>${userField(id)}</g:Person>`;
  const options = '<g:options><g:Repeat.Count>2</g:Repeat.Count><g:Tone>Loud</g:Tone></g:options>';
  const { text } = await call(envelope(options + rows(person('Ann', '1') + person('Bob', '2'))));
  const found = [...text.matchAll(/<ns3:Greeting>([^<]+)<.*?<ns3:value>(\d)</g)].map(([, words, id]) => [words, id]);
  expect(found).toEqual([
    ['HELLO ANN', '1'],
    ['HELLO ANN', '1'],
    ['HELLO BOB', '2'],
    ['HELLO BOB', '2'],
  ]);
});

interface Variant {
  readonly root?: string;
  readonly header?: string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
}

const variants: Record<string, Variant> = {
  'the namespace of the other owner': { root: namespace.replace('pb.com', 'precisely.com') },
  'any soapAction': { headers: { soapaction: '"urn:whatever"' } },
  'a header that need not be understood': { header: '<e:Header><x xmlns="urn:x">1</x></e:Header>' },
  'a final slash': { path: '/soap/GreetPerson/' },
};

test.each(Object.entries(variants))('accepts %s', async (_title, { headers, path, ...variant }) => {
  const { status, text } = await call(envelope(rows(row), variant), headers, path);
  expect(status).toBe(200);
  expect(text).toContain('Hello Ann');
});

const messages: Record<string, string> = {
  'the usual names of port and rows': envelope('<g:Input><g:Row><g:FirstName>Ann</g:FirstName></g:Row></g:Input>'),
  'the own port with the usual name of rows': envelope(rows('<g:Row><g:FirstName>Ann</g:FirstName></g:Row>')),
  'elements in no namespace': `<e:Envelope xmlns:e="${soap11}"><e:Body><GreetPersonRequest><input_port><Person><FirstName>Ann</FirstName></Person></input_port></GreetPersonRequest></e:Body></e:Envelope>`,
  'a qualified request with other elements in no namespace': `<e:Envelope xmlns:e="${soap11}"><e:Body><g:GreetPersonRequest xmlns:g="${namespace}"><input_port><Person><FirstName>Ann</FirstName></Person></input_port></g:GreetPersonRequest></e:Body></e:Envelope>`,
  'types beside the elements': envelope(
    rows(
      '<g:Person><g:FirstName xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema" i:type="s:string">Ann</g:FirstName></g:Person>',
    ),
  ),
  'ports and options in the other order': envelope(
    `${rows(row)}<g:options><g:Repeat.Count>1</g:Repeat.Count></g:options>`,
  ),
};

test.each(Object.entries(messages))('reads %s', async (_title, message) => {
  const { status, text } = await call(message);
  expect([status, text]).toEqual([200, expect.stringContaining('Hello Ann')]);
});

test('a field that the service does not know comes back as a user field', async () => {
  const { text } = await call(envelope(rows('<g:Person><g:FirstName>Ann</g:FirstName><g:Key>7</g:Key></g:Person>')));
  expect(text).toContain(
    '<ns3:user_fields><ns3:user_field><ns3:name>Key</ns3:name><ns3:value>7</ns3:value></ns3:user_field></ns3:user_fields>',
  );
});

test('answers SOAP 1.2 in SOAP 1.2', async () => {
  const { status, headers, text } = await call(envelope(rows(row), { version: soap12 }), {
    'content-type': 'application/soap+xml; charset=utf-8; action=""',
  });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/soap+xml;charset=utf-8');
  expect(text).toContain(`<soap:Envelope xmlns:soap="${soap12}">`);
});

test('treats an element that is nil as missing', async () => {
  const nil = '<g:FirstName xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>';
  const { text } = await call(envelope(rows(`<g:Person>${nil}<g:Name.Last>Lee</g:Name.Last></g:Person>`)));
  expect(text).toContain('<ns3:Status>F</ns3:Status>');
});

describe('faults', () => {
  test.each([
    [
      'a wrong option',
      500,
      'Client',
      envelope('<g:options><g:Tone>Shrill</g:Tone></g:options>'),
      'Tone: &quot;Shrill&quot;',
    ],
    ['an unknown element', 500, 'Client', envelope('<g:Output/>'), 'Output'],
    ['XML that is not well-formed', 500, 'Client', '<e:Envelope', 'not XML'],
    ['another document', 500, 'Client', '<hello/>', 'send an Envelope'],
    ['a foreign namespace', 500, 'Client', envelope(rows(row), { root: 'urn:other' }), 'namespace'],
    ['an empty Body', 500, 'Client', `<e:Envelope xmlns:e="${soap11}"><e:Body/></e:Envelope>`, 'no request'],
    ['no Body at all', 500, 'Client', `<e:Envelope xmlns:e="${soap11}"/>`, 'no request'],
    ['text beside the Body', 500, 'Client', `<e:Envelope xmlns:e="${soap11}">hello</e:Envelope>`, 'text stands'],
    [
      'a header that must be understood',
      500,
      'MustUnderstand',
      envelope(rows(row), { header: '<e:Header><x xmlns="urn:x" e:mustUnderstand="1"/></e:Header>' }),
      'header x',
    ],
  ])('tells %s', async (_title, status, code, body, words) => {
    const answer = await call(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('text/xml;charset=utf-8');
    expect(answer.text).toContain(`<faultcode>soap:${code}</faultcode>`);
    expect(answer.text).toContain(
      '<ns1:ServiceInvocationFault xmlns:ns1="http://www.pb.com/spectrum/services/"><message>',
    );
    expect(answer.text).toContain(words);
  });

  test('challenges a caller without credentials, for clients that try without them first', async () => {
    const { status, headers, text } = await call(envelope(rows(row)), { authorization: '' });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect(text).toContain('<soap:Fault>');
  });

  test('follow the version of the request', async () => {
    const { status, text } = await call(envelope('<g:Output/>', { version: soap12 }), {
      'content-type': 'application/soap+xml',
    });
    expect(status).toBe(500);
    expect(text).toContain('<soap:Value>soap:Sender</soap:Value>');
  });

  test.each([
    ['JSON', 'application/json', 415],
    ['no type', '', 415],
    ['another charset', 'text/xml; charset=utf-16', 415],
  ])('refuse %s', async (_title, type, status) => {
    expect((await call(envelope(rows(row)), { 'content-type': type })).status).toBe(status);
  });

  test('name the closest service for an unknown one', async () => {
    const { status, text } = await call(envelope(rows(row)), {}, '/soap/GreetPersn');
    expect(status).toBe(404);
    expect(text).toContain('did you mean GreetPerson?');
  });
});
