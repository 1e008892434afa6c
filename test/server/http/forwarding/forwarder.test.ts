import type { NodeRegistration } from '../../../../server/cluster/index.ts';
import { systemClock } from '../../../../server/foundation/clock.ts';
import { forwardedHeader, NodeIdentity } from '../../../../server/http/security/node-identity.ts';
import { TokenKeys } from '../../../../server/http/security/token-keys.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { echoService } from '../../../support/echo-service.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { interfaces } from '../../../support/service-interfaces.ts';
import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

/**
 * ```
 * caller ──► plain (no group: Echo) ──► greeting-1, greeting-2 (group greeting: GreetPerson)
 * ```
 */
let configuration: InMemoryConfiguration;
let registered: NodeRegistration[];
let plain: TestGateway;
let greeting: TestGateway[];

beforeEach(async () => {
  configuration = new InMemoryConfiguration();
  await configuration.put('node-group', 'greeting', { description: '', services: [sampleService.name] });
  plain = await openNode('plain', '');
  greeting = [await openNode('greeting-1', 'greeting'), await openNode('greeting-2', 'greeting')];
  registered = [toRegistration(plain, ''), ...greeting.map((node) => toRegistration(node, 'greeting'))];
});
afterEach(async () => {
  for (const node of [plain, ...greeting]) await node.close();
});

function openNode(nodeName: string, name: string) {
  const services = [sampleService, echoService];
  return openTestGateway({ configuration, nodeName, services, group: { name, nodes: () => registered } });
}

function toRegistration({ origin }: TestGateway, group: string): NodeRegistration {
  const address = origin.replace('http://', '');
  return { name: address, address, version: '0', group, revision: '1.1', format: 1, load: 0 };
}

const rowsOf = (node: TestGateway, name: string) => node.meter.of(name).rows;
const greet = { rows: [{ fields: { FirstName: 'Ann' }, userFields: { id: 'é&1' } }] };
const path = `/rest/${sampleService.name}/results.json?Data.FirstName=Ann`;
const ask = (node: TestGateway, headers: Record<string, string>) => fetch(node.origin + path, { headers });

test.each(interfaces)(
  '$title: whichever node is asked, a node of the group answers, as it would itself',
  async (door) => {
    const direct = await door.call(greeting[0] as TestGateway, sampleService, greet);
    expect(direct.status).toBe(200);
    expect(await door.call(plain, sampleService, greet)).toEqual(direct);
    expect(rowsOf(plain, sampleService.name)).toBe(0);
  },
);

test('a service of no group is passed on to the nodes without group', async () => {
  const [door] = interfaces;
  const fields = { Plain: 'one' };
  expect((await door?.call(greeting[1] as TestGateway, echoService, { rows: [{ fields }] }))?.status).toBe(200);
  expect([rowsOf(plain, 'Echo'), rowsOf(greeting[1] as TestGateway, 'Echo')]).toEqual([1, 0]);
});

test('the nodes of a group take turns', async () => {
  for (let call = 0; call < 6; call++) await (await ask(plain, { authorization: plain.authorization })).text();
  expect(greeting.map((node) => rowsOf(node, sampleService.name))).toEqual([3, 3]);
});

test('a refusal of the service comes back as it is', async () => {
  const answer = await fetch(`${plain.origin}/rest/${sampleService.name}/results.json`, {
    method: 'POST',
    headers: { authorization: plain.authorization, 'content-type': 'application/json' },
    body: '{',
  });
  expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'MALFORMED_JSON' })]);
});

test('who may not call the service is refused, by the node that is asked', async () => {
  await configuration.put('user', 'guest', { roles: ['user'], passwordHash: await cheapHash('guest') });
  expect((await ask(plain, { authorization: basic('guest', 'guest') })).status).toBe(403);
  expect((await ask(plain, {})).status).toBe(401);
});

test('services that are open to everybody stay so', async () => {
  await configuration.put('setting', 'authentication', { value: { rest: false } });
  expect((await ask(plain, {})).status).toBe(200);
});

test('a node that has gone is passed over, and without any the caller is told what is wrong', async () => {
  await greeting[0]?.close();
  for (let call = 0; call < 4; call++) {
    expect((await ask(plain, { authorization: plain.authorization })).status).toBe(200);
  }
  await greeting[1]?.close();
  const answer = await ask(plain, { authorization: plain.authorization });
  expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
    503,
    '1',
    expect.objectContaining({ code: 'NO_NODE_READY', service: sampleService.name, group: 'greeting' }),
  ]);
});

test('a change of the configuration moves a service at once', async () => {
  await configuration.put('node-group', 'greeting', { description: '', services: [] });
  expect((await ask(plain, { authorization: plain.authorization })).status).toBe(200);
  expect(rowsOf(plain, sampleService.name)).toBe(1);
});

describe('a call that says it was passed on', () => {
  const identity = () =>
    new NodeIdentity({ keys: new TokenKeys({ configuration, clock: systemClock }), clock: systemClock });
  const servicePath = path.split('?')[0] as string;

  test('is taken from nodes of the cluster, and this node decides again whether the user may', async () => {
    const [target] = greeting as [TestGateway];
    expect((await ask(target, { [forwardedHeader]: await identity().sign('admin', servicePath) })).status).toBe(200);
    await configuration.put('user', 'guest', { roles: ['user'], passwordHash: await cheapHash('guest') });
    expect((await ask(target, { [forwardedHeader]: await identity().sign('guest', servicePath) })).status).toBe(403);
    expect((await ask(target, { [forwardedHeader]: await identity().sign('nobody', servicePath) })).status).toBe(403);
  });

  test('is not passed on a second time', async () => {
    const answer = await ask(plain, { [forwardedHeader]: await identity().sign('admin', servicePath) });
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'NO_NODE_READY' })]);
  });

  test.each<[string, () => Promise<string> | string]>([
    ['nonsense', () => 'nonsense'],
    ['an identity made for another path', () => identity().sign('admin', '/rest/Echo/results.json')],
    ['a token of a user', async () => issueToken()],
    [
      'an identity of another cluster',
      () => {
        const keys = new TokenKeys({ configuration: new InMemoryConfiguration(), clock: systemClock });
        return new NodeIdentity({ keys, clock: systemClock }).sign('admin', servicePath);
      },
    ],
    [
      'an identity of yesterday',
      () => {
        const clock = { ...systemClock, nowMs: () => Date.now() - 86_400_000 };
        return new NodeIdentity({ keys: new TokenKeys({ configuration, clock: systemClock }), clock }).sign(
          'admin',
          servicePath,
        );
      },
    ],
  ])('is refused with %s', async (_title, make) => {
    const answer = await ask(greeting[0] as TestGateway, { [forwardedHeader]: await make() });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'CREDENTIALS_REFUSED' }),
    ]);
  });

  test('opens no other door: an identity is no token', async () => {
    const sealed = await identity().sign('admin', '/api/v1/users');
    const shown: Record<string, string>[] = [{ authorization: `Bearer ${sealed}` }, { [forwardedHeader]: sealed }];
    for (const headers of shown) {
      expect((await fetch(`${plain.origin}/api/v1/users`, { headers })).status).toBe(401);
    }
  });

  async function issueToken(): Promise<string> {
    const answer = await fetch(`${plain.origin}/security/rest/token/access/5`, {
      headers: { authorization: plain.authorization },
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }
});
