import { managementPaths } from '../../../../contract/management.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { interfaces } from '../../../support/service-interfaces.ts';
import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

/** The same decision at every door: roles add up, an entry for one object replaces them, the user's own first. */
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
  const { configuration } = gateway;
  await configuration.put('role', 'caller', { description: '', permissions: { Services: ['execute'] } });
  await configuration.put('role', 'reader', { description: '', permissions: { Services: ['view'] } });
  const passwordHash = await cheapHash('secret');
  for (const [name, roles] of Object.entries(users)) await configuration.put('user', name, { roles, passwordHash });
  await configuration.put('user', 'disabled', { roles: ['caller'], passwordHash, enabled: false });
  const entry = { entityType: 'Services', entity: sampleService.name };
  await configuration.put('access-control', 'grants', { ...entry, user: 'granted', permissions: ['execute'] });
  await configuration.put('access-control', 'denies', { ...entry, user: 'denied', permissions: ['view'] });
  await configuration.put('access-control', 'denies role', { ...entry, role: 'reader', permissions: [] });
  await configuration.put('access-control', 'other', {
    ...entry,
    entity: 'Echo',
    user: 'nobody',
    permissions: ['execute'],
  });
});
afterAll(() => gateway.close());

const users: Readonly<Record<string, readonly string[]>> = {
  nobody: [],
  integrating: ['integrator'],
  calling: ['caller'],
  reading: ['reader'],
  both: ['reader', 'caller'],
  granted: ['user'],
  denied: ['caller'],
};

const verdicts: readonly [user: string, mayCall: boolean, why: string][] = [
  ['admin', true, 'may do everything'],
  ['integrating', true, 'has a predefined role that may'],
  ['calling', true, 'has a role that may'],
  ['nobody', false, 'has no role, and an entry for another service'],
  ['reading', false, 'may only view'],
  ['both', false, 'has a role that may, and an entry for another of the roles that takes it away'],
  ['granted', true, 'has an entry of the own that gives it'],
  ['denied', false, 'has an entry of the own that takes it away'],
  ['disabled', false, 'is disabled'],
];

type Door = (target: { origin: string; authorization: string }) => Promise<number>;
const call = { rows: [{ fields: { FirstName: 'Ann' } }] };
const doors: readonly [string, Door][] = [
  ...interfaces.map(
    ({ title, call: send }) =>
      [title, async (target) => (await send(target, sampleService, call)).status] as [string, Door],
  ),
  [
    'management API',
    async ({ origin, authorization }) => {
      const answer = await fetch(`${origin}${managementPaths.services}/${sampleService.name}/preview`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ rows: [{ FirstName: 'Ann' }] }),
      });
      return answer.status;
    },
  ],
];

describe.each(doors)('%s', (_title, ask) => {
  test.each(verdicts)('%s: %s, who %s', async (user, mayCall) => {
    const authorization = user === 'admin' ? gateway.authorization : basic(user, 'secret');
    const status = await ask({ origin: gateway.origin, authorization });
    expect(status).toBe(mayCall ? 200 : user === 'disabled' ? 401 : 403);
  });
});
