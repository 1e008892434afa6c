import { cheapHash } from '../../../support/cheap-hash.ts';
import { openManagedCluster } from '../../../support/management-cluster.ts';
import { basic } from '../../../support/test-gateway.ts';

const everything = ['create', 'view', 'modify', 'delete', 'execute'];
const administration = {
  'Security - Users': everything,
  'Security - Roles': everything,
  'Security - Access Control': everything,
};

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeAll(async () => {
  cluster = await openManagedCluster(1);
  await store('role', 'clerk', {
    permissions: { ...administration, Services: ['view', 'execute'], Platform: ['view'] },
  });
  await store('role', 'caller', { permissions: { Services: ['execute'] } });
  await store('role', 'chief', { permissions: { '*': everything } });
  const passwordHash = await cheapHash('x');
  await store('user', 'ann', { roles: ['clerk'], passwordHash });
  await store('user', 'eve', { roles: ['caller'], passwordHash });
  await store('user', 'bob', { roles: ['designer'], enabled: false, passwordHash });
  await store('user', 'boss', { roles: ['chief'], passwordHash });
  const closed = { entityType: 'Services', entity: 'Closed', permissions: [] };
  await store('access-control', 'closed', { user: 'ann', ...closed });
  await store('role', 'insider', { permissions: {} });
  await store('role', 'held-back', { permissions: {} });
  await store('access-control', 'held-back', {
    role: 'held-back',
    entityType: 'Services',
    entity: 'Own',
    permissions: [],
  });
  await store('user', 'max', { roles: ['clerk', 'held-back'], passwordHash });
  const open = { entityType: 'Services', entity: 'Secret', permissions: ['modify'] };
  await store('access-control', 'inside', { role: 'insider', ...open });
}, 60_000);
afterAll(() => cluster.close());

async function store(kind: 'user' | 'role' | 'access-control', name: string, value: object): Promise<void> {
  const [configuration] = cluster.configurations;
  await configuration?.commit({ kind, name, value, operation: 'put', by: 'test', expected: 'absent' });
}

async function ask(user: string, method: string, path: string, body?: object) {
  const headers: Record<string, string> = method === 'POST' ? {} : { 'if-match': '*' };
  const authorization = user === 'admin' ? cluster.authorization : basic(user, 'x');
  const { status, body: answer } = await cluster.send({
    method,
    path: `/api/v1/${path}`,
    headers,
    body,
    authorization,
  });
  return { status, answer };
}

const none = ', and nobody gives more than they have';

test.each<[what: string, method: string, path: string, body: object | undefined, sentence: string]>([
  [
    'a user with a stronger role',
    'POST',
    'users',
    { name: 'new', password: 'long enough!', roles: ['caller', 'admin'] },
    `User ann cannot give the role admin: ann has no create permission on every type${none}`,
  ],
  [
    'a stronger role for another',
    'PUT',
    'users/eve',
    { roles: ['caller', 'designer'] },
    `User ann cannot give the role designer: ann has no view permission on Database Resources${none}`,
  ],
  [
    'a stronger role for oneself',
    'PUT',
    'users/ann',
    { roles: ['clerk', 'chief'] },
    `User ann cannot give the role chief: ann has no create permission on every type${none}`,
  ],
  [
    'a role that an override makes stronger',
    'PUT',
    'users/eve',
    { roles: ['caller', 'insider'] },
    `User ann cannot give the role insider: ann has no modify permission on Services: Secret${none}`,
  ],
  [
    'the password of somebody stronger',
    'PUT',
    'users/admin/password',
    { password: 'long enough!' },
    `User ann cannot change the password of admin, who has the role admin: ann has no create permission on every type${none}`,
  ],
  [
    'somebody stronger who is disabled',
    'PUT',
    'users/bob',
    { roles: ['designer'], enabled: true },
    `User ann cannot enable bob, who has the role designer: ann has no view permission on Database Resources${none}`,
  ],
  [
    'a new role that is stronger',
    'POST',
    'roles',
    { name: 'own', permissions: { Dataflows: ['modify'] } },
    `User ann cannot put modify on Dataflows into the role own: ann has no modify permission on Dataflows${none}`,
  ],
  [
    'more in a role that one has',
    'PUT',
    'roles/clerk',
    { permissions: { ...administration, '*': ['execute'] } },
    `User ann cannot put execute on every type into the role clerk: ann has no execute permission on every type${none}`,
  ],
  [
    'an override that gives more',
    'POST',
    'access-control',
    { name: 'more', user: 'eve', entityType: 'Dataflows', entity: 'clean', permissions: ['execute'] },
    `User ann cannot allow it by the access control more: ann has no execute permission on Dataflows: clean${none}`,
  ],
  [
    'an override that holds oneself back',
    'DELETE',
    'access-control/closed',
    undefined,
    `User ann cannot end the access control closed: ann has no view permission on Services: Closed${none}`,
  ],
])('%s is refused with what is missing', async (_what, method, path, body, sentence) => {
  const { status, answer } = await ask('ann', method, path, body);
  expect([status, answer.code, answer.message]).toEqual([403, 'NOT_PERMITTED', sentence]);
});

