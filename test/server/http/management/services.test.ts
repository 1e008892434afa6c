import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

/** Two nodes of one cluster. */
let node: TestGateway;
let other: TestGateway;
beforeEach(async () => {
  const configuration = new InMemoryConfiguration();
  node = await openTestGateway({ configuration });
  other = await openTestGateway({ configuration });
});
afterEach(async () => {
  await node.close();
  await other.close();
});

const defaults = '/api/v1/services/GreetPerson/defaults';

async function call(gateway: TestGateway, method: string, path: string, body?: unknown, headers = {}) {
  const response = await fetch(gateway.origin + path, {
    method,
    headers: { authorization: gateway.authorization, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('etag') ?? '',
    body: text === '' ? {} : JSON.parse(text),
  };
}

const create = { 'if-none-match': '*' };

async function greet(gateway: TestGateway, query = ''): Promise<string[]> {
  const { body } = await call(gateway, 'GET', `/rest/GreetPerson/results.json?Data.FirstName=Ann${query}`);
  return body.output_port.map(({ Greeting }: { Greeting: string }) => Greeting);
}

test('services are listed and described with fields, options and defaults', async () => {
  expect((await call(node, 'GET', '/api/v1/services')).body).toEqual({
    items: [{ name: 'GreetPerson', module: 'sample', description: 'Greets & repeats.' }],
  });
  await call(node, 'PUT', defaults, { options: { Tone: 'Loud' } }, create);
  const { body } = await call(node, 'GET', '/api/v1/services/GreetPerson');
  expect(body.input.fields[1]).toEqual({ name: 'Name.Last', description: 'Family name' });
  expect(body.options[0]).toMatchObject({
    name: 'Tone',
    factoryDefault: 'Plain',
    savedDefault: 'Loud',
    values: ['Plain', 'Loud'],
  });
  expect(body.options[1]).toMatchObject({ name: 'Repeat.Count', factoryDefault: '1' });
});

test('a request option counts before the saved default, and that before the factory default, on every node', async () => {
  expect(await greet(other)).toEqual(['Hello Ann']);
  const { status } = await call(node, 'PUT', defaults, { options: { Tone: 'Loud', 'Repeat.Count': '2' } }, create);
  expect(status).toBe(201);
  expect(await greet(node)).toEqual(['HELLO ANN', 'HELLO ANN']);
  expect(await greet(other)).toEqual(['HELLO ANN', 'HELLO ANN']);
  expect(await greet(other, '&Option.Tone=Plain')).toEqual(['Hello Ann', 'Hello Ann']);
  expect(await greet(other, '&Option.Tone=')).toEqual(['HELLO ANN', 'HELLO ANN']);
});

test('saved defaults are read, changed and forgotten with the revision that was seen', async () => {
  expect((await call(node, 'GET', defaults)).body).toEqual({ options: {} });
  expect((await call(node, 'PUT', defaults, { options: {} })).status).toBe(428);
  const created = await call(node, 'PUT', defaults, { options: { Tone: 'Loud' } }, create);
  const { etag, body } = await call(other, 'GET', defaults);
  expect([etag, body]).toEqual([created.etag, { options: { Tone: 'Loud' } }]);
  expect((await call(other, 'PUT', defaults, { options: {} }, { 'if-match': etag })).status).toBe(200);
  expect((await call(other, 'PUT', defaults, { options: {} }, { 'if-match': etag })).status).toBe(409);
  expect((await call(other, 'DELETE', defaults, undefined, { 'if-match': '*' })).status).toBe(204);
  expect(await greet(node)).toEqual(['Hello Ann']);
});

test.each([
  [{ options: { Tne: 'Loud' } }, 422, 'GreetPerson has no such option; did you mean Tone?'],
  [{ options: { Tone: 'Shrill' } }, 400, 'Tone: "Shrill" is not allowed; use Plain or Loud'],
  [{ options: { Tone: 1 } }, 422, 'options.Tone: send it as text'],
  [{ options: [] }, 422, 'options: send an object'],
  [{}, 422, 'options: send an object'],
])('%j is refused', async (body, status, sentence) => {
  const answer = await call(node, 'PUT', defaults, body, create);
  expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(sentence)]);
});

test('a preview answers rows with the options of the form over the saved ones, and stores nothing', async () => {
  await call(node, 'PUT', defaults, { options: { Tone: 'Loud' } }, create);
  const rows = [{ FirstName: 'Ann' }, { FirstName: null }];
  const { status, body } = await call(other, 'POST', '/api/v1/services/GreetPerson/preview', {
    rows,
    options: { 'Repeat.Count': '2' },
  });
  expect(status).toBe(200);
  expect(body.answers).toEqual([[{ Greeting: 'HELLO ANN' }, { Greeting: 'HELLO ANN' }], [{ Status: 'F' }]]);
  expect(body.durationMs).toEqual(expect.any(Number));
});

test.each([
  [{}, 'rows: is missing'],
  [{ rows: Array.from({ length: 51 }, () => ({})) }, '51 rows are too many'],
  [{ rows: [1] }, 'is a number; send an object'],
])('a preview refuses %j', async (body, sentence) => {
  const answer = await call(node, 'POST', '/api/v1/services/GreetPerson/preview', body);
  expect(answer.body.message).toContain(sentence);
});

test('who may only execute reads nothing and changes nothing, and may preview', async () => {
  await call(node, 'POST', '/api/v1/users', {
    name: 'app',
    roles: ['integrator'],
    enabled: true,
    password: 'long enough!',
  });
  const headers = { authorization: `Basic ${Buffer.from('app:long enough!').toString('base64')}` };
  expect((await call(node, 'PUT', defaults, { options: {} }, { ...create, ...headers })).status).toBe(403);
  expect((await call(node, 'POST', '/api/v1/services/GreetPerson/preview', { rows: [] }, headers)).status).toBe(200);
});

test('a saved default of another epoch at the same revision is not mixed up with the one known', async () => {
  const { configuration } = node;
  const saved = (tone: string) => configuration.put('service-default', 'GreetPerson', { options: { Tone: tone } });
  await saved('Loud');
  expect(await greet(node)).toEqual(['HELLO ANN']);
  configuration.forceMove();
  await saved('Plain');
  expect(await greet(node)).toEqual(['Hello Ann']);
});
