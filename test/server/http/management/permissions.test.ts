import { type ConfigurationKind, kinds } from '../../../../contract/kinds.ts';
import { collectionPath } from '../../../../contract/management.ts';
import { permissions } from '../../../../contract/permissions.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { kindSamples } from '../../../support/kind-samples.ts';
import { openManagedCluster } from '../../../support/management-cluster.ts';
import { basic } from '../../../support/test-gateway.ts';

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeAll(async () => {
  cluster = await openManagedCluster(1);
  for (const [kind, { value, needs = [] }] of samples) {
    for (const [needed, name, neededValue] of needs) await store(needed, name, neededValue);
    const { password: _, ...stored } = value as { password?: string };
    await store(kind, 'kept', kind === 'user' ? { ...stored, passwordHash: await cheapHash('x') } : stored);
  }
  for (const kind of kindNames) {
    for (const permission of permissions) {
      const { entityType } = kinds[kind];
      // Whoever stores a schedule has the right to run what it names.
      const ofFlow = kind === 'schedule' && { Jobs: ['execute'] };
      await addUser(`${permission} ${kind}`, { [entityType]: [permission], ...ofFlow });
    }
  }
  for (const role of ['admin', 'designer', 'integrator', 'user']) await addUser(role, undefined);
}, 60_000);
afterAll(() => cluster.close());

const samples = Object.entries(kindSamples).map(([kind, sample]) => [kind as ConfigurationKind, sample] as const);
const kindNames = Object.keys(kinds) as ConfigurationKind[];
const configuration = () => {
  const [first] = cluster.configurations;
  if (first === undefined) throw new Error('no node');
  return first;
};
const store = (kind: ConfigurationKind, name: string, value: object) =>
  configuration().commit({ kind, name, value, operation: 'put', by: 'test', expected: 'absent' });

async function addUser(name: string, rights: Readonly<Record<string, readonly string[]>> | undefined) {
  if (rights !== undefined) await store('role', name, { permissions: rights });
  await store('user', `as ${name}`, { roles: [name], passwordHash: await cheapHash('x') });
}

/** What each call of the management API answers to the user, `allowed` standing for anything but 403. */
async function tryAll(user: string, kind: ConfigurationKind) {
  const authorization = basic(`as ${user}`, 'x');
  const path = collectionPath(kinds[kind].collection);
  const sample = kind in kindSamples ? kindSamples[kind as keyof typeof kindSamples] : undefined;
  const isAllowed = async (method: string, url: string, headers: Record<string, string> = {}, body?: object) =>
    (await cluster.send({ method, path: url, headers, body, authorization })).status !== 403;
  const reads = [await isAllowed('GET', path), await isAllowed('GET', `${path}/kept`)];
  if (sample === undefined) return { view: reads };
  // A revision that never was: what may be tried is refused for another reason, and nothing changes.
  const [never, wrong] = [{ 'if-match': '"1.999999"' }, { 'if-none-match': '*' }];
  return {
    view: [...reads, await isAllowed('GET', `${path}/kept/history`)],
    modify: [
      await isAllowed('PUT', `${path}/kept`, never, sample.value),
      await isAllowed('POST', `${path}/kept/restore`, never, { revision: 1 }),
    ],
    create: [
      await isAllowed('PUT', `${path}/kept`, wrong, sample.value),
      await isAllowed('POST', path, {}, { name: 'kept', ...sample.value }),
    ],
    delete: [await isAllowed('DELETE', `${path}/kept`, never)],
  };
}

const cases = kindNames.flatMap((kind) => permissions.map((permission) => [permission, kind] as const));

test.each(cases)('%s on the type of %s opens what it stands for and nothing else', async (permission, kind) => {
  for (const [operation, answers] of Object.entries(await tryAll(`${permission} ${kind}`, kind))) {
    const needed = kind === 'service-default' && operation !== 'view' ? 'modify' : operation;
    expect({ operation, answers }).toEqual({ operation, answers: answers.map(() => needed === permission) });
  }
});

/** Platform reference section 2.2. */
const predefined: Readonly<Record<string, (kind: ConfigurationKind, operation: string) => boolean>> = {
  admin: () => true,
  designer: (kind, operation) => {
    if (['dataflow', 'process-flow', 'schedule'].includes(kind)) return true;
    return operation === 'view' && ['database-resource', 'connection', 'file-server', 'service-default'].includes(kind);
  },
  integrator: (kind, operation) => operation === 'view' && ['process-flow', 'service-default'].includes(kind),
  user: () => false,
};

test.each(Object.entries(predefined))('the predefined role %s may do what the reference says', async (role, may) => {
  for (const kind of kindNames) {
    for (const [operation, answers] of Object.entries(await tryAll(role, kind))) {
      const answer = { kind, operation, answers };
      expect(answer).toEqual({ kind, operation, answers: answers.map(() => may(kind, operation)) });
    }
  }
});

test('an override shows one object of a type to whoever may not see the others, and hides one from whoever may', async () => {
  const entity = { entityType: 'Platform', entity: 'kept' };
  await store('access-control', 'shown', { user: 'as user', ...entity, permissions: ['view'] });
  await store('access-control', 'hidden', { user: 'as view setting', ...entity, permissions: [] });
  const list = (user: string) => cluster.send({ path: '/api/v1/settings', authorization: basic(`as ${user}`, 'x') });
  const names = async (user: string) => (await list(user)).body.items as unknown as { name: string }[];
  expect((await names('user')).map(({ name }) => name)).toEqual(['kept']);
  expect((await names('view setting')).map(({ name }) => name)).toEqual(['format']);
});

test('a file of everything is for whoever may see everything, its secrets for administrators', async () => {
  const ask = (user: string, headers = {}) =>
    cluster.send({ path: '/api/v1/configuration', authorization: basic(`as ${user}`, 'x'), headers });
  await store('role', 'auditor', { permissions: { '*': ['view'] } });
  await addUser('auditor', undefined);
  const passphrase = { 'spectrum-passphrase': 'a long passphrase' };
  expect([(await ask('designer')).status, (await ask('auditor')).status]).toEqual([403, 200]);
  expect([(await ask('auditor', passphrase)).status, (await ask('admin', passphrase)).status]).toEqual([403, 200]);
  const objects = [{ kind: 'setting', name: 'smuggled', value: { value: 1 } }];
  const imported = await cluster.send({
    method: 'POST',
    path: '/api/v1/configuration/import?dryRun=true',
    body: { type: 'spectrum-configuration', version: 1, epoch: 1, revision: 1, objects },
    authorization: basic('as auditor', 'x'),
  });
  expect([imported.status, imported.body.entityType, imported.body.permission]).toEqual([403, 'Platform', 'create']);
});
