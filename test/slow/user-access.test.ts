import { execFile, execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { environment } from '../../contract/environment.ts';
import { createLoginGuard } from '../../server/cluster/index.ts';
import {
  bootstrapConfiguration,
  type Configuration,
  openConfiguration,
  type User,
} from '../../server/configuration/index.ts';
import { systemClock } from '../../server/foundation/clock.ts';
import { verifyPassword } from '../../server/http/security/passwords.ts';
import { cheapHash } from '../support/cheap-hash.ts';
import { startTestTables, type TestTables } from '../support/table-server.ts';

const root = resolve(__dirname, '../..');
let tables: TestTables;
const opened: Configuration[] = [];
beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/build.js'), '--when-stale'], { cwd: root });
  tables = await startTestTables();
}, 60_000);
afterAll(async () => {
  for (const configuration of opened) await configuration.close();
  await tables.close();
});

async function openLockedUser() {
  const configuration = await openConfiguration({ table: await tables.create('configuration'), clusterName: 'test' });
  opened.push(configuration);
  await bootstrapConfiguration(configuration, { hashPassword: cheapHash, adminPassword: 'secret secret!' });
  if (!configuration.snapshot().find('user', 'ada')) {
    const value = { passwordHash: await cheapHash('old'), enabled: false };
    await configuration.write({ kind: 'user', name: 'ada', operation: 'put', value, expected: 'absent', by: 'test' });
  }
  const table = await tables.open('runtime');
  const guard = createLoginGuard({ table, clusterName: 'test', clock: systemClock, neverLocked: ['admin'] });
  const ada = () => configuration.snapshot().find<User>('user', 'ada');
  const standing = async () => (await guard.standing({ name: 'ada', epoch: 1, revision: ada()?.revision ?? 0 })).kind;
  for (let failure = 0; failure < 5; failure++)
    await guard.failed({ name: 'ada', epoch: 1, revision: ada()?.revision ?? 0 });
  expect(await standing()).toBe('locked');
  const catchUp = (revision: number) => configuration.waitFor(revision, 5_000);
  return { configuration, ada, standing, catchUp };
}

async function run(words: readonly string[], variables: Record<string, string> = {}): Promise<{ password?: string }> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist/user-access.cjs'), ...words], {
    env: {
      ...process.env,
      [environment.configurationTable]: 'configuration',
      [environment.runtimeTable]: 'runtime',
      [environment.configurationEndpoint]: tables.endpoint,
      [environment.clusterName]: 'test',
      ...variables,
    },
  });
  return JSON.parse(stdout);
}

test('a locked user is unlocked and keeps everything else', async () => {
  const { configuration, ada, standing, catchUp } = await openLockedUser();
  const before = ada();
  const { revision } = configuration.snapshot();
  expect(await run(['unlock', 'ada'])).toEqual({ user: 'ada' });
  await catchUp(revision + 1);
  expect([await standing(), ada()?.value]).toEqual(['open', before?.value]);
});

test('a reset gives a password, lets the user in and ends the tokens', async () => {
  const { configuration, ada, standing, catchUp } = await openLockedUser();
  const { revision } = configuration.snapshot();
  const { password = '' } = await run(['reset', 'ada']);
  await catchUp(revision + 1);
  expect(password).toMatch(/^\w{19}@$/);
  expect(ada()?.value).toMatchObject({ enabled: true, tokenGeneration: 1 });
  expect([await standing(), await verifyPassword(password, ada()?.value.passwordHash ?? '')]).toEqual(['open', true]);
  expect(await run(['reset', 'ada'], { SPECTRUM_NEW_PASSWORD: 'given by me!' })).toMatchObject({
    password: 'given by me!',
  });
});

test.each<[string, string[], Record<string, string>, string]>([
  ['an unknown user', ['reset', 'nobody'], {}, 'There is no user "nobody"; use ada, admin'],
  ['a password against the policy', ['reset', 'ada'], { SPECTRUM_NEW_PASSWORD: 'short' }, 'send text of 8 to 256'],
])('%s is refused with a sentence', async (_title, words, variables, sentence) => {
  await expect(run(words, variables)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
});
