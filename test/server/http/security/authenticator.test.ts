import type { AccessEvent } from '../../../../contract/runtime-table.ts';
import { createLoginGuard } from '../../../../server/cluster/index.ts';
import { bootstrapConfiguration, TableError, type User } from '../../../../server/configuration/index.ts';
import { timeLimits } from '../../../../server/http/limits.ts';
import { Authenticator } from '../../../../server/http/security/authenticator.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { MemoryTable } from '../../../support/table-memory.ts';
import { basic } from '../../../support/test-gateway.ts';

const execute = { entityType: 'Services', permission: 'execute' } as const;
const viewUsers = { entityType: 'Security - Users', permission: 'view' } as const;

async function openNodes() {
  const configuration = new InMemoryConfiguration();
  await bootstrapConfiguration(configuration, { hashPassword: cheapHash, adminPassword: 'the right one!' });
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const table = new MemoryTable();
  const events: AccessEvent[] = [];
  const open = () => {
    const guard = createLoginGuard({ table, clusterName: 'test', clock, neverLocked: ['admin'] });
    const journal = { note: (event: AccessEvent) => void events.push(event) };
    return new Authenticator({ clock, guard, journal, snapshot: () => configuration.snapshot() });
  };
  const admin = configuration.snapshot().find<User>('user', 'admin')?.value as User;
  return {
    configuration,
    table,
    events,
    authenticator: open(),
    otherNode: open(),
    admin,
    advance: (ms: number) => (nowMs += ms),
  };
}

test('a right password is verified once and then remembered', async () => {
  const { authenticator } = await openNodes();
  const first = authenticator.authenticate(basic('admin', 'the right one!'));
  expect(first).toBeInstanceOf(Promise);
  expect((await first).name).toBe('admin');
  expect(authenticator.authenticate(basic('admin', 'the right one!'))).not.toBeInstanceOf(Promise);
});

test('a verified password is forgotten in time', async () => {
  const { authenticator, advance } = await openNodes();
  await authenticator.authenticate(basic('admin', 'the right one!'));
  advance(timeLimits.verifiedCredentialsMs);
  expect(authenticator.authenticate(basic('admin', 'the right one!'))).toBeInstanceOf(Promise);
});

test.each([
  ['a wrong password', basic('admin', 'wrong')],
  ['an unknown user', basic('nobody', 'the right one!')],
  ['an empty password', basic('admin', '')],
])('%s is refused, again and again', async (_title, authorization) => {
  const { authenticator } = await openNodes();
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(async () => authenticator.authenticate(authorization)).rejects.toMatchObject({
      code: 'CREDENTIALS_REFUSED',
    });
  }
});

test.each([undefined, 'Bearer x', 'Basic', 'Basic ???', 'nonsense'])('%s counts as no credentials', async (header) => {
  const { authenticator } = await openNodes();
  expect(() => authenticator.authenticate(header)).toThrow(expect.objectContaining({ code: 'CREDENTIALS_REQUIRED' }));
});

test('a disabled user is out at once, although the password was just verified', async () => {
  const { authenticator, configuration, admin } = await openNodes();
  await authenticator.authenticate(basic('admin', 'the right one!'));
  await configuration.put('user', 'admin', { ...admin, enabled: false });
  await expect(async () => authenticator.authenticate(basic('admin', 'the right one!'))).rejects.toMatchObject({
    code: 'CREDENTIALS_REFUSED',
  });
});

test('a changed password counts at once, and the old one no more', async () => {
  const { authenticator, configuration, admin, advance } = await openNodes();
  await authenticator.authenticate(basic('admin', 'the right one!'));
  await configuration.put('user', 'admin', { ...admin, passwordHash: await cheapHash('other') });
  await expect(async () => authenticator.authenticate(basic('admin', 'the right one!'))).rejects.toMatchObject({
    code: 'CREDENTIALS_REFUSED',
  });
  advance(1_000);
  expect((await authenticator.authenticate(basic('admin', 'other'))).name).toBe('admin');
});