test('nobody takes from themselves a role that holds them back; whoever is not held back may', async () => {
  const { status, answer } = await ask('max', 'PUT', 'users/max', { roles: ['clerk'] });
  const sentence = `User max cannot take the role held-back from max: max has no view permission on Services: Own${none}`;
  expect([status, answer.message]).toEqual([403, sentence]);
  expect((await ask('ann', 'PUT', 'users/max', { roles: ['clerk'] })).status).toBe(200);
});

test.each<[what: string, method: string, path: string, body: object | undefined, status: number]>([
  [
    'a role with no more than one has',
    'POST',
    'users',
    { name: 'two', password: 'long enough!', roles: ['caller'] },
    201,
  ],
  ['other fields of somebody stronger', 'PUT', 'users/boss', { roles: ['chief'], email: 'boss@example.com' }, 200],
  ['less for somebody stronger', 'PUT', 'users/bob', { roles: [], enabled: false }, 200],
  ['a role with a part of what one has', 'POST', 'roles', { name: 'part', permissions: { Services: ['view'] } }, 201],
  ['less in a role', 'PUT', 'roles/chief', { permissions: { '*': ['view'] } }, 200],
  [
    'an override with what one has',
    'POST',
    'access-control',
    { name: 'same', user: 'eve', entityType: 'Services', entity: 'Open', permissions: ['execute'] },
    201,
  ],
  [
    'an override with less',
    'PUT',
    'access-control/inside',
    { role: 'insider', entityType: 'Services', entity: 'Secret' },
    422,
  ],
  ['the password of somebody weaker', 'PUT', 'users/eve/password', { password: 'long enough!' }, 204],
  ['the end of an override that gives', 'DELETE', 'access-control/inside', undefined, 204],
])('%s is as before', async (_what, method, path, body, expected) => {
  const { status, answer } = await ask('ann', method, path, body);
  expect([status, answer.code === 'NOT_PERMITTED']).toEqual([expected, false]);
});

test('users change their own passwords, whatever they are', async () => {
  expect((await ask('boss', 'PUT', 'users/boss/password', { password: 'long enough!' })).status).toBe(204);
});

test('an administrator gives everything', async () => {
  const created = await ask('admin', 'POST', 'users', { name: 'second', password: 'long enough!', roles: ['admin'] });
  expect(created.status).toBe(201);
  expect((await ask('admin', 'DELETE', 'access-control/closed')).status).toBe(204);
});

test('an import gives no more than its author has, its own roles included', async () => {
  const head = { type: 'spectrum-configuration', version: 1, epoch: 1, revision: 1 };
  const file = (rights: readonly string[]) => ({
    ...head,
    objects: [
      { kind: 'role', name: 'brought', value: { permissions: { Services: rights } } },
      { kind: 'user', name: 'brought', value: { roles: ['brought'], description: '', email: '', enabled: true } },
    ],
  });
  const path = 'configuration/import';
  const { status, answer } = await ask('ann', 'POST', path, file(['execute', 'delete']));
  expect(status).toBe(422);
  expect(answer.message).toContain('User ann cannot put delete on Services into the role brought');
  expect((await ask('admin', 'GET', 'roles/brought')).status).toBe(404);
  expect((await ask('ann', 'POST', path, file(['execute']))).status).toBe(200);
  expect((await ask('admin', 'GET', 'users/brought')).status).toBe(200);
});
