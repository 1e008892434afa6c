import { cheapHash } from '../../../support/cheap-hash.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { interfaces } from '../../../support/service-interfaces.ts';
import { MemoryTable } from '../../../support/table-memory.ts';
import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let nowMs: number;
let configuration: InMemoryConfiguration;
let nodes: TestGateway[];
beforeEach(async () => {
  nowMs = 1_000_000;
  configuration = new InMemoryConfiguration();
  const runtime = new MemoryTable();
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  nodes = [
    await openTestGateway({ configuration, runtime, clock }),
    await openTestGateway({ configuration, runtime, clock }),
  ];
  await configuration.put('user', 'app', { roles: ['admin'], passwordHash: await cheapHash('right') });
});
afterEach(async () => {
  for (const node of nodes) await node.close();
});

const call = { rows: [{ fields: { FirstName: 'Ann' } }] };
const doors: readonly [string, (target: { origin: string; authorization: string }) => Promise<number>][] = [
  ...interfaces.map(({ title, call: send }) => {
    const ask = async (target: { origin: string; authorization: string }) =>
      (await send(target, sampleService, call)).status;
    return [title, ask] as [string, typeof ask];
  }),
  ...['/api/v1/users', '/security/rest/token/access/5'].map((path): (typeof doors)[number] => [
    path,
    async ({ origin, authorization }) => (await fetch(origin + path, { headers: { authorization } })).status,
  ]),
];

test.each(doors)('five failures over %s lock the user on every node and at every door', async (_title, ask) => {
  for (let failure = 0; failure < 5; failure++) {
    const { origin } = nodes[failure % 2] as TestGateway;
    expect(await ask({ origin, authorization: basic('app', `guess ${failure}`) })).toBe(401);
    nowMs += 60_000;
  }
  for (const { origin } of nodes) {
    const answer = await fetch(`${origin}/api/v1/users`, { headers: { authorization: basic('app', 'right') } });
    expect([answer.status, await answer.json()]).toEqual([401, expect.objectContaining({ code: 'USER_LOCKED' })]);
  }
});

test('a login too soon after a failed one is answered with 429 and when to come back', async () => {
  const [{ origin }] = nodes as [TestGateway];
  await fetch(`${origin}/api/v1/users`, { headers: { authorization: basic('app', 'wrong') } });
  const answer = await fetch(`${origin}/api/v1/users`, { headers: { authorization: basic('app', 'right') } });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
  expect(await answer.json()).toMatchObject({ code: 'LOGIN_DELAYED', retryAfterMs: 250 });
});
