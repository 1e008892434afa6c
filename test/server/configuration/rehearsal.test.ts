import fc from 'fast-check';
import type { Configuration, ConfigurationKind, ConfigurationWrite } from '../../../server/configuration/model.ts';
import { openConfigurationOn } from '../../../server/configuration/open.ts';
import { SpectrumError } from '../../../server/foundation/errors.ts';
import { passwordHash, settingWrite } from '../../support/table-configuration.ts';
import { MemoryTable } from '../../support/table-memory.ts';

async function open(): Promise<Configuration> {
  const configuration = await openConfigurationOn(new MemoryTable(), { clusterName: 'test' });
  const put = (kind: ConfigurationKind, name: string, value: object) =>
    configuration.commit({ kind, name, value, operation: 'put', by: 'test', expected: 'absent' });
  await put('role', 'everything', { permissions: { '*': ['create', 'view', 'modify', 'delete', 'execute'] } });
  await put('role', 'nothing', { permissions: {} });
  for (const name of ['ada', 'bob']) await put('user', name, { roles: ['everything'], passwordHash });
  return configuration;
}

const names = fc.constantFrom('ada', 'bob', 'eve');
const roles = fc.constantFrom('everything', 'nothing', 'other');
/** What a file may hold: objects that need each other, that are wrong, and that take the last administrator away. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('user'),
    name: names,
    value: fc.record({ roles: fc.array(roles, { maxLength: 2 }), passwordHash: fc.constant(passwordHash) }),
  }),
  fc.record({ kind: fc.constant('role'), name: roles, value: fc.record({ permissions: fc.constant({}) }) }),
  fc.record({ kind: fc.constant('role'), name: roles, value: fc.constant(undefined) }),
  fc.record({ kind: fc.constant('user'), name: names, value: fc.constant(undefined) }),
  fc.record({
    kind: fc.constant('licence'),
    name: names,
    value: fc.record({ feature: fc.string({ maxLength: 2 }), type: fc.constant('time') }),
  }),
);

test('a rehearsal refuses what the log would refuse, and nothing else', async () => {
  const steps = fc.uniqueArray(step, { maxLength: 10, selector: ({ kind, name }) => `${kind}/${name}` });
  await fc.assert(
    fc.asyncProperty(steps, async (wanted) => {
      const configuration = await open();
      const changes = wanted.map(({ kind, name, value }): ConfigurationWrite => {
        const named = { kind: kind as ConfigurationKind, name, by: 'test' };
        const expected = configuration.snapshot().find(named.kind, name)?.revision ?? 'absent';
        return value === undefined
          ? { ...named, operation: 'delete', expected: expected === 'absent' ? 0 : expected }
          : { ...named, operation: 'put', value, expected };
      });
      const before = configuration.snapshot().revision;
      const refusals = await configuration.rehearse(changes);
      expect(configuration.snapshot().revision).toBe(before);
      for (const [index, change] of changes.entries()) {
        const problem = await configuration.write(change).then(
          () => undefined,
          (error: unknown) => (error instanceof SpectrumError ? error.message : String(error)),
        );
        expect([index, problem]).toEqual([index, refusals.get(index)?.message]);
      }
      await configuration.close();
    }),
    { numRuns: 60 },
  );
});

test('an idempotency key stands for one object', async () => {
  const configuration = await open();
  await configuration.write(settingWrite('a', 1, { idempotencyKey: 'key' }));
  await configuration.write(settingWrite('a', 1, { idempotencyKey: 'key' }));
  await expect(configuration.write(settingWrite('b', 1, { idempotencyKey: 'key' }))).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    message: 'Idempotency key key was used for setting "a"; send a fresh one',
  });
  expect(configuration.snapshot().find('setting', 'b')).toBeUndefined();
  await configuration.close();
});
