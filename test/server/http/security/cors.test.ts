import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await openTestGateway();
});
afterEach(() => gateway.close());

const path = '/rest/GreetPerson/results.json?Data.FirstName=Ann';
const app = 'https://app.example';

async function allow(...allowedOrigins: string[]): Promise<void> {
  await gateway.configuration.put('setting', 'cors', { value: { enabled: true, allowedOrigins } });
}

function ask(method: string, origin: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(gateway.origin + path, { method, headers: { origin, ...headers } });
}

const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };

test('nothing is permitted unless the setting says so', async () => {
  const response = await ask('GET', app, { authorization: gateway.authorization });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  expect((await ask('OPTIONS', app, preflight)).status).toBe(405);
});

test('a page of a permitted origin is answered before its call, without credentials, and with it', async () => {
  await allow(app);
  const before = await ask('OPTIONS', app, preflight);
  expect(before.status).toBe(204);
  expect(Object.fromEntries(before.headers)).toMatchObject({
    'access-control-allow-origin': app,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, POST, HEAD',
    'access-control-allow-headers': expect.stringContaining('Authorization'),
    'access-control-max-age': '1800',
    vary: 'Origin',
  });
  const response = await ask('GET', app, { authorization: gateway.authorization });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, app]);
  // A refusal must be readable too, or the page cannot tell why.
  expect((await ask('GET', app)).headers.get('access-control-allow-origin')).toBe(app);
});

test.each([
  ['https://app.example', 'https://other.example', false],
  ['https://app.example', 'https://app.example.evil', false],
  ['https://app.example', 'https://appxexample', false],
  ['https://*.example', 'https://one.two.example', true],
  ['*', 'http://anything', true],
])('an allowed %s permits %s: %p', async (allowed, origin, isPermitted) => {
  await allow(allowed);
  const response = await ask('OPTIONS', origin, preflight);
  expect(response.headers.get('access-control-allow-origin')).toBe(isPermitted ? origin : null);
});

test('an origin is permitted no more when a forced move lost its setting, though the revision is the same', async () => {
  await allow(app);
  expect((await ask('OPTIONS', app, preflight)).status).toBe(204);
  const { revision } = gateway.configuration.snapshot();
  gateway.configuration.forceMove();
  await allow('https://other.example');
  expect(gateway.configuration.snapshot().revision).toBe(revision);
  expect((await ask('OPTIONS', app, preflight)).headers.get('access-control-allow-origin')).toBe(null);
});
