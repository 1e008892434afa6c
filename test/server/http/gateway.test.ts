import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { defineService } from '../../../server/services/index.ts';
import { sampleService } from '../../support/sample-service.ts';
import { basic, openTestGateway, type TestGateway } from '../../support/test-gateway.ts';

let gateway: TestGateway;

const brokenService = defineService({
  ...sampleService,
  name: 'Broken',
  run() {
    throw new Error('secret detail');
  },
});
const slowService = defineService({
  ...sampleService,
  name: 'Slow',
  run: async (rows) => rows.map(() => [{ Greeting: 'later' }]),
});

beforeAll(async () => {
  gateway = await openTestGateway({ services: [sampleService, brokenService, slowService] });
});

afterAll(() => gateway.close());

function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: gateway.authorization, ...(init.headers as Record<string, string>) };
  return fetch(`${gateway.origin}${path}`, { ...init, headers });
}

function post(
  body: RequestInit['body'],
  contentType: string,
  path = '/rest/GreetPerson/results.json',
): Promise<Response> {
  return call(path, { method: 'POST', body, headers: { 'content-type': contentType } });
}

const jsonBody = '{"input_port":{"Person":[{"FirstName":"Ann","id":"7"}]},"options":{"Tone":"loud"}}';
const xmlBody =
  '<GreetPersonRequest><options><Tone>loud</Tone></options><Input><Row><FirstName>Ann</FirstName><id>7</id></Row></Input></GreetPersonRequest>';
const expectedJson = { output_port: [{ Greeting: 'HELLO ANN', user_fields: [{ name: 'id', value: '7' }] }] };
const expectedXml =
  '<ns2:Greeting><ns2:Greeting>HELLO ANN</ns2:Greeting><ns2:user_fields><ns2:user_field><ns2:name>id</ns2:name><ns2:value>7</ns2:value></ns2:user_field></ns2:user_fields></ns2:Greeting>';
const query = '?Data.FirstName=Ann&Data.id=7&Option.Tone=loud';

describe('a service that is one definition answers in all four ways', () => {
  const ways: [string, (suffix: string) => Promise<Response>][] = [
    ['GET', (suffix) => call(`/rest/GreetPerson/${suffix}${query}`)],
    ['POST of JSON', (suffix) => post(jsonBody, 'application/json', `/rest/GreetPerson/${suffix}`)],
    ['POST of XML', (suffix) => post(xmlBody, 'text/xml; charset="utf-8"', `/rest/GreetPerson/${suffix}`)],
  ];

  test.each(ways)('%s, as JSON', async (_way, send) => {
    for (const suffix of ['results.json', 'result.json']) {
      const response = await send(suffix);
      expect(response.headers.get('content-type')).toBe('application/json;charset=utf-8');
      expect([response.status, await response.json()]).toEqual([200, expectedJson]);
    }
  });

  test.each(ways)('%s, as XML', async (_way, send) => {
    for (const suffix of ['results.xml', 'result.xml']) {
      const response = await send(suffix);
      expect(response.headers.get('content-type')).toBe('application/xml;charset=utf-8');
      expect(response.status).toBe(200);
      expect(await response.text()).toContain(expectedXml);
    }
  });

  test('GET whatever Content-Type it carries', async () => {
    const response = await call(`/rest/GreetPerson/results.json${query}`, {
      headers: { 'content-type': 'application/json', accept: 'text/html' },
    });
    expect([response.status, await response.json()]).toEqual([200, expectedJson]);
  });

  test('also when it answers later', async () => {
    const response = await call('/rest/Slow/results.json?Data.FirstName=A');
    expect(await response.json()).toEqual({ output_port: [{ Greeting: 'later', user_fields: [] }] });
  });
});

test('many rows keep their order and their user fields', async () => {
  const rows = Array.from({ length: 950 }, (_, index) => ({ FirstName: `N${index}`, id: index }));
  const response = await post(JSON.stringify({ Input: { Row: rows } }), 'application/json');
  const { output_port: output } = (await response.json()) as {
    output_port: { Greeting: string; user_fields: { value: string }[] }[];
  };
  expect(output.map((row) => [row.Greeting, row.user_fields[0]?.value])).toEqual(
    rows.map(({ FirstName, id }) => [`Hello ${FirstName}`, String(id)]),
  );
});

test('saved service defaults stand between the request and the factory defaults', async () => {
  await gateway.configuration.put('service-default', 'GreetPerson', { options: { Tone: 'Loud' } });
  const greet = async (option: string) => {
    const answer = (await (await call(`/rest/GreetPerson/results.json?Data.FirstName=A${option}`)).json()) as {
      output_port: { Greeting: string }[];
    };
    return answer.output_port[0]?.Greeting;
  };
  expect(await greet('')).toBe('HELLO A');
  expect(await greet('&Option.Tone=')).toBe('HELLO A');
  expect(await greet('&Option.Tone=Plain')).toBe('Hello A');
  await gateway.configuration.put('service-default', 'GreetPerson', { options: {} });
  expect(await greet('')).toBe('Hello A');
});

