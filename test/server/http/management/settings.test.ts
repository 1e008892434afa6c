import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await openTestGateway();
});
afterEach(() => gateway.close());

const rest = '/rest/GreetPerson/results.json?Data.FirstName=Ann';
const message = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><GreetPersonRequest/></e:Body></e:Envelope>`;

async function save(name: string, value: object) {
  const response = await fetch(`${gateway.origin}/api/settings/${name}`, {
    method: 'PUT',
    headers: { authorization: gateway.authorization, 'content-type': 'application/json', 'if-none-match': '*' },
    body: JSON.stringify(value),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const callRest = async (headers: Record<string, string> = {}) =>
  (await fetch(gateway.origin + rest, { headers })).status;
const callSoap = async (headers: Record<string, string> = {}) =>
  (
    await fetch(`${gateway.origin}/soap/GreetPerson`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', ...headers },
      body: message,
    })
  ).status;

test('settings are read with their defaults', async () => {
  const read = async (name: string) =>
    (
      await fetch(`${gateway.origin}/api/settings/${name}`, { headers: { authorization: gateway.authorization } })
    ).json();
  expect(await read('authentication')).toEqual({ rest: true, soap: true, basic: true, tokenHostCheck: true });
  expect(await read('cors')).toMatchObject({
    enabled: false,
    allowedOrigins: ['http://localhost:8080', 'http://localhost:443'],
  });
});

test('one interface is opened to everybody, the other stays closed', async () => {
  expect([await callRest(), await callSoap()]).toEqual([401, 401]);
  expect((await save('authentication', { rest: false })).status).toBe(201);
  expect([await callRest(), await callSoap()]).toEqual([200, 401]);
  expect(await callRest({ authorization: basic('nobody', 'wrong') })).toBe(200);
  expect((await fetch(`${gateway.origin}/api/users`)).status).toBe(401);
});

test('without passwords for services a token opens them still', async () => {
  const headers = { authorization: gateway.authorization };
  await save('authentication', { basic: false });
  expect([await callRest(headers), await callSoap(headers)]).toEqual([401, 401]);
  const issued = await fetch(`${gateway.origin}/security/rest/token/access/5`, { headers });
  const { access_token } = (await issued.json()) as { access_token: string };
  const bearer = { authorization: `Bearer ${access_token}` };
  expect([await callRest(bearer), await callSoap(bearer)]).toEqual([200, 200]);
});

test.each([
  ['authentication', { rest: 'no' }, 'authentication.rest: "no" is not allowed; send it like true'],
  ['authentication', { rst: true }, 'authentication.rst: is unknown; use rest, soap, basic, tokenHostCheck'],
  ['cors', { allowedOrigins: '*' }, 'cors.allowedOrigins: "*" is not allowed'],
  ['cors', { preflightMaxAgeSeconds: -1 }, 'cors.preflightMaxAgeSeconds: -1 is not allowed'],
])('%s refuses %j', async (name, value, sentence) => {
  const { status, body } = await save(name, value);
  expect([status, body.message]).toEqual([422, expect.stringContaining(sentence)]);
});
