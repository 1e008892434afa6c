import { bootstrapConfiguration } from '../../../server/configuration/bootstrap.ts';
import { historyOf, restoreObject } from '../../../server/configuration/history.ts';
import { kinds } from '../../../server/configuration/kinds.ts';
import type { ConfigurationDatabase, ConfigurationWrite, User } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import {
  exportConfiguration,
  importConfiguration,
  parseConfigurationFile,
  planImport,
  untransferred,
} from '../../../server/configuration/transfer.ts';
import { passwordHash } from '../../support/table-configuration.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const opened: ConfigurationDatabase[] = [];
afterEach(async () => {
  for (const configuration of opened.splice(0)) await configuration.close();
});

async function cluster(): Promise<ConfigurationDatabase> {
  const configuration = await openConfigurationOn(new MemoryTable(), { clusterName: 'test' });
  opened.push(configuration);
  await bootstrapConfiguration(configuration, {
    hashPassword: async () => passwordHash,
    adminPassword: 'secret words!',
  });
  return configuration;
}

const resource = (vintage: string) => ({ module: 'addressing', database: 'us', vintage });
const put = (on: ConfigurationDatabase, kind: ConfigurationWrite['kind'], name: string, value: unknown) =>
  on.commit({
    kind,
    name,
    value,
    operation: 'put',
    by: 'tester',
    expected: on.snapshot().find(kind, name)?.revision ?? 'absent',
  });

async function filled(): Promise<ConfigurationDatabase> {
  const source = await cluster();
  await put(source, 'service-default', 'GetPostalCodes', { options: { OutputCasing: 'U' } });
  await put(source, 'database-resource', 'us', resource('2026-07'));
  await put(source, 'service-default', 'ValidateAddress', { databaseResources: { 'Database.US': 'us' } });
  await put(source, 'role', 'clerk', { permissions: { Services: ['execute'] } });
  await put(source, 'user', 'eve', { roles: ['clerk'], passwordHash });
  await put(source, 'connection', 'erp', { type: 'jdbc', secret: 'secret:erp' });
  return source;
}

const backup = (from: ConfigurationDatabase) => exportConfiguration(from.snapshot(), { hidden: 'included' });
const restored = (text: string) => parseConfigurationFile(text);

test('a backup restored into an empty cluster gives the same configuration', async () => {
  const [source, target] = [await filled(), await cluster()];
  const file = restored(JSON.stringify(backup(source)));
  const steps = await importConfiguration(target, file, { by: 'op', others: 'keep' });
  expect(steps.map(({ operation, kind, name }) => `${operation} ${kind}/${name}`)).toEqual([
    'create role/clerk',
    'create user/eve',
    'create database-resource/us',
    'create connection/erp',
    'create service-default/GetPostalCodes',
    'create service-default/ValidateAddress',
  ]);
  expect(backup(target).objects).toEqual(file.objects);
  expect(await importConfiguration(target, file, { by: 'op', others: 'keep' })).toEqual([]);
});

test('the dry run lists the differences and changes nothing', async () => {
  const [source, target] = [await filled(), await cluster()];
  await put(target, 'database-resource', 'us', resource('2026-01'));
  await put(target, 'database-resource', 'ca', resource('2026-01'));
  const before = target.snapshot().revision;
  const plan = planImport(target.snapshot(), backup(source), 'remove');
  const listed = plan.map(({ operation, kind, name }) => `${operation} ${kind}/${name}`);
  expect(listed).toContain('change database-resource/us');
  expect(listed.at(-1)).toBe('remove database-resource/ca');
  expect(target.snapshot().revision).toBe(before);
});

test('an export for others has no hidden field, and importing it keeps those that are there', async () => {
  const source = await filled();
  const file = exportConfiguration(source.snapshot(), { hidden: 'left-out' });
  expect(JSON.stringify(file)).not.toMatch(/passwordHash|scrypt|secret:/);
  expect(planImport(source.snapshot(), file, 'remove')).toEqual([]);
  await put(source, 'user', 'eve', { roles: [], email: 'x@example.com' });
  await importConfiguration(source, file, { by: 'op', others: 'keep' });
  expect(source.snapshot().find<User>('user', 'eve')?.value).toMatchObject({ roles: ['clerk'], passwordHash });
});

test.each([
  ['{', 'is not JSON'],
  ['{}', 'this is not an exported configuration'],
  ['{"type":"spectrum-configuration","version":2}', 'version 2 cannot be read'],
  ['{"type":"spectrum-configuration","version":1,"objects":[{"kind":"spell","name":"x"}]}', 'objects[0].kind "spell"'],
])('refuses the file %s', (text, sentence) => {
  expect(() => restored(text)).toThrow(sentence);
});

test('every kind has its place in the order of an import', async () => {
  const source = await cluster();
  const snapshot = { ...source.snapshot(), epoch: 1, revision: 1, home: undefined, find: () => undefined };
  const list = (kind: string) => [{ kind, name: 'x', revision: 1, value: {} }];
  const file = exportConfiguration({ ...snapshot, list } as never, { hidden: 'included' });
  expect([...file.objects.map(({ kind }) => kind), ...untransferred].sort()).toEqual(Object.keys(kinds).sort());
});

test('a bad change is rolled back to an earlier value, and both stay in the history', async () => {
  const node = await cluster();
  const good = await put(node, 'database-resource', 'us', resource('2026-07'));
  await put(node, 'database-resource', 'us', resource('broken'));
  await restoreObject(node, { kind: 'database-resource', name: 'us', revision: good.revision }, 'op');
  expect(node.snapshot().find('database-resource', 'us')?.value).toEqual(resource('2026-07'));
  const reasons: unknown[] = [];
  for await (const entry of historyOf(node, { kind: 'database-resource', name: 'us' })) reasons.push(entry.reason);
  expect(reasons).toEqual([`restored ${good.revision}`, undefined, undefined]);
  const missing = { kind: 'database-resource', name: 'us', revision: 1 } as const;
  await expect(restoreObject(node, missing, 'op')).rejects.toMatchObject({ code: 'UNKNOWN_OBJECT' });
});
