import { bootstrapConfiguration } from '../../../server/configuration/bootstrap.ts';
import { Fold } from '../../../server/configuration/fold.ts';
import type { Configuration, ConfigurationWrite, User } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import { isPermitted } from '../../../server/configuration/roles.ts';
import { proposeWrite } from '../../../server/configuration/rules.ts';
import { hideSecrets } from '../../../server/configuration/visibility.ts';
import type { SpectrumError } from '../../../server/foundation/errors.ts';
import { passwordHash } from '../../support/table-configuration.ts';
import { MemoryTable } from '../../support/table-memory.ts';

let configuration: Configuration;
beforeEach(async () => {
  configuration = await openConfigurationOn(new MemoryTable(), { clusterName: 'test' });
  await bootstrapConfiguration(configuration, {
    hashPassword: async () => passwordHash,
    adminPassword: 'secret words!',
  });
});
afterEach(() => configuration.close());

const put = (
  kind: ConfigurationWrite['kind'],
  name: string,
  value: unknown,
  change: Partial<ConfigurationWrite> = {},
) => configuration.commit({ kind, name, value, operation: 'put', by: 'tester', expected: 'absent', ...change });
const remove = (kind: ConfigurationWrite['kind'], name: string) =>
  configuration.commit({ kind, name, operation: 'delete', by: 'tester', expected: revisionOf(kind, name) });
const revisionOf = (kind: ConfigurationWrite['kind'], name: string) =>
  configuration.snapshot().find(kind, name)?.revision ?? 0;
const resource = { module: 'addressing', database: 'us', vintage: '2026-07' };
const user = { roles: ['user'], passwordHash };

test.each<[ConfigurationWrite['kind'], string, unknown, string, string]>([
  ['user', 'eve', { roles: ['user'] }, 'password', 'user "eve": password is missing'],
  [
    'user',
    'eve',
    { ...user, enabled: 'yes' },
    'enabled',
    'user "eve": enabled "yes" is not allowed; use true or false',
  ],
  [
    'user',
    'eve',
    { ...user, colour: 1 },
    'colour',
    'colour is unknown; use description, email, enabled, roles, password or tokenGeneration',
  ],
  ['user', 'eve', { ...user, roles: ['nobody'] }, 'roles[0]', 'roles[0] names the role "nobody", which does not exist'],
  ['user', 'Ève', user, 'name', 'name "Ève" is not allowed; use 1 to 100 printable ASCII characters'],
  ['role', 'r', { permissions: { Jobs: ['fly'] } }, 'permissions.Jobs[0]', '"fly" is not allowed; use create, view'],
  ['database-resource', 'd', { ...resource, vintage: '../x' }, 'vintage', 'vintage "../x" is not allowed'],
  ['database-resource', 'd', { ...resource, poolSize: 0 }, 'poolSize', 'use a whole number from 1 to 256'],
  ['connection', 'c', { type: 'jdbc', secret: 'hunter2' }, 'secret', 'secret the value is not allowed; use secret:'],
  ['setting', 's', {}, 'value', 'value is missing'],
  ['licence', 'l', 'text', 'value', '"text" is not an object'],
])('refuses a wrong %s %s %#, naming the field', async (kind, name, value, field, sentence) => {
  const failure: SpectrumError = await put(kind, name, value).then(fail, (error) => error);
  expect(failure).toMatchObject({ code: 'INVALID_OBJECT', facts: { field } });
  expect(failure.message).toContain(sentence);
});

test('a secret that is refused does not show in the sentence', async () => {
  const failure: SpectrumError = await put('connection', 'c', { type: 'jdbc', secret: 'hunter2' }).then(fail, (e) => e);
  expect(JSON.stringify([failure.message, failure.facts])).not.toContain('hunter2');
});

test('fills in defaults', async () => {
  await put('user', 'eve', { passwordHash });
  expect(configuration.snapshot().find<User>('user', 'eve')?.value).toEqual({
    description: '',
    email: '',
    enabled: true,
    roles: [],
    passwordHash,
    tokenGeneration: 0,
  });
});

test('a write that omits a hidden field keeps it', async () => {
  await put('user', 'eve', user);
  await put('user', 'eve', { email: 'eve@example.com' }, { expected: revisionOf('user', 'eve') });
  expect(configuration.snapshot().find<User>('user', 'eve')?.value.passwordHash).toBe(passwordHash);
});

test('an older version keeps the fields of a newer one on update', () => {
  const current = { value: 1, addedLater: { deep: [1] } };
  const write: ConfigurationWrite = {
    kind: 'setting',
    name: 's',
    operation: 'put',
    value: { value: 2 },
    by: 'old node',
    expected: 1,
  };
  const change = { id: 'x', operation: 'put', kind: 'setting', name: 's', by: 'new node', at: '' } as const;
  const fold = Fold.empty(1).apply([{ ...change, revision: 1, value: JSON.stringify(current) }]);
  expect(proposeWrite(fold, write, 1).value).toBe('{"addedLater":{"deep":[1]},"value":2}');
});

test('the format is raised no further than every registered node understands, and never lowered', () => {
  const raise = (value: unknown, lowest: number) =>
    proposeWrite(
      Fold.empty(1),
      { kind: 'setting', name: 'format', operation: 'put', value: { value }, by: 'op', expected: 'absent' },
      lowest,
    );
  expect(raise(1, 1).value).toBe('{"value":1}');
  expect(() => raise(2, 1)).toThrow('setting/format: 2 is not allowed; use 1 to 1');
  expect(() => raise(0, 1)).toThrow('not allowed');
});

