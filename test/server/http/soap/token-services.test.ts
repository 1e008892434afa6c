import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
});
afterAll(() => gateway.close());

const namespace = 'http://token.security.common.server.platform.spectrum.pb.com/';
const life = '<tokenLifeInMinutes>5</tokenLifeInMinutes>';

async function call(content: string, { uri = namespace, headers = {} }: Options = {}) {
  const response = await fetch(`${gateway.origin}/security/TokenManagerService`, {
    method: 'POST',
    headers: { authorization: gateway.authorization, 'content-type': 'text/xml', ...headers },
    body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="${uri}"><e:Header/><e:Body>${content}</e:Body></e:Envelope>`,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

interface Options {
  readonly uri?: string;
  readonly headers?: Record<string, string>;
}

test('answers in the published form', async () => {
  const { status, headers, text } = await call(`<t:getAccessExpiringToken>${life}</t:getAccessExpiringToken>`);
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  const [, session, token] =
    /<ns2:getAccessExpiringTokenResponse xmlns:ns2="http:\/\/token\.security[^"]*"><return><session>([\da-f-]{36})<\/session><token>(\S+)<\/token><username>admin<\/username><\/return><\/ns2:getAccessExpiringTokenResponse>/.exec(
      text,
    ) ?? [];
  expect(headers.get('set-cookie')).toMatch(`SESSION=${session};`);
  expect(token?.split('.')).toHaveLength(5);
});

test.each([
  ['getAccessToken', '', true],
  ['getAccessExpiringToken', life, true],
  ['getAccessRemoteHostToken', '', false],
  ['getAccessExpiringRemoteHostToken', life, false],
  ['getAccessRemoteHostExpiringToken', life, false],
])('%s gives a token that needs its session: %#', async (operation, parameters, hasSession) => {
  const { status, text } = await call(`<t:${operation}>${parameters}</t:${operation}>`);
  expect([status, text.includes('<session>')]).toEqual([200, hasSession]);
  expect(text).toContain(`<ns2:${operation}Response `);
  const token = /<token>([^<]+)</.exec(text)?.[1];
  const answer = await fetch(`${gateway.origin}/rest/GreetPerson/results.json?Data.FirstName=Ann`, {
    headers: { cookie: `spectrum.authentication.token=${token}` },
  });
  expect(answer.status).toBe(hasSession ? 401 : 200);
});

test.each([
  ['the namespace of the other owner', { uri: namespace.replace('pb.com', 'precisely.com') }],
  ['any soapAction', { headers: { soapaction: '"getAccessToken"' } }],
])('accepts %s', async (_title, options) => {
  expect((await call('<t:getAccessToken/>', options)).status).toBe(200);
});

test.each([
  ['an unknown operation', '<t:getToken/>', 'getToken is not an operation here; use getAccessToken'],
  ['no operation', '', 'no request'],
  [
    'a life time in words',
    '<t:getAccessExpiringToken><tokenLifeInMinutes>long</tokenLifeInMinutes></t:getAccessExpiringToken>',
    'Time to live',
  ],
  ['a missing life time', '<t:getAccessExpiringToken/>', 'Time to live'],
])('refuses %s with a fault', async (_title, content, sentence) => {
  const { status, text } = await call(content);
  expect([status, text]).toEqual([500, expect.stringContaining(sentence)]);
});

test('challenges a caller who shows nothing', async () => {
  const { status, headers } = await call('<t:getAccessToken/>', { headers: { authorization: '' } });
  expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Basic /)]);
});
