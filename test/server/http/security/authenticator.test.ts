import { bootstrapConfiguration, type User } from '../../../../server/configuration/index.ts';
import { timeLimits } from '../../../../server/http/limits.ts';
import { Authenticator } from '../../../../server/http/security/authenticator.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { basic } from '../../../support/test-gateway.ts';

const execute = { entityType: 'Services', permission: 'execute' } as const;
const viewUsers = { entityType: 'Security - Users', permission: 'view' } as const;

async function open() {
  const configuration = new InMemoryConfiguration();
  await bootstrapConfiguration(configuration, { hashPassword: cheapHash, adminPassword: 'right' });
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const authenticator = new Authenticator({ clock, snapshot: () => configuration.snapshot() });
  const admin = configuration.snapshot().find<User>('user', 'admin')?.value as User;
  return { configuration, authenticator, admin, advance: (ms: number) => (nowMs += ms) };
}

test('a right password is verified once and then remembered', async () => {
  const { authenticator } = await open();
  const first = authenticator.authenticate(basic('admin', 'right'));
  expect(first).toBeInstanceOf(Promise);
  expect((await first).name).toBe('admin');
  expect(authenticator.authenticate(basic('admin', 'right'))).not.toBeInstanceOf(Promise);
});

test('a verified password is forgotten in time', async () => {
  const { authenticator, advance } = await open();
  await authenticator.authenticate(basic('admin', 'right'));
  advance(timeLimits.verifiedCredentialsMs);
  expect(authenticator.authenticate(basic('admin', 'right'))).toBeInstanceOf(Promise);
});

test.each([
  ['a wrong password', basic('admin', 'wrong')],
  ['an unknown user', basic('nobody', 'right')],
  ['an empty password', basic('admin', '')],
])('%s is refused, again and again', async (_title, authorization) => {
  const { authenticator } = await open();
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(async () => authenticator.authenticate(authorization)).rejects.toMatchObject({
      code: 'CREDENTIALS_REFUSED',
    });
  }
});

test.each([undefined, 'Bearer x', 'Basic', 'Basic ???', 'nonsense'])('%s counts as no credentials', async (header) => {
  const { authenticator } = await open();
  expect(() => authenticator.authenticate(header)).toThrow(expect.objectContaining({ code: 'CREDENTIALS_REQUIRED' }));
});

test('a disabled user is out at once, although the password was just verified', async () => {
  const { authenticator, configuration, admin } = await open();
  await authenticator.authenticate(basic('admin', 'right'));
  await configuration.put('user', 'admin', { ...admin, enabled: false });
  await expect(async () => authenticator.authenticate(basic('admin', 'right'))).rejects.toMatchObject({
    code: 'CREDENTIALS_REFUSED',
  });
});

test('a changed password counts at once, and the old one no more', async () => {
  const { authenticator, configuration, admin } = await open();
  await authenticator.authenticate(basic('admin', 'right'));
  await configuration.put('user', 'admin', { ...admin, passwordHash: await cheapHash('other') });
  await expect(async () => authenticator.authenticate(basic('admin', 'right'))).rejects.toMatchObject({
    code: 'CREDENTIALS_REFUSED',
  });
  expect((await authenticator.authenticate(basic('admin', 'other'))).name).toBe('admin');
});

test('a user created after a refusal can log in at once', async () => {
  const { authenticator, configuration, admin } = await open();
  await expect(async () => authenticator.authenticate(basic('new', 'secret'))).rejects.toThrow();
  await configuration.put('user', 'new', { ...admin, passwordHash: await cheapHash('secret') });
  expect((await authenticator.authenticate(basic('new', 'secret'))).name).toBe('new');
});

test('rights follow the roles, also when only these change', async () => {
  const { authenticator, configuration, admin } = await open();
  await configuration.put('user', 'app', { ...admin, roles: ['integrator'] });
  const before = await authenticator.authenticate(basic('app', 'right'));
  expect([before.may(execute), before.may(viewUsers)]).toEqual([true, false]);
  await configuration.put('role', 'integrator', { description: '', permissions: { 'Security - Users': ['view'] } });
  const after = await authenticator.authenticate(basic('app', 'right'));
  expect([after.may(execute), after.may(viewUsers)]).toEqual([false, true]);
});

test('a flood of guesses is refused before it fills the node, and the verified go on', async () => {
  const { authenticator, configuration, admin } = await open();
  await configuration.put('user', 'victim', admin);
  await authenticator.authenticate(basic('admin', 'right'));
  const guesses = Array.from({ length: 40 }, async (_, index) =>
    authenticator.authenticate(basic('victim', `guess-${index}`)),
  );
  expect(authenticator.authenticate(basic('admin', 'right'))).not.toBeInstanceOf(Promise);
  const codes = (await Promise.allSettled(guesses)).map((result) => result.status === 'rejected' && result.reason.code);
  expect(codes.filter((code) => code === 'OVERLOADED')).toHaveLength(32);
  expect(codes.filter((code) => code === 'CREDENTIALS_REFUSED')).toHaveLength(8);
});