test('what leaves the server has no hidden field', async () => {
  await put('user', 'eve', user);
  const value = configuration.snapshot().find('user', 'eve')?.value;
  expect(hideSecrets('user', value)).toMatchObject({ roles: ['user'] });
  expect(hideSecrets('user', value)).not.toHaveProperty('passwordHash');
});

test('what is used stays, and the refusal lists its users', async () => {
  await put('database-resource', 'us', resource);
  await put('service-default', 'ValidateAddress', { databaseResources: { 'Database.US': 'us' } });
  await put('user', 'eve', { ...user, roles: ['integrator'] });
  await put('role', 'own', { permissions: {} });
  await put('user', 'bob', { ...user, roles: ['own'] });
  await expect(remove('database-resource', 'us')).rejects.toMatchObject({
    code: 'OBJECT_IN_USE',
    facts: { users: ['service-default/ValidateAddress'] },
  });
  await expect(remove('role', 'own')).rejects.toMatchObject({ code: 'OBJECT_IN_USE', facts: { users: ['user/bob'] } });
  await remove('user', 'bob');
  await remove('role', 'own');
});

test('predefined roles stay as they are', async () => {
  const expected = revisionOf('role', 'designer');
  await expect(put('role', 'designer', { permissions: {} }, { expected })).rejects.toMatchObject({
    code: 'NOT_PERMITTED',
  });
  await expect(remove('role', 'designer')).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
});

test('the last administrator can neither be removed, nor disabled, nor lose the role', async () => {
  const expected = revisionOf('user', 'admin');
  const refused = { code: 'OBJECT_IN_USE', facts: { users: ['admin'] } };
  await expect(remove('user', 'admin')).rejects.toMatchObject(refused);
  await expect(put('user', 'admin', { roles: ['admin'], enabled: false }, { expected })).rejects.toMatchObject(refused);
  await expect(put('user', 'admin', { roles: ['user'] }, { expected })).rejects.toMatchObject(refused);
  await put('user', 'second', { ...user, roles: ['admin'] });
  await remove('user', 'admin');
});

test('an object is created once, changed as seen, deleted as seen', async () => {
  await put('database-resource', 'us', resource);
  const revision = revisionOf('database-resource', 'us');
  await expect(put('database-resource', 'us', resource)).rejects.toMatchObject({
    code: 'REVISION_CONFLICT',
    facts: { revision, current: resource },
  });
  await expect(put('database-resource', 'none', resource, { expected: 3 })).rejects.toMatchObject({
    code: 'UNKNOWN_OBJECT',
  });
  await expect(put('database-resource', 'us', resource, { expected: revision - 1 })).rejects.toMatchObject({
    code: 'REVISION_CONFLICT',
  });
  await put('database-resource', 'us', { ...resource, vintage: '2026-08' }, { expected: revision });
});

test('bootstrapping again, or on two nodes at once, changes nothing', async () => {
  const table = new MemoryTable();
  const nodes = await Promise.all([1, 2].map(() => openConfigurationOn(table, { clusterName: 'test' })));
  const options = { hashPassword: async () => passwordHash, databaseResources: { us: resource } as never };
  const results = await Promise.all(nodes.map((node) => bootstrapConfiguration(node, options)));
  expect(results.filter(({ generatedPassword }) => generatedPassword)).toHaveLength(1);
  const first = nodes[0] as Configuration;
  const head = Math.max(...nodes.map((node) => node.snapshot().revision));
  await first.waitFor(head, 1_000);
  expect(
    first
      .snapshot()
      .list('user')
      .map(({ name }) => name),
  ).toEqual(['admin']);
  expect(first.snapshot().list('role')).toHaveLength(4);
  expect(await bootstrapConfiguration(first, options)).toEqual({});
  expect(first.snapshot().revision).toBe(head);
  for (const node of nodes) await node.close();
});

test('rights of several roles add up, and an override for one entity replaces them', async () => {
  await put('user', 'eve', { ...user, roles: ['user', 'integrator'] });
  await put('access-control', 'eve-flow', {
    user: 'eve',
    entityType: 'Dataflows',
    entity: 'geo',
    permissions: ['view'],
  });
  await put('access-control', 'no-call', { role: 'integrator', entityType: 'Services', entity: 'X', permissions: [] });
  const may = (...[permission, type, entity]: [never, string, string?]) =>
    isPermitted(configuration.snapshot(), 'eve', permission, type, entity);
  expect(may('execute' as never, 'Services', 'Y')).toBe(true);
  expect(may('execute' as never, 'Services', 'X')).toBe(false);
  expect(may('modify' as never, 'Dataflows')).toBe(false);
  expect(may('view' as never, 'Dataflows', 'geo')).toBe(true);
  expect(isPermitted(configuration.snapshot(), 'admin', 'delete', 'Services', 'X')).toBe(true);
  expect(isPermitted(configuration.snapshot(), 'nobody', 'view', 'Services')).toBe(false);
});

function fail(): never {
  throw new Error('was accepted');
}

test.each(['short!', 'letters and blanks', 'x'.repeat(257)])(
  'the first start refuses the password %j',
  async (adminPassword) => {
    const empty = await openConfigurationOn(new MemoryTable(), { clusterName: 'empty' });
    const start = bootstrapConfiguration(empty, { hashPassword: async () => passwordHash, adminPassword });
    await expect(start).rejects.toThrow(
      'SPECTRUM_ADMIN_PASSWORD is refused by the password policy; send text of 8 to 256 characters with at least one of & *',
    );
    expect(empty.snapshot().revision).toBe(0);
    await empty.close();
  },
);