describe('what a connection has said before', () => {
  const right = basic('admin', 'the right one!');
  const open = async () => {
    const nodes = await openNodes();
    const connection = { headers: {}, socket: { remoteAddress: '10.0.0.7' } };
    // The first is verified, the second found by its digest, every later one by the connection.
    for (let request = 0; request < 3; request++) await nodes.authenticator.authenticate(right, connection);
    expect(nodes.authenticator.authenticate(right, connection)).not.toBeInstanceOf(Promise);
    return { ...nodes, connection };
  };

  test.each([basic('admin', 'the right two!'), basic('admin', 'the right one'), basic('nobody', 'the right one!')])(
    'lets nobody else in: %s',
    async (other) => {
      const { authenticator, connection } = await open();
      await expect(async () => authenticator.authenticate(other, connection)).rejects.toMatchObject({
        code: 'CREDENTIALS_REFUSED',
      });
    },
  );

  test('ends when the user is disabled', async () => {
    const { authenticator, connection, configuration, admin } = await open();
    await configuration.put('user', 'admin', { ...admin, enabled: false });
    await expect(async () => authenticator.authenticate(right, connection)).rejects.toMatchObject({
      code: 'CREDENTIALS_REFUSED',
    });
  });

  test('ends in time', async () => {
    const { authenticator, connection, advance } = await open();
    advance(timeLimits.verifiedCredentialsMs);
    expect(authenticator.authenticate(right, connection)).toBeInstanceOf(Promise);
  });
});

test('a user created after a refusal can log in at once', async () => {
  const { authenticator, configuration, admin } = await openNodes();
  await expect(async () => authenticator.authenticate(basic('new', 'secret'))).rejects.toThrow();
  await configuration.put('user', 'new', { ...admin, passwordHash: await cheapHash('secret') });
  expect((await authenticator.authenticate(basic('new', 'secret'))).name).toBe('new');
});

test('rights follow the roles, also when only these change', async () => {
  const { authenticator, configuration, admin } = await openNodes();
  await configuration.put('user', 'app', { ...admin, roles: ['integrator'] });
  const before = await authenticator.authenticate(basic('app', 'the right one!'));
  expect([before.may(execute), before.may(viewUsers)]).toEqual([true, false]);
  await configuration.put('role', 'integrator', { description: '', permissions: { 'Security - Users': ['view'] } });
  const after = await authenticator.authenticate(basic('app', 'the right one!'));
  expect([after.may(execute), after.may(viewUsers)]).toEqual([false, true]);
});