describe('a request it cannot answer gets the right status and a sentence', () => {
  const json = 'application/json';
  const cases: [string, () => Promise<Response>, number, string, string][] = [
    ['malformed JSON', () => post('{', json), 400, 'MALFORMED_JSON', 'The request body is not JSON'],
    [
      'malformed XML',
      () => post('<GreetPersonRequest>', 'application/xml'),
      400,
      'MALFORMED_XML',
      'The request body is not XML we read',
    ],
    ['an empty body', () => post('', json), 400, 'INVALID_REQUEST', 'The request body is empty'],
    [
      'a body that is not UTF-8',
      () => post(Buffer.from([0x22, 0xff, 0x22]), json),
      400,
      'INVALID_REQUEST',
      'The request body is not valid UTF-8',
    ],
    [
      'half a surrogate pair',
      () => post('{"Input":{"Row":[{"FirstName":"\\ud800"}]}}', json),
      400,
      'INVALID_REQUEST',
      'FirstName: half of a surrogate pair U+D800',
    ],
    [
      'a control character',
      () => call('/rest/GreetPerson/results.json?Data.FirstName=%01'),
      400,
      'INVALID_REQUEST',
      'Data.FirstName: control character U+0001',
    ],
    [
      'a long field',
      () => call(`/rest/GreetPerson/results.json?Data.FirstName=${'x'.repeat(5_000)}`),
      400,
      'INVALID_REQUEST',
      'Data.FirstName: 5000 characters are too many; a field has at most 2048',
    ],
    [
      'bad percent-encoding',
      () => call('/rest/GreetPerson/results.json?Data.FirstName=%4'),
      400,
      'INVALID_REQUEST',
      'Data.FirstName: the percent-encoding',
    ],
    [
      'an option that is not allowed',
      () => call('/rest/GreetPerson/results.json?Option.Tone=X'),
      400,
      'INVALID_OPTION',
      'Tone: "X" is not allowed; use Plain or Loud',
    ],
    [
      'an unknown service',
      () => call('/rest/GretPerson/results.json'),
      404,
      'UNKNOWN_SERVICE',
      'There is no service named "GretPerson"; did you mean GreetPerson?',
    ],
    [
      'a slash encoded in the path',
      () => call('/rest/Greet%2FPerson/results.json'),
      404,
      'UNKNOWN_SERVICE',
      'There is no service named "Greet/Person"',
    ],
    [
      'bad percent-encoding in the path',
      () => call('/rest/%zz/results.json'),
      400,
      'INVALID_REQUEST',
      'The path has a percent sign',
    ],
    [
      'a service without results',
      () => call('/rest/GreetPerson/answers.json'),
      404,
      'UNKNOWN_PATH',
      'GreetPerson answers at /rest/GreetPerson/results.json',
    ],
    ['a bare service', () => call('/rest/GreetPerson'), 404, 'UNKNOWN_PATH', '/rest/GreetPerson alone answers nothing'],
    ['an unknown path', () => call('/nowhere'), 404, 'UNKNOWN_PATH', 'There is nothing at "/nowhere"'],
    [
      'a wrong method',
      () => call('/rest/GreetPerson/results.json', { method: 'DELETE' }),
      405,
      'METHOD_NOT_ALLOWED',
      'DELETE is not allowed here; use GET or HEAD or POST',
    ],
    [
      'a wrong content type',
      () => post('a=b', 'application/x-www-form-urlencoded'),
      415,
      'UNSUPPORTED_CONTENT_TYPE',
      'Content-Type "application/x-www-form-urlencoded" is not read',
    ],
    [
      'a broken content type',
      () => post('{}', 'json'),
      415,
      'UNSUPPORTED_CONTENT_TYPE',
      'send application/json or application/xml',
    ],
    [
      'another charset',
      () => post('{}', 'application/json;charset=utf-16'),
      415,
      'UNSUPPORTED_CONTENT_TYPE',
      'Charset "utf-16" is not read',
    ],
    [
      'a compressed body',
      () =>
        call('/rest/GreetPerson/results.json', {
          method: 'POST',
          body: 'x',
          headers: { 'content-type': json, 'content-encoding': 'gzip' },
        }),
      415,
      'UNSUPPORTED_CONTENT_TYPE',
      'Content-Encoding "gzip" is not read',
    ],
    [
      'too many rows',
      () => post(JSON.stringify({ Input: { Row: new Array(1_001).fill({}) } }), json),
      400,
      'INVALID_REQUEST',
      '1001 rows are too many; send at most 1000',
    ],
    [
      'a body of 10 MB',
      () => post(`"${'x'.repeat(10_000_000)}"`, json),
      413,
      'BODY_TOO_LARGE',
      'The request body is larger than 1000000 bytes',
    ],
    [
      'wrong credentials',
      () => call('/rest/GreetPerson/results.json', { headers: { authorization: basic('admin', 'x') } }),
      401,
      'CREDENTIALS_REFUSED',
      'User name or password is wrong',
    ],
    [
      'a revision from the future',
      () => call('/rest/GreetPerson/results.json', { headers: { 'spectrum-revision': '1.999' } }),
      503,
      'CONFIGURATION_UNAVAILABLE',
      'revision 999 is ahead',
    ],
    [
      'a failing service',
      () => call('/rest/Broken/results.json?Data.FirstName=A'),
      500,
      'INTERNAL',
      'The node failed to answer',
    ],
  ];

  test.each(cases)('%s', async (_title, send, status, code, sentence) => {
    const response = await send();
    const body = (await response.json()) as Record<string, string>;
    expect([response.status, body.code]).toEqual([status, code]);
    expect(body.message).toContain(sentence);
    expect(body.requestId).toBe(response.headers.get('x-request-id'));
    expect(JSON.stringify(body)).not.toContain('secret detail');
  });

  test('in XML where the path asks for XML', async () => {
    const response = await call('/rest/GreetPerson/results.xml?Option.Tone=X');
    expect(response.headers.get('content-type')).toBe('application/xml;charset=utf-8');
    expect(await response.text()).toMatch(
      /<error><code>INVALID_OPTION<\/code><message>Tone: &quot;X&quot; is not allowed; use Plain or Loud<\/message><requestId>[^<]+<\/requestId>/,
    );
  });

  test('missing credentials, with a challenge', async () => {
    const response = await fetch(`${gateway.origin}/rest/GreetPerson/results.json`);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="Spectrum", charset="UTF-8"',
    ]);
  });

  test('a wrong method, with those that are allowed', async () => {
    const response = await call('/rest/GreetPerson/results.json', { method: 'PUT', body: 'x' });
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  test('a user without the right', async () => {
    const admin = gateway.configuration.snapshot().find<object>('user', 'admin')?.value;
    await gateway.configuration.put('user', 'guest', { ...admin, roles: ['user'] });
    const response = await call('/rest/GreetPerson/results.json', {
      headers: { authorization: gateway.authorization.replace(/.*/, basic('guest', 'correct horse battery staple!')) },
    });
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({
        message: expect.stringContaining('User guest has no execute permission on Services: GreetPerson'),
      }),
    ]);
  });

  test('bytes that are not HTTP', async () => {
    const answer = await raw('NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*not an HTTP request/);
  });

  test('headers that are too large', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*larger than 16 KiB/);
  });
});

