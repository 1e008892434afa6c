import type { User } from '../../../../server/configuration/index.ts';
import { timeLimits } from '../../../../server/http/limits.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { MemoryTable } from '../../../support/table-memory.ts';
import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

interface IssuedToken {
  readonly access_token: string;
  readonly session?: string;
  readonly username: string;
}

const minuteMs = 60_000;
const servicePath = '/rest/GreetPerson/results.json?Data.FirstName=Ann';

let nowMs: number;
let configuration: InMemoryConfiguration;
/** Two nodes of one cluster. */
let issuing: TestGateway;
let other: TestGateway;

beforeEach(async () => {
  nowMs = 1_000_000;
  configuration = new InMemoryConfiguration();
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const runtime = new MemoryTable();
  issuing = await openTestGateway({ configuration, clock, runtime, nodeName: 'issuing' });
  other = await openTestGateway({ configuration, clock, runtime, nodeName: 'other' });
});
afterEach(async () => {
  await issuing.close();
  await other.close();
});

async function get(gateway: TestGateway, path: string, headers: Record<string, string>) {
  const response = await fetch(gateway.origin + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function issue(path: string, headers: Record<string, string> = {}): Promise<IssuedToken> {
  const { status, text } = await get(issuing, path, { authorization: issuing.authorization, ...headers });
  expect(status).toBe(200);
  return JSON.parse(text) as IssuedToken;
}

const bearer = ({ access_token, session }: IssuedToken): Record<string, string> => ({
  authorization: `Bearer ${access_token}`,
  ...(session === undefined ? {} : { cookie: `SESSION=${session}` }),
});

describe('session tokens', () => {
  test('come with their session and the user, and as a cookie', async () => {
    const { headers, text } = await get(issuing, '/security/rest/token/access/session/30', {
      authorization: issuing.authorization,
    });
    const token = JSON.parse(text) as IssuedToken;
    expect(Object.keys(token)).toEqual(['access_token', 'session', 'username']);
    expect(token.username).toBe('admin');
    expect(headers.get('set-cookie')).toMatch(`SESSION=${token.session}; Path=/; HttpOnly; SameSite=Lax`);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('are accepted by every node, in the header and in cookies', async () => {
    const token = await issue('/security/rest/token/access/session/30');
    const cookie = `other=1; spectrum.authentication.token=${token.access_token}; SESSION=${token.session}`;
    for (const gateway of [issuing, other]) {
      expect((await get(gateway, servicePath, bearer(token))).status).toBe(200);
      expect((await get(gateway, servicePath, { cookie })).status).toBe(200);
      expect((await get(gateway, '/api/v1/users', bearer(token))).status).toBe(200);
    }
  });

  test.each<[string, (token: IssuedToken) => Record<string, string>]>([
    ['without their session', ({ access_token }) => ({ authorization: `Bearer ${access_token}` })],
    ['with another session', (token) => bearer({ ...token, session: 'other' })],
    [
      'in a cookie of another case',
      ({ access_token, session }) => ({ authorization: `Bearer ${access_token}`, cookie: `session=${session}` }),
    ],
    ['from another computer', (token) => ({ ...bearer(token), 'x-forwarded-for': '10.0.0.7' })],
  ])('are refused %s', async (_title, headersOf) => {
    const { status, text } = await get(
      other,
      servicePath,
      headersOf(await issue('/security/rest/token/access/session/30')),
    );
    expect([status, JSON.parse(text).message]).toEqual([401, expect.stringMatching(/^invalid token: /)]);
  });

  test('are accepted from another computer when the host check is off', async () => {
    await configuration.put('setting', 'authentication', { value: { tokenHostCheck: false } });
    const token = await issue('/security/rest/token/access/session/30');
    expect((await get(other, servicePath, { ...bearer(token), 'x-forwarded-for': '10.0.0.7' })).status).toBe(200);
  });

  test('end after half an hour without use on any node', async () => {
    const token = await issue('/security/rest/token/access/session/0');
    nowMs += timeLimits.sessionIdleMs - 1;
    expect((await get(issuing, servicePath, bearer(token))).status).toBe(200);
    nowMs += timeLimits.sessionIdleMs;
    for (const gateway of [issuing, other]) {
      const { status, text } = await get(gateway, servicePath, bearer(token));
      expect([status, JSON.parse(text).message]).toEqual([403, expect.stringMatching(/^expired token: /)]);
    }
  });

  test('live on every node while one node serves them', async () => {
    const token = await issue('/security/rest/token/access/session/0');
    for (let minutes = 0; minutes < 120; minutes += 10) {
      nowMs += 10 * minuteMs;
      expect((await get(issuing, servicePath, bearer(token))).status).toBe(200);
    }
    // As the node does within seconds.
    await issuing.sessions.close();
    nowMs += timeLimits.sessionIdleMs - 1;
    expect((await get(other, servicePath, bearer(token))).status).toBe(200);
  });
});

describe('open tokens', () => {
  test('come without a session and are accepted from any computer', async () => {
    const token = await issue('/security/rest/token/access/30?noCache=1');
    expect(Object.keys(token)).toEqual(['access_token', 'username']);
    expect((await get(other, servicePath, { ...bearer(token), 'x-forwarded-for': '10.0.0.7' })).status).toBe(200);
  });

  test('end with their time to live and say so', async () => {
    const token = await issue('/security/rest/token/access/30');
    nowMs += 30 * minuteMs - 1;
    expect((await get(other, servicePath, bearer(token))).status).toBe(200);
    nowMs += 1;
    const { status, text } = await get(other, servicePath, bearer(token));
    expect([status, JSON.parse(text).message]).toEqual([403, expect.stringMatching(/^expired token: /)]);
  });

  test('with the life time 0 do not end, even when the key has changed since', async () => {
    const token = await issue('/security/rest/token/access/0');
    nowMs += timeLimits.tokenKeyMs + 1;
    await issue('/security/rest/token/access/0');
    expect(configuration.snapshot().list('token-key')).toHaveLength(2);
    expect((await get(other, servicePath, bearer(token))).status).toBe(200);
  });
});

describe('a token ends on every node', () => {
  test('when it is logged off', async () => {
    const token = await issue('/security/rest/token/access/session/30');
    expect((await get(other, '/security/rest/token/logout', bearer(token))).status).toBe(200);
    expect((await get(issuing, servicePath, bearer(token))).status).toBe(401);
    expect((await get(issuing, '/security/rest/token/logout', bearer(token))).status).toBe(401);
  });

  test.each<[string, Partial<User>]>([
    ['when its user is disabled', { enabled: false }],
    ['when all tokens of its user are ended', { tokenGeneration: 1 }],
  ])('%s', async (_title, change) => {
    const token = await issue('/security/rest/token/access/30');
    const user = configuration.snapshot().find<User>('user', 'admin')?.value as User;
    await configuration.put('user', 'admin', { ...user, ...change });
    expect((await get(other, servicePath, bearer(token))).status).toBe(401);
  });

  test('and revocations of tokens that have ended anyway are forgotten', async () => {
    for (const minutes of [1, 0, 60]) {
      const token = await issue(`/security/rest/token/access/${minutes}`);
      await get(issuing, '/security/rest/token/logout', bearer(token));
      nowMs += 5 * minuteMs;
    }
    expect(configuration.snapshot().list('token-revocation')).toHaveLength(2);
  });
});

test('rights by token follow the roles after a forced move too, whose changes get the numbers of lost ones', async () => {
  const grant = (permissions: object) => configuration.put('role', 'greeter', { description: '', permissions });
  await configuration.put('user', 'app', { roles: ['greeter'], passwordHash: await cheapHash('x') });
  const token = await issue('/security/rest/token/access/session/30', { authorization: basic('app', 'x') });
  await grant({ Services: ['execute'] });
  expect((await get(other, servicePath, bearer(token))).status).toBe(200);
  const { revision } = configuration.snapshot();
  configuration.forceMove();
  await grant({});
  expect(configuration.snapshot().revision).toBe(revision);
  expect((await get(other, servicePath, bearer(token))).status).toBe(403);
});

test.each(['', 'abc', '-1', '1.5', '99999999999'])('the life time %p is refused', async (minutes) => {
  const { status } = await get(issuing, `/security/rest/token/access/session/${minutes}`, {
    authorization: issuing.authorization,
  });
  expect(minutes === '' ? [400, 404] : [400]).toContain(status);
});

test('no token is given without a password, and none ends that is not shown', async () => {
  expect((await get(issuing, '/security/rest/token/access/30', {})).status).toBe(401);
  expect((await get(issuing, '/security/rest/token/logout', { authorization: issuing.authorization })).status).toBe(
    401,
  );
});

test('a token of another cluster is refused', async () => {
  const stranger = await openTestGateway();
  const token = await issue('/security/rest/token/access/30');
  expect((await get(stranger, servicePath, bearer(token))).status).toBe(401);
  await stranger.close();
});

test('nodes that issue at once share one key', async () => {
  const headers = { authorization: issuing.authorization };
  await Promise.all(
    [issuing, other, issuing, other].map((node) => get(node, '/security/rest/token/access/1', headers)),
  );
  expect(configuration.snapshot().list('token-key')).toHaveLength(1);
});

test.each(['?_wadl', '?wadl'])('the security service describes itself at %s without credentials', async (query) => {
  const { status, text } = await get(issuing, `/security/rest${query}`, {});
  expect(status).toBe(200);
  expect(text).toContain(`<resources base="${issuing.origin}/security/rest">`);
  expect(text).toContain('<resource path="/token/access/session/{ttlInMinutes}">');
});