describe('after a forced move, whose changes get the numbers of lost ones,', () => {
  const connection = { headers: {}, socket: { remoteAddress: '10.0.0.7' } };

  test.each([
    ['by its digest', undefined],
    ['by its connection', connection],
  ])('a password that was remembered %s is looked at again', async (_title, by) => {
    const { authenticator, configuration, admin } = await openNodes();
    await configuration.put('user', 'app', admin);
    for (let request = 0; request < 3; request++) await authenticator.authenticate(basic('app', 'the right one!'), by);
    const before = configuration.snapshot();
    configuration.forceMove();
    await configuration.put('user', 'app', { ...admin, passwordHash: await cheapHash('other') });
    const after = configuration.snapshot();
    expect([after.revision, after.find('user', 'app')?.revision]).toEqual([before.revision, before.revision]);
    await expect(async () => authenticator.authenticate(basic('app', 'the right one!'), by)).rejects.toMatchObject({
      code: 'CREDENTIALS_REFUSED',
    });
  });

  test('rights follow the roles of now', async () => {
    const { authenticator, configuration, admin } = await openNodes();
    await configuration.put('user', 'app', { ...admin, roles: ['integrator'] });
    await configuration.put('role', 'integrator', { description: '', permissions: { Services: ['execute'] } });
    const before = await authenticator.authenticate(basic('app', 'the right one!'));
    configuration.forceMove();
    await configuration.put('role', 'integrator', { description: '', permissions: { 'Security - Users': ['view'] } });
    const after = await authenticator.authenticate(basic('app', 'the right one!'));
    expect([before, after].map((caller) => [caller.may(execute), caller.may(viewUsers)])).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});

test('a flood of guesses is refused before it fills the node, and the verified go on', async () => {
  const { authenticator, configuration, admin } = await openNodes();
  await configuration.put('user', 'victim', admin);
  await authenticator.authenticate(basic('admin', 'the right one!'));
  const guesses = Array.from({ length: 40 }, async (_, index) =>
    authenticator.authenticate(basic('victim', `guess-${index}`)),
  );
  expect(authenticator.authenticate(basic('admin', 'the right one!'))).not.toBeInstanceOf(Promise);
  const codes = (await Promise.allSettled(guesses)).map((result) => result.status === 'rejected' && result.reason.code);
  expect(codes.filter((code) => code === 'OVERLOADED')).toHaveLength(32);
  // Two are tried at a time; whoever comes after the first failure has to wait.
  expect(codes.filter((code) => code === 'LOGIN_DELAYED').length).toBeGreaterThan(4);
});

const longestPauseMs = 30_000;

test.each(['app', 'unknown'])('five failures on any nodes lock %s for the right password too', async (name) => {
  const { authenticator, otherNode, configuration, admin, advance } = await openNodes();
  await configuration.put('user', 'app', admin);
  for (let failure = 0; failure < 5; failure++) {
    const node = failure % 2 === 0 ? authenticator : otherNode;
    await expect(async () => node.authenticate(basic(name, `guess-${failure}`))).rejects.toMatchObject({
      code: 'CREDENTIALS_REFUSED',
    });
    advance(longestPauseMs);
  }
  for (const node of [authenticator, otherNode]) {
    await expect(async () => node.authenticate(basic(name, 'the right one!'))).rejects.toMatchObject({
      code: 'USER_LOCKED',
    });
  }
  await configuration.put('user', name, { ...admin, enabled: true });
  expect((await otherNode.authenticate(basic(name, 'the right one!'))).name).toBe(name);
});

test('a login soon after a failed one is told when to try again, and a good one starts the count anew', async () => {
  const { authenticator, configuration, admin, advance } = await openNodes();
  await configuration.put('user', 'app', admin);
  for (let round = 0; round < 3; round++) {
    for (let failure = 0; failure < 4; failure++) {
      await expect(async () => authenticator.authenticate(basic('app', `${round}-${failure}`))).rejects.toThrow();
      if (failure < 3) advance(longestPauseMs);
    }
    // After the fourth failure.
    const pauseMs = 2_000;
    await expect(async () => authenticator.authenticate(basic('app', 'the right one!'))).rejects.toMatchObject({
      code: 'LOGIN_DELAYED',
      facts: { retryAfterMs: pauseMs },
    });
    advance(pauseMs);
    expect((await authenticator.authenticate(basic('app', 'the right one!'))).name).toBe('app');
    advance(timeLimits.verifiedCredentialsMs);
  }
});

test('the administrator is slowed down and never locked', async () => {
  const { authenticator, advance } = await openNodes();
  for (let failure = 0; failure < 12; failure++) {
    await expect(async () => authenticator.authenticate(basic('admin', `guess-${failure}`))).rejects.toThrow();
    advance(longestPauseMs);
  }
  expect((await authenticator.authenticate(basic('admin', 'the right one!'))).name).toBe('admin');
});

test('a runtime table that is away keeps nobody out, and lets nobody in', async () => {
  const { authenticator, table } = await openNodes();
  const away = async () => {
    throw new TableError('unreachable', 'away');
  };
  Object.assign(table, { get: away, put: away, delete: away });
  await expect(async () => authenticator.authenticate(basic('admin', 'wrong'))).rejects.toMatchObject({
    code: 'CREDENTIALS_REFUSED',
  });
  expect((await authenticator.authenticate(basic('admin', 'the right one!'))).name).toBe('admin');
});

describe('the audit log of access is told', () => {
  const requester = { headers: {}, socket: { remoteAddress: '::ffff:10.0.0.7' } };

  async function logIn(name: string, password: string, nodes: Awaited<ReturnType<typeof openNodes>>) {
    nodes.advance(60_000);
    return (async () => nodes.authenticator.authenticate(basic(name, password), requester))().catch(() => undefined);
  }

  test('of a login once, not of every request', async () => {
    const nodes = await openNodes();
    for (let request = 0; request < 5; request++) await logIn('admin', 'the right one!', nodes);
    expect(nodes.events).toEqual([{ what: 'log-in', user: 'admin', host: '10.0.0.7' }]);
  });

  test('of failures, of the lock they lead to, and of logins it refuses', async () => {
    const nodes = await openNodes();
    await nodes.configuration.put('user', 'app', nodes.admin);
    for (let failure = 0; failure < 6; failure++) await logIn('app', `guess ${failure}`, nodes);
    const failed = { what: 'log-in-failed', user: 'app', host: '10.0.0.7' };
    expect(nodes.events).toEqual([
      ...Array(5).fill(failed),
      { what: 'lock', user: 'app', host: '10.0.0.7' },
      { ...failed, detail: 'the user is locked' },
    ]);
  });

  test('of a disabled user, and of an unknown one without the name', async () => {
    const nodes = await openNodes();
    await nodes.configuration.put('user', 'app', { ...nodes.admin, enabled: false });
    await logIn('app', 'the right one!', nodes);
    await logIn('a password typed as a name', 'x', nodes);
    expect(nodes.events.map(({ user, detail }) => [user, detail])).toEqual([
      ['app', 'the user is disabled'],
      [':unknown', undefined],
    ]);
  });
});