test('a chunked body over the limit is refused before it has all come', async () => {
  const { status, sentBytes } = await postEndlessly(100_000_000);
  expect(status).toBe(413);
  expect(sentBytes).toBeLessThan(100_000_000);
});

test('a request keeps the id it came with, when that is fit for a log', async () => {
  const given = await call('/rest', { headers: { 'x-request-id': 'order-5:a' } });
  expect(given.headers.get('x-request-id')).toBe('order-5:a');
  const unfit = await call('/rest', { headers: { 'x-request-id': 'a b{}' } });
  expect(unfit.headers.get('x-request-id')).not.toBe('a b{}');
});

/** Sends bytes as they are and returns everything that comes back. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.origin).port), '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

function postEndlessly(mostBytes: number): Promise<{ status: number | undefined; sentBytes: number }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: gateway.authorization, 'content-type': 'application/json' };
    const outgoing = httpRequest(`${gateway.origin}/rest/GreetPerson/results.json`, { method: 'POST', headers });
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    let sentBytes = 0;
    let isAnswered = false;
    const send = () => {
      while (!isAnswered && sentBytes < mostBytes) {
        sentBytes += chunk.length;
        if (!outgoing.write(chunk)) return;
      }
    };
    outgoing.on('drain', send);
    outgoing.on('response', (response) => {
      isAnswered = true;
      response.resume();
      resolve({ status: response.statusCode, sentBytes });
      outgoing.destroy();
    });
    outgoing.on('error', (error) => isAnswered || reject(error));
    send();
  });
}

test('a path is known with letters encoded that need it not, and its headers alone can be asked for', async () => {
  const { status } = await call('/rest/Greet%50erson/results.json?Data.FirstName=Ann');
  expect(status).toBe(200);
  const asked = await call('/rest/GreetPerson?_wadl', { method: 'HEAD' });
  const answered = await call('/rest/GreetPerson?_wadl');
  expect(asked.status).toBe(200);
  expect(await asked.text()).toBe('');
  for (const name of ['content-type', 'content-length'])
    expect(asked.headers.get(name)).toBe(answered.headers.get(name));
});
